import { key, listOf, membersOf, same } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';
import { describeStatement, roleOf, type Statement, statementsOf } from '../statements.ts';

const roles = (rendering: Rendering) => ofType(rendering, 'AWS::IAM::Role');
const functions = (rendering: Rendering) => ofType(rendering, 'AWS::Lambda::Function');
const policy = (role: string) => `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const trust = (role: string) => `${role}/Properties/AssumeRolePolicyDocument/Statement/0`;

/** The service takes no resource for these. */
const withoutResource = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

const managed = [
  // The interfaces of a function in the VPC: the service takes no resource.
  'arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess',
  // What API Gateway demands of the role for its logs, for all groups of the account.
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
  // What CodeDeploy needs: aliases, alarms, and functions whose names begin with CodeDeployHook_.
  'arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda',
];

const allowed = (statements: readonly Statement[]) => statements.filter(({ effect }) => effect === 'Allow');

export const roleRules: readonly Rule[] = [
  {
    name: 'every function has a role of its own, which only Lambda takes on',
    check: inEach(function* (rendering) {
      const taken = new Map<string, string>();
      for (const [id] of functions(rendering)) {
        const role = roleOf(rendering, id);
        const other = taken.get(role);
        if (!rendering.resources[role]) yield `${id} has no role of the stack`;
        if (other) yield `${id} shares the role of ${other}`;
        taken.set(role, id);
        const statements = listOf(property(rendering.resources[role], 'AssumeRolePolicyDocument/Statement'));
        const lambda = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
        if (!same(statements, [lambda])) yield `${role} is for others too`;
      }
    }),
    defects: {
      'two share one': edit('AllocationFunction/Properties/Role', { 'Fn::GetAtt': ['MainFunctionRole', 'Arn'] }),
      'one is for anybody': edit(`${trust('MainFunctionRole')}/Principal`, { AWS: '*' }),
      'one is for EC2 too': edit(`${trust('MigrateFunctionRole')}/Principal/Service`, [
        'lambda.amazonaws.com',
        'ec2.amazonaws.com',
      ]),
    },
  },
  {
    name: 'services take roles on for this account only',
    check: inEach(function* (rendering) {
      for (const [id, each] of roles(rendering)) {
        for (const { Principal, Condition, Action, Effect } of listOf(
          property(each, 'AssumeRolePolicyDocument/Statement'),
        ).map(membersOf)) {
          const service = membersOf(Principal).Service;
          if (typeof service !== 'string' || Object.keys(membersOf(Principal)).length > 1)
            yield `${id} is for ${key(Principal)}`;
          if (Action !== 'sts:AssumeRole' || Effect !== 'Allow') yield `${id} is taken on in an unusual way`;
          // Lambda and API Gateway send no account: who may pass the role is what guards it.
          if (/^(lambda|apigateway)\./.test(String(service))) continue;
          if (!key(Condition).includes('"aws:SourceAccount":"111122223333"'))
            yield `${id} serves ${service} of any account`;
        }
      }
    }),
    seenIn: 'options',
    defects: {
      'the scheduler of any account': edit(`${trust('ScheduleRole')}/Condition`),
      'the deployments of any account': edit(`${trust('CodeDeployRole')}/Condition`),
      'another account': edit(`${trust('FlowLogRole')}/Principal`, { AWS: 'arn:aws:iam::999988887777:root' }),
    },
  },
  {
    name: 'no action is allowed by a wildcard',
    check: inEach((rendering) =>
      allowed(statementsOf(rendering))
        .filter(({ actions }) => actions.some((action) => action.includes('*')))
        .map(describeStatement),
    ),
    defects: {
      'all of a service': edit(`${policy('MainFunctionRole')}/2/Action`, 'rds-data:*'),
      'a family of actions': edit(`${policy('AllocationFunctionRole')}/5/Action`, 'sqs:Send*'),
      everything: edit(`${policy('FlowLogRole')}/-`, {
        Effect: 'Allow',
        Action: '*',
        Resource: { 'Fn::GetAtt': ['FlowLogs', 'Arn'] },
      }),
    },
  },
  {
    name: 'no action is allowed on everything, but those that take no resource',
    check: inEach((rendering) =>
      allowed(statementsOf(rendering))
        .filter(
          ({ actions, resources }) =>
            resources.length === 0 ||
            resources.some(
              (resource) =>
                typeof resource === 'string' &&
                /^(arn:[^:]*:[^:]*:[^:]*:[^:]*:)?[^/]*\*/.test(resource) &&
                !actions.every((action) => withoutResource.includes(action)),
            ),
        )
        .map(describeStatement),
    ),
    defects: {
      'every cluster': edit(`${policy('MainFunctionRole')}/2/Resource`, '*'),
      'every secret of the account': edit(`${policy('MainFunctionRole')}/3/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:*`,
      }),
      'every function': edit(`${policy('PreTrafficHookRole')}/2/Resource`, '*'),
      'every group of logs': edit(`${policy('FlowLogRole')}/0/Resource`, 'arn:aws:logs:*:*:*'),
    },
  },
  {
    name: 'policies say what is allowed, never what is not, and pass no role on',
    check: inEach(function* (rendering) {
      for (const statement of statementsOf(rendering)) {
        if (statement.members.some((name) => name.startsWith('Not')))
          yield `${describeStatement(statement)} allows the rest`;
        if (statement.actions.some((action) => /^(iam|sts|organizations):/.test(action)))
          yield `${describeStatement(statement)} gives rights away`;
      }
      for (const type of ['User', 'Group', 'AccessKey', 'UserPolicy'])
        for (const [id] of ofType(rendering, `AWS::IAM::${type}`)) yield `${id} is a login for somebody`;
    }),
    defects: {
      'all but some actions': edit(`${policy('MainFunctionRole')}/-`, {
        Effect: 'Allow',
        NotAction: 'iam:*',
        Resource: 'a',
      }),
      'a role is passed on': edit(`${policy('MigrateFunctionRole')}/-`, {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': ['MainFunctionRole', 'Arn'] },
      }),
    },
  },
  {
    name: 'roles have no policies of AWS but those that cannot be narrower',
    check: inEach(function* (rendering) {
      for (const [id, each] of roles(rendering)) {
        const isOfFunction = functions(rendering).some(([name]) => roleOf(rendering, name) === id);
        const attached = listOf(property(each, 'ManagedPolicyArns'));
        for (const arn of attached) {
          if (!managed.includes(String(arn))) yield `${id} has ${key(arn)}`;
          else if (isOfFunction !== String(arn).includes('Lambda') && !String(arn).includes('CodeDeploy'))
            yield `${id} has ${key(arn)}`;
        }
        const inside = rendering.parameters.FunctionsInVpc === 'true';
        if (isOfFunction && attached.length !== (inside ? 1 : 0))
          yield `${id} has rights to interfaces for nothing, or not`;
      }
    }),
    defects: {
      'an administrator': edit('MainFunctionRole/Properties/ManagedPolicyArns', [
        { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess` },
      ]),
      'logs of the whole account': edit('AllocationWorkerRole/Properties/ManagedPolicyArns', [
        { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole` },
      ]),
    },
  },
  {
    name: 'every role keeps to the boundary where the account has one',
    check: inEach(function* (rendering) {
      const boundary = rendering.parameters.PermissionsBoundary;
      for (const [id, each] of roles(rendering)) {
        if (!same(property(each, 'PermissionsBoundary'), boundary === '' ? undefined : boundary))
          yield `${id} has another boundary`;
      }
    }),
    seenIn: 'options',
    defects: {
      'one role has none': edit('AllocationWorkerRole/Properties/PermissionsBoundary'),
      "the deployments' role is SAM's": edit('MainFunction/Properties/DeploymentPreference/Role'),
    },
  },
];
