import { at, key, listOf, membersOf, same, textsOf, within } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';
import { statementsOf } from '../statements.ts';

/** The roles that services take on, and all that they may. */
const rolesOfServices: Readonly<Record<string, { service: string; policies?: string[]; actions?: string[] }>> = {
  FlowLogRole: {
    service: 'vpc-flow-logs',
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
  },
  ApiGatewayLogRole: { service: 'apigateway', policies: ['AmazonAPIGatewayPushToCloudWatchLogs'] },
  CodeDeployRole: { service: 'codedeploy', policies: ['AWSCodeDeployRoleForLambda'] },
  ScheduleRole: {
    service: 'scheduler',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'lambda:InvokeFunction', 'sqs:SendMessage'],
  },
};

/** What an operator looks for by its name, and the name. */
const names: Readonly<Record<string, readonly [property: string, name: string]>> = {
  MainFunction: ['FunctionName', 'the-stack-main'],
  AllocationFunction: ['FunctionName', 'the-stack-allocation'],
  ConsoleFunction: ['FunctionName', 'the-stack-console'],
  AllocationWorker: ['FunctionName', 'the-stack-allocation-worker'],
  MigrateFunction: ['FunctionName', 'the-stack-migrate'],
  MainLogs: ['LogGroupName', '/aws/lambda/the-stack-main'],
  AllocationLogs: ['LogGroupName', '/aws/lambda/the-stack-allocation'],
  AllocationWorkerLogs: ['LogGroupName', '/aws/lambda/the-stack-allocation-worker'],
  ConsoleLogs: ['LogGroupName', '/aws/lambda/the-stack-console'],
  AuthorizerLogs: ['LogGroupName', '/aws/lambda/the-stack-authorizer'],
  MigrateLogs: ['LogGroupName', '/aws/lambda/the-stack-migrate'],
  PreTrafficLogs: ['LogGroupName', '/aws/lambda/CodeDeployHook_the-stack'],
  AccessLogs: ['LogGroupName', '/aws/apigateway/the-stack'],
  FlowLogs: ['LogGroupName', '/aws/vpc/the-stack'],
  AllocationQueue: ['QueueName', 'the-stack-allocation.fifo'],
  AllocationDeadLetterQueue: ['QueueName', 'the-stack-allocation-dead-letters.fifo'],
  DBCluster: ['DBClusterIdentifier', 'the-stack'],
  AlarmTopic: ['TopicName', 'the-stack-alarms'],
  KeyAlias: ['AliasName', 'alias/the-stack'],
};

const policyTypes = ['AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'];
const policiesOf = (rendering: Rendering) =>
  policyTypes.flatMap((type) =>
    ofType(rendering, type).flatMap(([id, each]) =>
      [...within(each.Properties)]
        .map(membersOf)
        .flatMap((value) => ('Statement' in value ? [{ id, policy: value }] : [])),
    ),
  );

export const serviceRules: readonly Rule[] = [
  {
    name: 'the roles of services are for their service and allow what it needs',
    check: inEach(function* (rendering) {
      for (const [id, { service, policies = [], actions = [] }] of Object.entries(rolesOfServices)) {
        const role = rendering.resources[id];
        if (!role) continue;
        const trust = membersOf(listOf(property(role, 'AssumeRolePolicyDocument/Statement'))[0]);
        if (!same(trust.Principal, { Service: `${service}.amazonaws.com` }))
          yield `${id} is for ${key(trust.Principal)}`;
        const attached = textsOf(property(role, 'ManagedPolicyArns')).map((arn) => arn.split('/').at(-1) ?? '');
        const allowed = statementsOf(rendering, id)
          .filter(({ effect }) => effect === 'Allow')
          .flatMap((statement) => statement.actions);
        if (!same(attached, policies) || !same(allowed.sort(), actions))
          yield `${id} allows ${[...attached, ...allowed].join()}`;
      }
    }),
    defects: {
      'the flow log cannot write': edit('FlowLogRole/Properties/Policies'),
      'deployments may do nothing': edit('CodeDeployRole/Properties/ManagedPolicyArns'),
      'API Gateway may do nothing': edit('ApiGatewayLogRole/Properties/ManagedPolicyArns'),
      'a role is for another service': edit(
        'CodeDeployRole/Properties/AssumeRolePolicyDocument/Statement/0/Principal/Service',
        'codepipeline.amazonaws.com',
      ),
    },
  },
  {
    name: 'every policy is of the language of 2012 and says in every statement what it does',
    check: inEach(function* (rendering) {
      for (const { id, policy } of policiesOf(rendering)) {
        if (policy.Version !== '2012-10-17') yield `${id} has a policy of 2008`;
        if (listOf(policy.Statement).length === 0) yield `${id} has an empty policy`;
        for (const { Effect, Action, Resource, Principal } of listOf(policy.Statement).map(membersOf)) {
          if (Effect !== 'Allow' && Effect !== 'Deny') yield `${id} does not say whether it allows`;
          if (listOf(Action).length === 0) yield `${id} says nothing of actions`;
          if (Resource === undefined && (Principal === undefined || !key(Action).includes('sts:')))
            yield `${id} says nothing of resources`;
        }
      }
    }),
    defects: {
      'another language': edit('MainFunctionRole/Properties/Policies/0/PolicyDocument/Version', '2008-10-17'),
      'no effect': edit('Key/Properties/KeyPolicy/Statement/0/Effect'),
      'no resource': edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Resource'),
      'nobody takes a role on': edit('FlowLogRole/Properties/AssumeRolePolicyDocument/Statement/0'),
    },
  },
  {
    name: 'policies refuse plain text for every action of a queue and every message to a topic',
    check: inEach(function* (rendering) {
      for (const [type, member, action] of [
        ['AWS::SQS::QueuePolicy', 'Queues', 'sqs:*'],
        ['AWS::SNS::TopicPolicy', 'Topics', 'sns:Publish'],
      ] as const) {
        for (const [id, each] of ofType(rendering, type)) {
          const refusal = listOf(property(each, 'PolicyDocument/Statement'))
            .map(membersOf)
            .find(({ Effect }) => Effect === 'Deny');
          if (refusal?.Action !== action) yield `${id} refuses ${key(refusal?.Action)}`;
          if (listOf(refusal?.Resource).length !== listOf(property(each, member)).length) yield `${id} leaves one out`;
        }
      }
    }),
    defects: {
      'of some actions': edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Action', 'sqs:SendMessage'),
      'of one queue': edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Resource/1'),
    },
  },
  {
    name: 'alarms may publish to the topic',
    check: inEach(function* (rendering) {
      const granted = ofType(rendering, 'AWS::SNS::TopicPolicy')
        .flatMap(([, each]) => listOf(property(each, 'PolicyDocument/Statement')))
        .map(membersOf)
        .some(
          ({ Effect, Principal, Action, Resource }) =>
            Effect === 'Allow' &&
            same(Principal, { Service: 'cloudwatch.amazonaws.com' }) &&
            Action === 'sns:Publish' &&
            same(Resource, { Ref: 'AlarmTopic' }),
        );
      if (!granted) yield 'no alarm reaches the topic';
    }),
    defects: {
      'they may not': edit('AlarmTopicPolicy/Properties/PolicyDocument/Statement/0'),
      'events may': edit(
        'AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Principal/Service',
        'events.amazonaws.com',
      ),
    },
  },
  {
    name: 'what an operator looks for has its name',
    check: inEach(function* (rendering) {
      for (const [id, [path, name]] of Object.entries(names)) {
        const found = property(rendering.resources[id], path);
        if (found !== name) yield `${id} is called ${key(found)}`;
      }
    }),
    defects: {
      'logs of the API': edit('AccessLogs/Properties/LogGroupName'),
      'a function': edit('MainFunction/Properties/FunctionName'),
      'the key': edit('KeyAlias/Properties/AliasName', { 'Fn::Sub': `alias/\${AWS::StackName}-2` }),
    },
  },
  {
    name: 'the network is as wide as the parameter says, on shared machines',
    check: inEach(function* (rendering) {
      const { CidrBlock, InstanceTenancy } = membersOf(rendering.resources.VPC?.Properties);
      if (CidrBlock !== rendering.parameters.VpcCidr) yield `it is ${key(CidrBlock)}`;
      if ((InstanceTenancy ?? 'default') !== 'default') yield 'it has machines of its own';
      for (const type of ['Subnet', 'SecurityGroup', 'RouteTable', 'VPCGatewayAttachment']) {
        for (const [id, each] of ofType(rendering, `AWS::EC2::${type}`))
          if (!same(property(each, 'VpcId'), { Ref: 'VPC' })) yield `${id} is in another network`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::EC2::Route'))
        if (property(each, 'DestinationCidrBlock') !== '0.0.0.0/0') yield `${id} leads elsewhere`;
    }),
    defects: {
      'it is written down': edits(edit('VPC/Properties/CidrBlock', '10.1.0.0/16')),
      'it is dear': edit('VPC/Properties/InstanceTenancy', 'dedicated'),
      'a group of the default network': edit('DBSecurityGroup/Properties/VpcId'),
      'a route for one block': edit('PublicRoute/Properties/DestinationCidrBlock', '10.0.0.0/8'),
    },
  },
  {
    name: 'instances take the small updates by themselves and say what they do',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::RDS::DBInstance')) {
        if (property(each, 'AutoMinorVersionUpgrade') !== true) yield `${id} stays vulnerable`;
        if (property(each, 'EnablePerformanceInsights') !== true) yield `${id} does not say what is slow`;
        if (each.UpdateReplacePolicy !== 'Delete') yield `${id} asks for a snapshot that only the cluster can make`;
      }
      const standby = rendering.resources.DBStandby;
      if (standby && !textsOf(standby.DependsOn).includes('DBInstance')) yield 'which one writes is left to chance';
    }),
    defects: {
      'no updates': edit('DBInstance/Properties/AutoMinorVersionUpgrade', false),
      'no insight': edit('DBStandby/Properties/EnablePerformanceInsights'),
    },
  },
  {
    name: 'what is kept for others outlives the stack, and nothing else does',
    check: inEach(function* (rendering) {
      const kept = new Set([
        'AWS::KMS::Key',
        'AWS::Cognito::UserPool',
        'AWS::ApiGateway::Account',
        'AWS::Lambda::LayerVersion',
        'AWS::Lambda::Version',
      ]);
      for (const [id, each] of Object.entries(rendering.resources)) {
        const { DeletionPolicy, UpdateReplacePolicy, Type } = each;
        const isKept = kept.has(Type) || id === 'ApiGatewayLogRole';
        if (isKept && DeletionPolicy !== 'Retain') yield `${id} ends with the stack`;
        if (!isKept && DeletionPolicy === 'Retain') yield `${id} is left behind`;
        const ofSam = Type.startsWith('AWS::Lambda::'); // which names the one policy alone
        if (!ofSam && DeletionPolicy !== UpdateReplacePolicy) yield `${id} fares otherwise when it is replaced`;
      }
    }),
    defects: {
      'the account is lost when replaced': edit('ApiGatewayAccount/UpdateReplacePolicy'),
      'a queue is left behind': edit('AllocationQueue/DeletionPolicy', 'Retain'),
      'the secret fares otherwise': edit('ApplicationSecret/UpdateReplacePolicy', 'Retain'),
    },
  },
  {
    name: 'the parts of the user pool are of the one pool',
    check: inEach(function* (rendering) {
      for (const type of ['UserPoolClient', 'UserPoolDomain', 'UserPoolResourceServer']) {
        for (const [id, each] of ofType(rendering, `AWS::Cognito::${type}`))
          if (!same(property(each, 'UserPoolId'), { Ref: 'UserPool' })) yield `${id} is of another pool`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::Cognito::UserPool')) {
        const policy = membersOf(property(each, 'Policies/PasswordPolicy'));
        for (const name of ['Lowercase', 'Uppercase', 'Numbers', 'Symbols'])
          if (policy[`Require${name}`] !== true) yield `${id} takes passwords without ${name}`;
        if (!same(property(each, 'EnabledMfas'), ['SOFTWARE_TOKEN_MFA'])) yield `${id} sends codes by text`;
        if (at(property(each, 'AccountRecoverySetting'), 'RecoveryMechanisms/0/Name') !== 'admin_only')
          yield `${id} lets a thief recover`;
        const days = Number(policy.TemporaryPasswordValidityDays ?? 7);
        if (!(days >= 1 && days <= 7)) yield `${id} takes a first password for ${days} days`;
      }
      for (const [id, each] of ofType(rendering, 'AWS::Cognito::UserPoolDomain'))
        if (property(each, 'Domain') !== 'inventory-0b1c2d3e-0000-4000-8000-000000000000')
          yield `${id} is not where GetToken says`;
    }),
    defects: {
      'simple passwords': edit('UserPool/Properties/Policies/PasswordPolicy/RequireSymbols'),
      'a first password for a year': edit(
        'UserPool/Properties/Policies/PasswordPolicy/TemporaryPasswordValidityDays',
        365,
      ),
      'codes by text': edit('UserPool/Properties/EnabledMfas/0', 'SMS_MFA'),
      'another domain': edit('UserPoolDomain/Properties/Domain', { 'Fn::Sub': `\${AWS::StackName}-inventory` }),
    },
  },
];
