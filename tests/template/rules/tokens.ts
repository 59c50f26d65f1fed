import { scopes } from '@inventory/schemas';
import { plannerScopes } from '../../../functions/console/settings.ts';
import { at, key, listOf, membersOf, same, textsOf } from '../json.ts';
import { stackIdentity } from '../resolve.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const client = 'UserPoolClient/Properties';
const page = 'ConsoleClient/Properties';
const clients = (rendering: Rendering) => ofType(rendering, 'AWS::Cognito::UserPoolClient');
const ofPool = ['ConsoleClient', 'Scopes', 'UserPool', 'UserPoolClient', 'UserPoolDomain'];
const withServer = (rendering: Rendering, names: readonly string[]) =>
  names.map((name) => `${rendering.parameters.JwtAudience}/${name}`).sort();

function* toldItsClient(rendering: Rendering) {
  const { JwtIssuer, ConsoleClientId = '' } = rendering.parameters;
  const client = JwtIssuer === '' ? { Ref: 'ConsoleClient' } : ConsoleClientId;
  const expected = client === '' ? undefined : { ConsoleClientId: client };
  for (const [id, each] of ofType(rendering, 'AWS::ApiGateway::Stage'))
    if (!same(property(each, 'Variables'), expected)) yield `${id} says ${key(property(each, 'Variables'))}`;
}

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
    name: 'a machine gets tokens with the scopes of the contracts by its secret alone',
    check: inEach(function* (rendering) {
      for (const [id, each] of clients(rendering).filter(([name]) => name === 'UserPoolClient')) {
        const allowed = withServer(rendering, Object.keys(scopes));
        if (!same(textsOf(property(each, 'AllowedOAuthScopes')).sort(), allowed)) yield `${id} gets other scopes`;
        if (!same(property(each, 'AllowedOAuthFlows'), ['client_credentials']))
          yield `${id} gets tokens in another way`;
        if (property(each, 'GenerateSecret') !== true) yield `${id} has no secret`;
      }
    }),
    defects: {
      'without a secret': edit(`${client}/GenerateSecret`, false),
      'by the implicit flow': edit(`${client}/AllowedOAuthFlows`, ['implicit']),
      'a scope less': edit(`${client}/AllowedOAuthScopes/0`),
    },
  },
  {
    name: 'a planner gets tokens for what the page does, by a code that goes back to the page alone',
    check: inEach(function* (rendering) {
      for (const [id, each] of clients(rendering).filter(([name]) => name === 'ConsoleClient')) {
        const allowed = withServer(rendering, plannerScopes);
        if (!same(textsOf(property(each, 'AllowedOAuthScopes')).sort(), allowed)) yield `${id} gets other scopes`;
        if (!same(property(each, 'AllowedOAuthFlows'), ['code'])) yield `${id} gets tokens in another way`;
        if (property(each, 'GenerateSecret') !== false) yield `${id} would have to keep a secret in a browser`;
        const back = { 'Fn::Sub': `https://\${Api}.execute-api.us-east-1.amazonaws.com/v1/console` };
        if (!same(property(each, 'CallbackURLs'), [back])) yield `${id} sends the code elsewhere`;
        const unit = property(each, 'TokenValidityUnits/RefreshToken');
        if (!(Number(property(each, 'RefreshTokenValidity')) <= 12) || unit !== 'hours')
          yield `${id} signs nobody out at night`;
      }
    }),
    defects: {
      'the token in the address': edit(`${page}/AllowedOAuthFlows`, ['implicit']),
      'with a secret': edit(`${page}/GenerateSecret`, true),
      'the code goes elsewhere': edit(`${page}/CallbackURLs/-`, 'https://example.com/console'),
      'the code goes to another path': edit(`${page}/CallbackURLs/0`, {
        'Fn::Sub': `https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/console`,
      }),
      'it may close months': edit(`${page}/AllowedOAuthScopes/-`, { 'Fn::Sub': `\${JwtAudience}/costing:close` }),
      'it may not allocate': edit(`${page}/AllowedOAuthScopes/4`),
      'for a month': edit(`${page}/TokenValidityUnits/RefreshToken`, 'days'),
    },
  },
  {
    name: 'tokens live for an hour, can be taken back, and are given to no password',
    check: inEach(function* (rendering) {
      for (const [id, each] of clients(rendering)) {
        if (property(each, 'AllowedOAuthFlowsUserPoolClient') !== true) yield `${id} gets none`;
        if (!same(property(each, 'ExplicitAuthFlows'), ['ALLOW_REFRESH_TOKEN_AUTH'])) yield `${id} takes passwords`;
        if (!same(property(each, 'SupportedIdentityProviders'), ['COGNITO'])) yield `${id} trusts strangers`;
        const unit = property(each, 'TokenValidityUnits/AccessToken');
        if (!(Number(property(each, 'AccessTokenValidity')) <= 60) || unit !== 'minutes')
          yield `${id}'s tokens live for long`;
        if (property(each, 'EnableTokenRevocation') !== true) yield `${id}'s tokens cannot be taken back`;
        if (property(each, 'PreventUserExistenceErrors') !== 'ENABLED') yield `${id} tells who exists`;
        if (!listOf(each.DependsOn).includes('Scopes')) yield `${id} may come before its scopes`;
      }
    }),
    defects: {
      'by passwords': edit(`${client}/ExplicitAuthFlows/-`, 'ALLOW_USER_PASSWORD_AUTH'),
      'by passwords in the page': edit(`${page}/ExplicitAuthFlows/0`, 'ALLOW_USER_PASSWORD_AUTH'),
      'for a day': edit(`${client}/AccessTokenValidity`, 1440),
      'before its scopes': edit('UserPoolClient/DependsOn'),
      'the page before its scopes': edit('ConsoleClient/DependsOn'),
    },
  },
  {
    name: 'the page is told its client by the stage',
    check: inEach(toldItsClient),
    defects: {
      'no client': edit('Api/Properties/Variables'),
      "the machines'": edit('Api/Properties/Variables/Fn::If/1/ConsoleClientId/Fn::If/1', { Ref: 'UserPoolClient' }),
      'another name': edit('Api/Properties/Variables/Fn::If/1', { ClientId: { Ref: 'ConsoleClient' } }),
    },
  },
  {
    name: 'the page is told its client of an issuer of its own',
    check: inEach(toldItsClient),
    seenIn: 'options',
    defects: {
      never: edit('/Conditions/SignsIn', { 'Fn::Equals': [{ Ref: 'JwtIssuer' }, ''] }),
      'another parameter': edit('Api/Properties/Variables/Fn::If/1/ConsoleClientId/Fn::If/2', { Ref: 'JwtAudience' }),
    },
  },
  {
    name: 'the page is told of no client where there is none',
    check: inEach(toldItsClient),
    seenIn: 'issuer',
    defects: {
      always: edit('/Conditions/SignsIn', { 'Fn::Equals': [{ Ref: 'JwtIssuer' }, { Ref: 'JwtIssuer' }] }),
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
      const parts = rendering.parameters.JwtIssuer === '' ? ofPool : [];
      const found = Object.entries(rendering.resources).filter(([, { Type }]) => Type.startsWith('AWS::Cognito::'));
      if (!same(found.map(([id]) => id).sort(), parts)) yield `there are ${found.map(([id]) => id).join()}`;
      if (membersOf(rendering.outputs.GetToken).Value === undefined) yield 'nobody knows how to get a token';
    }),
    seenIn: 'options',
    defects: {
      always: edits(...ofPool.map((id) => edit(`${id}/Condition`))),
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
        ConsoleUrl: { 'Fn::Sub': `${address}/console` },
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
      const { JwtIssuer, JwtAudience } = rendering.parameters;
      const told = membersOf(rendering.outputs.GetToken).Value;
      const token = String(membersOf(told)['Fn::Sub'] ?? told);
      const steps =
        JwtIssuer === ''
          ? [
              `https://inventory-${stackIdentity}.auth.us-east-1.amazoncognito.com/oauth2/token `,
              ` -u "\${UserPoolClient}:$(aws cognito-idp describe-user-pool-client --region us-east-1`,
              ` --user-pool-id \${UserPool} --client-id \${UserPoolClient} --query UserPoolClient.ClientSecret `,
              ' -d grant_type=client_credentials ',
              `s/.*"access_token":"\\([^"]*\\)".*/\\1/`,
            ]
          : [` ${JwtIssuer} `, `audience is ${JwtAudience}`];
      for (const step of steps) if (!token.includes(step)) yield `GetToken says nothing of ${step}`;
    }),
    defects: {
      'no address': edit('/Outputs/ApiUrl'),
      'the address without the stage': edit('/Outputs/ApiUrl/Value', {
        'Fn::Sub': `https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`,
      }),
      'no page': edit('/Outputs/ConsoleUrl'),
      'no first call': edit('/Outputs/FirstCall'),
      'no way to a token': edit('/Outputs/GetToken'),
      'a token of another domain': edit('/Outputs/GetToken/Value/Fn::If/1/Fn::Sub/1/StackIdentity/Fn::Select/0', 1),
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
