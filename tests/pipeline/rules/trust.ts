import { key, listOf, membersOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { edit, editEnvironment, inEach, type Rule } from '../rule.ts';
import { account, type PipelineRendering } from '../template.ts';

const trust = (role: string) => `${role}/Properties/AssumeRolePolicyDocument/Statement/0`;

/** Whom a role trusts: a service for one thing of this account, or one role by its name. */
function expectedIn(
  rendering: PipelineRendering,
): Readonly<Record<string, readonly [principal: unknown, condition: unknown]>> {
  const name = String(rendering.parameters.ProjectName);
  const service = (prefix: string, kind: string, thing: string) =>
    [
      { Service: `${prefix}.amazonaws.com` },
      {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:aws:${prefix}:us-east-1:${account}:${kind}${thing}` },
      },
    ] as const;
  const project = (thing: string) => service('codebuild', 'project/', `${name}-${thing}`);
  return {
    CodePipelineServiceRole: service('codepipeline', '', name),
    SourceRuleRole: service('events', 'rule/', `${name}-source`),
    CheckServiceRole: project('check'),
    CodeBuildServiceRole: project('build'),
    TestServiceRole: project('test'),
    ChangesServiceRole: project('changes'),
    DeployStageServiceRole: project('deploy-stage'),
    DeployProdServiceRole: project('deploy-prod'),
  };
}

export const trustRules: readonly Rule[] = [
  {
    name: 'a role of the pipeline is taken on by its service, for its one purpose in this account',
    check: inEach(function* (rendering) {
      const expected = expectedIn(rendering);
      for (const [id, role] of ofType(rendering, 'AWS::IAM::Role')) {
        const [principal, condition] = expected[id] ?? [];
        const statements = [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition }];
        const found = property(role, 'AssumeRolePolicyDocument/Statement');
        if (key(found) !== key(statements as never)) yield `${id} is for ${key(found)}`; // plain data
      }
    }),
    defects: {
      "any account's pipelines": edit(`${trust('CodePipelineServiceRole')}/Condition`),
      'any pipeline': edit(`${trust('CodePipelineServiceRole')}/Condition/ArnLike`),
      'any project': edit(`${trust('CodeBuildServiceRole')}/Condition/ArnLike`),
      'whoever says nothing': edit(`${trust('CodeBuildServiceRole')}/Condition`, {
        StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      }),
      anybody: edit(`${trust('DeployProdServiceRole')}/Principal`, { AWS: '*' }),
      'a second service': edit(`${trust('CodeBuildServiceRole')}/Principal/Service`, [
        'codebuild.amazonaws.com',
        'ec2.amazonaws.com',
      ]),
      'a second statement': edit('TestServiceRole/Properties/AssumeRolePolicyDocument/Statement/-', {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::999988887777:root' },
        Action: 'sts:AssumeRole',
      }),
      'any rule': edit(`${trust('SourceRuleRole')}/Condition`),
      'a role for nothing': edit('Spare', {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Principal: { Service: 'codebuild.amazonaws.com' }, Action: 'sts:AssumeRole' },
            ],
          },
        },
      }),
    },
  },
  {
    name: 'a role of an environment is taken on by one role of the pipeline, or by CloudFormation',
    check: inEach(function* (rendering) {
      const name = rendering.parameters.ProjectName;
      const names = ofType(rendering, 'AWS::IAM::Role').map(([, role]) => property(role, 'RoleName'));
      for (const environment of rendering.environments) {
        const runner = `pipeline-${name}-${environment.parameters.Environment}-runner`;
        const byRole: Readonly<Record<string, string>> = {
          PipelineExecutionRole: runner,
          StackStateRole: `pipeline-${name}-check`,
        };
        for (const [id, role] of ofType(environment, 'AWS::IAM::Role')) {
          const by = byRole[id];
          if (by && !names.includes(by)) yield `${id} is for ${by}, which is not there`;
          const root = `arn:aws:iam::${environment.parameters.PipelineAccount}`;
          const expected = by
            ? {
                Effect: 'Allow',
                Principal: { AWS: `${root}:root` },
                Action: 'sts:AssumeRole',
                Condition: { ArnEquals: { 'aws:PrincipalArn': `${root}:role/${by}` } },
              }
            : {
                Effect: 'Allow',
                Principal: { Service: 'cloudformation.amazonaws.com' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'aws:SourceAccount': account } },
              };
          const found = listOf(property(role, 'AssumeRolePolicyDocument/Statement'));
          if (!same(found, [expected])) yield `${id} is for ${key(found)}`;
        }
      }
    }),
    defects: {
      'anybody of the account': editEnvironment(`${trust('PipelineExecutionRole')}/Condition`),
      'any role of the account': editEnvironment(
        `${trust('PipelineExecutionRole')}/Condition/ArnEquals/aws:PrincipalArn`,
        {
          'Fn::Sub': `arn:\${AWS::Partition}:iam::\${PipelineAccount}:role/*`,
        },
      ),
      'any account': editEnvironment(`${trust('PipelineExecutionRole')}/Principal/AWS`, '*'),
      'the build': editEnvironment(`${trust('PipelineExecutionRole')}/Condition/ArnEquals/aws:PrincipalArn`, {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${PipelineAccount}:role/pipeline-\${ProjectName}-check`,
      }),
      'a runner of another name': edit('DeployProdServiceRole/Properties/RoleName', 'deployer'),
      'a runner without a name': edit('DeployStageServiceRole/Properties/RoleName'),
      'any CloudFormation': editEnvironment(`${trust('CloudFormationExecutionRole')}/Condition`),
      'Lambda beside CloudFormation': editEnvironment(`${trust('CloudFormationExecutionRole')}/Principal/Service`, [
        'cloudformation.amazonaws.com',
        'lambda.amazonaws.com',
      ]),
    },
  },
  {
    name: 'the pipeline and the environments call each role, boundary, bucket and key by the same name',
    check: inEach(function* (rendering) {
      for (const environment of rendering.environments) {
        const name = String(environment.parameters.Environment);
        const id = name === 'stage' ? 'DeployStageProject' : 'DeployProdProject';
        const elsewhere = rendering.parameters[`${name === 'stage' ? 'Stage' : 'Prod'}Account`];
        const owner = elsewhere === '' ? account : String(elsewhere);
        const own = (resource: string, member: string) => property(environment.resources[resource], member);
        const expected: Readonly<Record<string, string>> = {
          DEPLOY_ROLE_ARN: `arn:aws:iam::${owner}:role/${own('PipelineExecutionRole', 'RoleName')}`,
          CLOUDFORMATION_ROLE_ARN: `arn:aws:iam::${owner}:role/${own('CloudFormationExecutionRole', 'RoleName')}`,
          PERMISSIONS_BOUNDARY: `arn:aws:iam::${owner}:policy/${own('Boundary', 'ManagedPolicyName')}`,
          ARTIFACT_BUCKET: String(own('ArtifactsBucket', 'BucketName')).replace(account, owner),
          ARTIFACT_KEY: `arn:aws:kms:us-east-1:${owner}:${own('ArtifactsKeyAlias', 'AliasName')}`,
        };
        const variables = listOf(property(rendering.resources[id], 'Environment/EnvironmentVariables')).map(membersOf);
        for (const [variable, value] of Object.entries(expected)) {
          const found = variables.find(({ Name }) => Name === variable)?.Value;
          if (found !== value) yield `${id}: ${variable} is ${key(found)}, not ${value}`;
        }
        const asks = key(rendering.resources.Pipeline);
        const state = `arn:aws:iam::${owner}:role/${own('StackStateRole', 'RoleName')}`;
        if (!asks.includes(state)) yield `nobody asks as ${state}`;
      }
    }),
    defects: {
      'a role is renamed': editEnvironment('PipelineExecutionRole/Properties/RoleName', 'deploy'),
      'the state role is renamed': editEnvironment('StackStateRole/Properties/RoleName', 'state'),
      'the bucket is renamed': editEnvironment('ArtifactsBucket/Properties/BucketName', {
        'Fn::Sub': `\${ProjectName}-\${AWS::AccountId}`,
      }),
      'the key is renamed': editEnvironment('ArtifactsKeyAlias/Properties/AliasName', 'alias/key'),
      'the boundary is renamed': editEnvironment('Boundary/Properties/ManagedPolicyName', 'boundary'),
      'the account is forgotten': edit('DeployProdProject/Properties/Environment/EnvironmentVariables/1/Value', {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/pipeline-\${ProjectName}-prod-deploy`,
      }),
      'the account of stage': edit(
        'DeployProdProject/Properties/Environment/EnvironmentVariables/2/Value/Fn::Sub/1/Account/Fn::If/2',
        { Ref: 'StageAccount' },
      ),
      'the account is turned round': edit('/Conditions/ProdIsHere', {
        'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ProdAccount' }, ''] }],
      }),
    },
  },
];
