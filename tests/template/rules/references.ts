import { type Json, listOf, membersOf, within } from '../json.ts';
import { stackIdentity, stackName } from '../resolve.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { property, referencesOf } from '../stack.ts';

/** What does something by being there. All else is there for another. */
const ends = new Set([
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Stage',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::FlowLog',
  'AWS::EC2::Route',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::KMS::Alias',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::RDS::DBInstance',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
  'AWS::Cognito::UserPoolDomain',
  'Custom::Migrations',
]);

/** They tell the topic; those of a function stop its deployment too. */
const isAlarm = (type: string) => type === 'AWS::CloudWatch::Alarm';

const conditionsIn = (value: Json | undefined): string[] =>
  [...within(value)].flatMap((each) => {
    const { 'Fn::If': choice, Condition } = membersOf(each);
    return [listOf(choice)[0], Condition].filter((name): name is string => typeof name === 'string');
  });

const nameProperties = [
  'AlarmName',
  'AliasName',
  'DBClusterIdentifier',
  'DBInstanceIdentifier',
  'DashboardName',
  'Domain',
  'FunctionName',
  'LogGroupName',
  'Name',
  'QueueName',
  'RoleName',
  'TopicName',
  'UserPoolName',
];
/** Here `Name` or `Domain` names nothing of the account's, or `FunctionName` another resource. */
const ownNames = new Set(['AWS::ApiGateway::RestApi', 'AWS::Scheduler::Schedule', 'AWS::Cognito::UserPoolDomain']);

export const referenceRules: readonly Rule[] = [
  {
    name: 'every resource is used',
    check: inEach(function* ({ resources, outputs }) {
      const used = new Set(
        [...Object.entries(resources), ...Object.entries(outputs)].flatMap(([id, each]) =>
          [...referencesOf(each), ...listOf(membersOf(each).DependsOn).map(String)].filter((other) => other !== id),
        ),
      );
      for (const [id, { Type }] of Object.entries(resources)) {
        if (!used.has(id) && !ends.has(Type) && !isAlarm(Type)) yield `nothing uses ${id}`;
      }
    }),
    defects: {
      'a group without members': edit('OpenGroup', {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { GroupDescription: 'None', VpcId: { Ref: 'VPC' }, SecurityGroupEgress: [] },
      }),
      'the usage of a queue is gone': edit('Forgotten', { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } }),
    },
  },
  {
    name: 'every reference leads to a resource that this environment has',
    check: inEach(function* ({ resources, outputs }) {
      for (const [id, each] of [...Object.entries(resources), ...Object.entries(outputs)]) {
        for (const other of new Set(referencesOf(each)))
          if (!resources[other]) yield `${id} names ${other}, which there is not`;
      }
    }),
    defects: {
      'a name is mistyped': edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Resource/0', {
        'Fn::GetAtt': ['AllocationQueues', 'Arn'],
      }),
      'a condition is forgotten': edit('ScheduleQueuePolicy/Condition'),
    },
  },
  {
    name: 'nothing waits for itself',
    check: ({ renderings }) => {
      const resources = membersOf(renderings[0]?.transformed.Resources);
      const next = (id: string) => [
        ...new Set([...referencesOf(resources[id]), ...listOf(membersOf(resources[id]).DependsOn).map(String)]),
      ];
      const [done, open] = [new Set<string>(), new Set<string>()];
      const circleFrom = (id: string): string[] => {
        if (open.has(id)) return [`${[...open].slice([...open].indexOf(id)).join(', ')} wait for each other`];
        if (done.has(id) || resources[id] === undefined) return [];
        open.add(id);
        const found = next(id).flatMap(circleFrom);
        open.delete(id);
        done.add(id);
        return found;
      };
      return Object.keys(resources).flatMap(circleFrom);
    },
    defects: {
      'migrations for a function that waits for them': edit('Migrations/DependsOn', ['DBInstance', 'MainFunction']),
      'the migrator for the migrations': edit('MigrateFunction/DependsOn', 'Migrations'),
      'the authorizer for its caller': edit('AuthorizerFunction/Properties/Environment/Variables/JWT_AUDIENCE', {
        Ref: 'ConsoleClient',
      }),
    },
  },
  {
    name: 'every parameter, condition and mapping is used',
    check: ({ source: { template } }) => {
      const { Parameters, Conditions, Mappings, ...rest } = template;
      const named = new Set([...referencesOf(rest), ...referencesOf(Conditions)]);
      const conditions = new Set([...conditionsIn(rest), ...conditionsIn(Conditions)]);
      const mapped = new Set(
        [...within(template)].flatMap((each) => listOf(listOf(membersOf(each)['Fn::FindInMap'])[0]).map(String)),
      );
      return [
        ...Object.keys(membersOf(Parameters)).filter((name) => !named.has(name)),
        ...Object.keys(membersOf(Conditions)).filter((name) => !conditions.has(name)),
        ...Object.keys(membersOf(Mappings)).filter((name) => !mapped.has(name)),
      ].map((name) => `nothing uses ${name}`);
    },
    seenIn: 'source',
    defects: {
      'a parameter does nothing': edit('DBCluster/Properties/BackupRetentionPeriod', 35),
      'a condition decides nothing': edit('/Conditions/IsStage', { 'Fn::Equals': [{ Ref: 'Environment' }, 'stage'] }),
      'a mapping maps nothing': edit('/Mappings/Regions', { 'us-east-1': { Zones: 3 } }),
    },
  },
  {
    name: 'no account, partition or region is written down',
    check: ({ source: { template } }) => {
      const { Parameters: _, ...rest } = template;
      return [...within(rest)]
        .filter((each): each is string => typeof each === 'string')
        .filter((each) => /\barn:aws[a-z-]*:|\b\d{12}\b|\b(us|eu|ap|ca|sa|me|af)-[a-z]+-\d[a-z]?\b/.test(each))
        .map((each) => `"${each.slice(0, 60)}" holds for one account, partition or region`);
    },
    seenIn: 'source',
    defects: {
      'a partition': edit(
        'CodeDeployRole/Properties/ManagedPolicyArns/0',
        'arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda',
      ),
      'a region': edit('PublicSubnet1/Properties/AvailabilityZone', 'us-east-1a'),
      'an account': edit('KeyAlias/Properties/AliasName', 'alias/111122223333'),
    },
  },
  {
    name: 'every fixed name holds the name of the stack',
    check: inEach(function* ({ resources }) {
      for (const [id, resource] of Object.entries(resources)) {
        for (const name of nameProperties) {
          const value = property(resource, name);
          if (typeof value !== 'string' || (/^(Name|Domain)$/.test(name) && !ownNames.has(resource.Type))) continue;
          if (!value.includes(stackName) && !value.includes(stackIdentity))
            yield `${id} is called ${value} in every stack`;
        }
      }
    }),
    defects: {
      'a function': edit('MainFunction/Properties/FunctionName', 'MainFunction'),
      'a group of logs': edit('AccessLogs/Properties/LogGroupName', '/aws/apigateway/inventory'),
      'the cluster': edit('DBCluster/Properties/DBClusterIdentifier', 'inventory'),
      'a role': edit('MainFunctionRole/Properties/RoleName', 'LambdaExecutionRole'),
    },
  },
  {
    name: 'the linter is silenced nowhere',
    check: ({ source: { template } }) =>
      [...within(template)].some((each) => 'cfn-lint' in membersOf(each)) ? ['cfn-lint is told what to ignore'] : [],
    seenIn: 'source',
    defects: {
      'for one resource': edit('Dashboard/Metadata', { 'cfn-lint': { config: { ignore_checks: ['E3012'] } } }),
    },
  },
];
