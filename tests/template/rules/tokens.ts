import { scopes } from '@inventory/schemas';
import { at, key, listOf, membersOf, same, textsOf } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property } from '../stack.ts';

const client = 'UserPoolClient/Properties';

export const tokenRules: readonly Rule[] = [
  {
    name: 'the user pool knows the scopes of the contracts, in their words',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::Cognito::UserPoolResourceServer')) {
        const known = Object.fromEntries(
          listOf(property(each, 'Scopes')).map((scope) => [
            String(at(scope, 'ScopeName')),
            at(scope, 'ScopeDescription') ?? '',
          ]),
        );
        if (!same(known, scopes)) yield `${id} knows ${Object.keys(known)}`;
        if (property(each, 'Identifier') !== rendering.parameters.JwtAudience) yield `${id} has another name`;
      }
    }),
    defects: {
      'one is missing': edit('Scopes/Properties/Scopes/6'),
      'one too many': edit('Scopes/Properties/Scopes/-', { ScopeName: 'admin', ScopeDescription: 'Everything' }),
      'one is mistyped': edit('Scopes/Properties/Scopes/4/ScopeName', 'allocate:execute'),
    },
  },
  {
    name: 'a machine gets tokens with the scopes of the contracts, for an hour, by its secret alone',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::Cognito::UserPoolClient')) {
        const allowed = Object.keys(scopes).map((scope) => `${rendering.parameters.JwtAudience}/${scope}`);
        if (!same(textsOf(property(each, 'AllowedOAuthScopes')).sort(), allowed.sort()))
          yield `${id} gets other scopes`;
        if (!same(property(each, 'AllowedOAuthFlows'), ['client_credentials']))
          yield `${id} gets tokens in another way`;
        if (property(each, 'GenerateSecret') !== true) yield `${id} has no secret`;
        if (property(each, 'AllowedOAuthFlowsUserPoolClient') !== true) yield `${id} gets none`;
        if (!same(property(each, 'ExplicitAuthFlows'), ['ALLOW_REFRESH_TOKEN_AUTH'])) yield `${id} takes passwords`;
        const unit = property(each, 'TokenValidityUnits/AccessToken');
        if (!(Number(property(each, 'AccessTokenValidity')) <= 60) || unit !== 'minutes')
          yield `${id}'s tokens live for long`;
        if (property(each, 'EnableTokenRevocation') !== true) yield `${id}'s tokens cannot be taken back`;
        if (property(each, 'PreventUserExistenceErrors') !== 'ENABLED') yield `${id} tells who exists`;
        if (!listOf(each.DependsOn).includes('Scopes')) yield `${id} may come before its scopes`;
      }
    }),
    defects: {
      'without a secret': edit(`${client}/GenerateSecret`, false),
      'by the implicit flow': edit(`${client}/AllowedOAuthFlows`, ['implicit']),
      'by passwords': edit(`${client}/ExplicitAuthFlows/-`, 'ALLOW_USER_PASSWORD_AUTH'),
      'for a day': edit(`${client}/AccessTokenValidity`, 1440),
      'a scope less': edit(`${client}/AllowedOAuthScopes/0`),
      'before its scopes': edit('UserPoolClient/DependsOn'),
    },
  },
  {
    name: 'the user pool lets nobody register and cannot be deleted where it counts',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::Cognito::UserPool')) {
        const isDevelopment = rendering.parameters.Environment === 'dev';
        if (property(each, 'AdminCreateUserConfig/AllowAdminCreateUserOnly') !== true) yield `${id} lets anybody in`;
        if (property(each, 'MfaConfiguration') !== 'ON') yield `${id} trusts a password`;
        if (Number(property(each, 'Policies/PasswordPolicy/MinimumLength') ?? 8) < 12)
          yield `${id} takes short passwords`;
        if (property(each, 'DeletionProtection') !== (isDevelopment ? 'INACTIVE' : 'ACTIVE'))
          yield `${id} can be deleted, or not`;
        if (each.DeletionPolicy !== 'Retain' || each.UpdateReplacePolicy !== 'Retain')
          yield `${id} ends with the stack`;
      }
    }),
    defects: {
      'anybody may register': edit('UserPool/Properties/AdminCreateUserConfig'),
      'it can be deleted': edit('UserPool/Properties/DeletionProtection'),
      'it ends with the stack': edit('UserPool/DeletionPolicy'),
      'a password is enough': edit('UserPool/Properties/MfaConfiguration', 'OFF'),
    },
  },
  {
    name: 'there is a user pool exactly where no issuer is given',
    check: inEach(function* (rendering) {
      const expected = rendering.parameters.JwtIssuer === '' ? 1 : 0;
      for (const type of ['UserPool', 'UserPoolClient', 'UserPoolDomain', 'UserPoolResourceServer']) {
        const found = ofType(rendering, `AWS::Cognito::${type}`).length;
        if (found !== expected) yield `there are ${found} of ${type}`;
      }
      if (membersOf(rendering.outputs.GetToken).Value === undefined) yield 'nobody knows how to get a token';
    }),
    seenIn: 'options',
    defects: {
      always: edits(...['UserPool', 'UserPoolClient', 'UserPoolDomain', 'Scopes'].map((id) => edit(`${id}/Condition`))),
      'turned round': edit('/Conditions/BringsUserPool', { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'JwtIssuer' }, ''] }] }),
      'it stays a little': edit('UserPoolDomain/Condition'),
    },
  },
];

export const outputRules: readonly Rule[] = [
  {
    name: 'the outputs say where the stack is, how to call it and how to get a token',
    check: inEach(function* (rendering) {
      const address = `https://\${Api}.execute-api.us-east-1.amazonaws.com/\${Apiv1Stage}`;
      const alias = (id: string) => ({ Ref: `${id}Aliaslive` });
      const expected: Readonly<Record<string, unknown>> = {
        ApiUrl: { 'Fn::Sub': address },
        FirstCall: { 'Fn::Sub': `curl -H "Authorization: Bearer $TOKEN" ${address}/orders` },
        ReleaseId: rendering.parameters.ReleaseId,
        MainFunctionAlias: alias('MainFunction'),
        AllocationFunctionAlias: alias('AllocationFunction'),
        AllocationWorkerAlias: alias('AllocationWorker'),
        CodeDeployApplication: { Ref: 'ServerlessDeploymentApplication' },
        PreTrafficHook: { Ref: 'PreTrafficHook' },
        DatabaseName: rendering.parameters.DatabaseName,
        AllocationQueueUrl: { Ref: 'AllocationQueue' },
        AlarmTopicArn: { Ref: 'AlarmTopic' },
        ClusterArn: { 'Fn::GetAtt': ['DBCluster', 'DBClusterArn'] },
        ApplicationSecretArn: { Ref: 'ApplicationSecret' },
        MasterSecretArn: { 'Fn::GetAtt': ['DBCluster', 'MasterUserSecret.SecretArn'] },
        DashboardUrl: {
          'Fn::Sub': `https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards:name=\${Dashboard}`,
        },
      };
      for (const [id, value] of Object.entries(expected)) {
        const found = membersOf(rendering.outputs[id]).Value;
        if (key(found) !== key(value as never)) yield `${id} is ${key(found)}`; // JSON, by what stands above
      }
      const token = key(membersOf(rendering.outputs.GetToken).Value);
      const source =
        rendering.parameters.JwtIssuer === '' ? /oauth2\/token.*client_credentials/ : /issuer\.example\.com/;
      if (!source.test(token)) yield `GetToken is ${token}`;
    }),
    defects: {
      'no address': edit('/Outputs/ApiUrl'),
      'the address without the stage': edit('/Outputs/ApiUrl/Value', {
        'Fn::Sub': `https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`,
      }),
      'no first call': edit('/Outputs/FirstCall'),
      'no way to a token': edit('/Outputs/GetToken'),
      'an alias is a function': edit('/Outputs/MainFunctionAlias/Value', { 'Fn::GetAtt': ['MainFunction', 'Arn'] }),
      'no application': edit('/Outputs/CodeDeployApplication'),
    },
  },
  {
    name: 'every output is described, and none shows a secret',
    check: inEach(function* (rendering) {
      for (const [id, output] of Object.entries(rendering.outputs)) {
        const { Description, Value, Export } = membersOf(output);
        if (typeof Description !== 'string') yield `${id} is not described`;
        if (/ClientSecret"|resolve:|Password/.test(key(Value))) yield `${id} shows a secret`;
        if (Export !== undefined) yield `${id} ties another stack to this one`;
      }
    }),
    defects: {
      'the secret of the client': edit('/Outputs/Secret', {
        Description: 'Of the client',
        Value: { 'Fn::GetAtt': ['UserPoolClient', 'ClientSecret'] },
      }),
      'one is not described': edit('/Outputs/ApiUrl/Description'),
    },
  },
];
