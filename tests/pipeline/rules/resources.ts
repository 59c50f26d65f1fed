import { type Json, key } from '../../template/json.ts';
import type { Rendering } from '../../template/stack.ts';
import type { Statement } from '../../template/statements.ts';
import { editEnvironment, inEach, type Rule } from '../rule.ts';
import { attribute, differences, statementsOfPolicy, statementsOfRole } from '../statements.ts';
import { account } from '../template.ts';

const role = 'CloudFormationExecutionRole';
const policy = `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const managed = (id: string) => `${id}/Properties/PolicyDocument/Statement`;
const arn = (service: string, thing: string) => `arn:aws:${service}:us-east-1:${account}:${thing}`;

const functionsOf = (stack: string) =>
  [`${stack}-*`, `CodeDeployHook_${stack}`, `CodeDeployHook_${stack}:*`].map((name) =>
    arn('lambda', `function:${name}`),
  );
const secretsOf = (stack: string) =>
  [`${stack}*`, 'ApplicationSecret-*', 'rds!cluster-*'].map((name) => arn('secretsmanager', `secret:${name}`));

/** What CloudFormation may touch, by service. */
const touched = (stack: string): Readonly<Record<string, readonly Json[]>> => ({
  apigateway: ['/restapis', '/restapis/*', '/account', '/tags/*'].map(
    (path) => `arn:aws:apigateway:us-east-1::${path}`,
  ),
  cloudformation: ['arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31'],
  cloudwatch: [arn('cloudwatch', `alarm:${stack}-*`), `arn:aws:cloudwatch::${account}:dashboard/${stack}*`, '*'],
  codedeploy: [
    ...['application', 'deploymentgroup', 'deploymentconfig'].map((kind) => arn('codedeploy', `${kind}:${stack}-*`)),
    arn('codedeploy', 'deploymentconfig:CodeDeployDefault.*'),
  ],
  'cognito-idp': [arn('cognito-idp', 'userpool/*'), '*'],
  ec2: [arn('ec2', '*'), '*'],
  iam: [`arn:aws:iam::${account}:role/${stack}-*`, `arn:aws:iam::${account}:role/aws-service-role/*`],
  kms: [attribute('ArtifactsKey'), arn('kms', 'key/*'), arn('kms', `alias/${stack}*`), '*'],
  lambda: [...functionsOf(stack), arn('lambda', `layer:${stack}-*`), arn('lambda', 'event-source-mapping:*'), '*'],
  logs: [
    ...[`/aws/*/${stack}*`, `/aws/lambda/CodeDeployHook_${stack}*`, `aws-waf-logs-${stack}*`].map((name) =>
      arn('logs', `log-group:${name}`),
    ),
    '*',
  ],
  rds: [
    ...['cluster', 'cluster-snapshot', 'db', 'snapshot', 'subgrp'].map((kind) => arn('rds', `${kind}:${stack}*`)),
    ...['cluster-pg:default.*', 'pg:default.*', 'og:default:*', '*'].map((name) =>
      name === '*' ? name : arn('rds', name),
    ),
  ],
  s3: [{ 'Fn::Sub': `\${ArtifactsBucket.Arn}/*` }],
  scheduler: [arn('scheduler', `schedule/default/${stack}-*`)],
  secretsmanager: [...secretsOf(stack), '*'],
  sns: [arn('sns', `${stack}-*`)],
  sqs: [arn('sqs', `${stack}-*`)],
  wafv2: [
    arn('wafv2', 'regional/webacl/*'),
    arn('wafv2', 'regional/managedruleset/*'),
    'arn:aws:apigateway:us-east-1::/restapis/*',
  ],
});

/** What the application's roles may touch at most; logs, traces and interfaces are narrowed by the roles themselves. */
const bounded = (stack: string): Readonly<Record<string, readonly Json[]>> => ({
  codedeploy: [arn('codedeploy', `deploymentgroup:${stack}-*`)],
  kms: [arn('kms', 'key/*')],
  lambda: functionsOf(stack),
  'rds-data': [arn('rds', `cluster:${stack}*`)],
  secretsmanager: secretsOf(stack),
  sns: [arn('sns', `${stack}-*`)],
  sqs: [arn('sqs', `${stack}-*`)],
  ...Object.fromEntries(['cloudwatch', 'ec2', 'logs', 'xray'].map((service) => [service, ['*']])),
});

/** What AWS's own policies for API Gateway's logs, CodeDeploy and interfaces in a network hold. */
const ofManagedPolicies = [
  ...[
    'cloudwatch:DescribeAlarms',
    'lambda:GetAlias',
    'lambda:GetProvisionedConcurrencyConfig',
    'lambda:InvokeFunction',
  ],
  ...['lambda:UpdateAlias', 'sns:Publish', 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
  ...[
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  ...[
    'CreateLogGroup',
    'CreateLogStream',
    'DescribeLogGroups',
    'DescribeLogStreams',
    'PutLogEvents',
    'GetLogEvents',
    'FilterLogEvents',
  ].map((verb) => `logs:${verb}`),
];

const pairs = (table: Readonly<Record<string, readonly Json[]>>) =>
  Object.entries(table).flatMap(([service, resources]) => resources.map((each) => `${service} on ${key(each)}`));

/** `service on resource`; a resource of another service in a statement counts for its own only. */
function pairsOf(statements: readonly Statement[], expected: readonly string[]): string[] {
  const found = statements.flatMap(({ actions, resources }) => {
    const services = [...new Set(actions.map((action) => action.split(':')[0] ?? ''))];
    return resources.flatMap((each) => {
      const own = services.map((service) => `${service} on ${key(each)}`);
      const right = own.filter((pair) => expected.includes(pair));
      return right.length > 0 ? right : own;
    });
  });
  return [...new Set(found)];
}

const stackOf = ({ parameters }: Rendering) => String(parameters.StackName);

export const resourceRules: readonly Rule[] = [
  {
    name: 'CloudFormation reaches everything of its stack, service by service, and no more',
    check: inEach(function* ({ environments }) {
      for (const environment of environments) {
        const expected = pairs(touched(stackOf(environment)));
        yield* differences(role, pairsOf(statementsOfRole(environment, role), expected), expected);
      }
    }),
    defects: {
      'no layers': editEnvironment(`${policy}/@Functions/Resource/3`),
      'any layer': editEnvironment(`${policy}/@Functions/Resource/3`, {
        'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:layer:*`,
      }),
      'no hook': editEnvironment(`${policy}/@Functions/Resource/1`),
      'no firewall': editEnvironment(`${managed('NetworkPolicy')}/@Firewall/Resource/0`),
      'any topic': editEnvironment(`${policy}/@AlarmTopic/Resource`, '*'),
      'the hooks of any stack': editEnvironment(`${policy}/@Functions/Resource/1`, {
        'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:CodeDeployHook_*`,
      }),
    },
  },
  {
    name: "the boundary reaches everything of its stack, and holds what AWS's own policies for its roles hold",
    check: inEach(function* ({ environments }) {
      for (const environment of environments) {
        const statements = statementsOfPolicy(environment, 'Boundary');
        const expected = pairs(bounded(stackOf(environment)));
        yield* differences('Boundary', pairsOf(statements, expected), expected);
        const allowed = statements.flatMap(({ actions }) => actions);
        for (const action of ofManagedPolicies) if (!allowed.includes(action)) yield `no role may ${action}`;
      }
    }),
    defects: {
      'any function': editEnvironment(`${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Resource`, '*'),
      'any secret': editEnvironment(`${managed('Boundary')}/@OwnSecrets/Resource`, '*'),
      'any database': editEnvironment(`${managed('Boundary')}/@OwnDatabase/Resource`, '*'),
      'no alias is moved': editEnvironment(`${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Action`, [
        'lambda:InvokeFunction',
      ]),
      'no queue': editEnvironment(`${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Resource/4`),
    },
  },
];
