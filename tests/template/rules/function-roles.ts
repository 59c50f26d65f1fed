import { codeOf } from '../code.ts';
import { type Json, key, membersOf } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';
import { describeStatement, roleOf, type Statement, statementsOf } from '../statements.ts';

const functions = (rendering: Rendering) => ofType(rendering, 'AWS::Lambda::Function');
const policy = (role: string) => `${role}/Properties/Policies/0/PolicyDocument/Statement`;

/** The service takes no resource for these. */
const withoutResource = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

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

export const functionRoleRules: readonly Rule[] = [
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
];
