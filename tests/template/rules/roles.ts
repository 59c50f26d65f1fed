import { codeOf } from '../code.ts';
import { type Json, key, listOf, membersOf, same } from '../json.ts';
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

/** In a bundle, but not reached in this function: it reads and never creates a large run. */
const notReached: Readonly<Record<string, readonly string[]>> = {
  MainFunction: ['sqs:SendMessage'],
  AllocationWorker: ['sqs:SendMessage'],
};

/** What services do in the name of the function, by what it has and calls. */
function implied(rendering: Rendering, id: string, called: readonly string[]): string[] {
  const polls = ofType(rendering, 'AWS::Lambda::EventSourceMapping').some(([, each]) =>
    key(property(each, 'FunctionName')).includes(`"${id}Alias`),
  );
  const statements = called.some((action) => action.startsWith('rds-data:'));
  return [
    ...['logs:CreateLogStream', 'logs:PutLogEvents', ...withoutResource],
    ...(statements ? ['secretsmanager:GetSecretValue', 'kms:Decrypt by secretsmanager'] : []),
    ...(called.includes('sqs:SendMessage') ? ['kms:GenerateDataKey by sqs', 'kms:Decrypt by sqs'] : []),
    ...(polls ? ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'kms:Decrypt by sqs'] : []),
  ];
}

/** The actions of a statement, those on the key with the service that may use it. */
function actionsOf({ actions, condition }: Statement): readonly string[] {
  const service = /"kms:ViaService":"(\w+)\.us-east-1\.amazonaws\.com"/.exec(key(condition))?.[1];
  return actions.map((action) => (action.startsWith('kms:') ? `${action} by ${service ?? 'any service'}` : action));
}

/** On what each action of a function is allowed; `self` is the function's own group of logs. */
function resourceOf(action: string, functionId: string, logs: string): readonly Json[] {
  const attribute = (id: string, name = 'Arn'): Json => ({ 'Fn::GetAtt': [id, name] });
  const tested = ['MainFunction', 'AllocationFunction', 'AllocationWorker'];
  const master = attribute('DBCluster', 'MasterUserSecret.SecretArn');
  if (action.startsWith('rds-data:')) return [attribute('DBCluster', 'DBClusterArn')];
  if (action.startsWith('logs:')) return [attribute(logs)];
  if (action.startsWith('sqs:')) return [attribute('AllocationQueue')];
  if (action.startsWith('kms:')) return [attribute('Key')];
  if (action.startsWith('xray:')) return ['*'];
  if (action === 'lambda:InvokeFunction') return tested.map((id) => ({ 'Fn::Sub': `\${${id}.Arn}:*` }));
  if (action.startsWith('codedeploy:'))
    return [
      { 'Fn::Sub': `arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:\${ServerlessDeploymentApplication}/*` },
    ];
  if (action.startsWith('secretsmanager:'))
    return functionId === 'MigrateFunction' ? [master, { Ref: 'ApplicationSecret' }] : [{ Ref: 'ApplicationSecret' }];
  return [];
}

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
    name: 'the role of a function allows what its code calls, all of it and nothing else',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        const called = codeOf(String(property(each, 'Handler'))).actions.filter(
          (action) => !notReached[id]?.includes(action),
        );
        const needed = new Set([...called, ...implied(rendering, id, called)]);
        const given = new Set(allowed(statementsOf(rendering, roleOf(rendering, id))).flatMap(actionsOf));
        for (const action of needed) if (!given.has(action)) yield `${id} calls ${action} and may not`;
        for (const action of given) if (!needed.has(action)) yield `${id} may call ${action} and does not`;
      }
    }),
    defects: {
      'an action too many': edit(`${policy('MainFunctionRole')}/2/Action/-`, 'rds-data:BatchExecuteStatement'),
      'another service': edit(`${policy('AuthorizerFunctionRole')}/-`, {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { Ref: 'ApplicationSecret' },
      }),
      'an action too few': edit(`${policy('AllocationFunctionRole')}/2/Action/1`),
      'the hook cannot report': edit(`${policy('PreTrafficHookRole')}/3`),
      'the queue cannot be read': edit(`${policy('AllocationWorkerRole')}/5`),
      'the key for anything': edit(`${policy('MainFunctionRole')}/4/Condition`),
      'the key stays shut': edit(`${policy('AllocationWorkerRole')}/6`),
      'no logs are written': edit(`${policy('MigrateFunctionRole')}/0`),
    },
  },
  {
    name: 'the role of a function allows each action on its own thing only',
    check: inEach(function* (rendering) {
      for (const [id, each] of functions(rendering)) {
        const logs = String(membersOf(property(each, 'LoggingConfig/LogGroup')).Ref);
        for (const statement of allowed(statementsOf(rendering, roleOf(rendering, id)))) {
          for (const action of statement.actions) {
            const right = resourceOf(action, id, logs);
            if (key([...statement.resources].map(key).sort()) !== key(right.map(key).sort()))
              yield describeStatement(statement);
          }
        }
      }
    }),
    defects: {
      "the master's secret": edit(`${policy('MainFunctionRole')}/3/Resource`, {
        'Fn::GetAtt': ['DBCluster', 'MasterUserSecret.SecretArn'],
      }),
      'the logs of another function': edit(`${policy('MainFunctionRole')}/0/Resource`, {
        'Fn::GetAtt': ['AllocationLogs', 'Arn'],
      }),
      'the dead letters': edit(`${policy('AllocationWorkerRole')}/5/Resource`, {
        'Fn::GetAtt': ['AllocationDeadLetterQueue', 'Arn'],
      }),
      'the hook calls the migrator': edit(`${policy('PreTrafficHookRole')}/2/Resource/-`, {
        'Fn::GetAtt': ['MigrateFunction', 'Arn'],
      }),
      'the hook cannot call the worker': edit(`${policy('PreTrafficHookRole')}/2/Resource/2`),
      'deployments of others': edit(`${policy('PreTrafficHookRole')}/3/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:codedeploy:\${AWS::Region}:\${AWS::AccountId}:deploymentgroup:*/*`,
      }),
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
