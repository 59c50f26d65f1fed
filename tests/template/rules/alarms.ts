import { handledErrors } from '../../../functions/http/handled-errors.ts';
import { at, type Json, key, listOf, membersOf, same } from '../json.ts';
import { resolve, stackName } from '../resolve.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering, type Resource } from '../stack.ts';
import { versionOf } from './functions.ts';

const alarms = (rendering: Rendering) => ofType(rendering, 'AWS::CloudWatch::Alarm');
const dimensionsOf = (alarm: Resource): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    listOf(property(alarm, 'Dimensions')).map((each) => [String(at(each, 'Name')), at(each, 'Value') ?? null]),
  );

/** The metrics that we watch and their services emit, with the sets of dimensions they come in. */
const emitted: Readonly<
  Record<string, { readonly metrics: readonly string[]; readonly dimensions: readonly string[] }>
> = {
  'AWS/Lambda': {
    metrics: ['Errors', 'Throttles', 'Duration', 'Invocations'],
    dimensions: ['FunctionName,Resource', 'FunctionName,Resource,ExecutedVersion'],
  },
  'AWS/ApiGateway': { metrics: ['Count', '4XXError', '5XXError', 'Latency'], dimensions: ['ApiName,Stage'] },
  'AWS/SQS': {
    metrics: [
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateAgeOfOldestMessage',
    ],
    dimensions: ['QueueName'],
  },
  'AWS/RDS': {
    metrics: ['ACUUtilization', 'ServerlessDatabaseCapacity', 'Deadlocks'],
    dimensions: ['DBClusterIdentifier'],
  },
  [handledErrors.namespace]: {
    metrics: [handledErrors.name],
    dimensions: [handledErrors.dimensions.join(), handledErrors.dimensions[0]],
  },
};

/** What is wrong with a metric as an alarm or the dashboard names it. */
function* faultsOf(
  rendering: Rendering,
  namespace: string,
  metric: string,
  dimensions: Readonly<Record<string, Json>>,
): Generator<string> {
  const known = emitted[namespace];
  if (!known?.metrics.includes(metric)) yield `nothing emits ${namespace} ${metric}`;
  if (!known?.dimensions.includes(Object.keys(dimensions).join()))
    yield `${metric} never comes with ${Object.keys(dimensions)}`;
  const id = String(membersOf(dimensions.FunctionName).Ref);
  const values: Readonly<Record<string, readonly Json[]>> = {
    FunctionName: Object.keys(rendering.resources)
      .filter((name) => rendering.resources[name]?.Type === 'AWS::Lambda::Function')
      .map((Ref) => ({ Ref })),
    Resource: [{ 'Fn::Sub': `\${${id}}:live` }],
    ExecutedVersion: [{ 'Fn::GetAtt': [versionOf(rendering, id), 'Version'] }],
    ApiName: [property(rendering.resources.Api, 'Name') ?? null],
    Stage: [{ Ref: 'Apiv1Stage' }],
    QueueName: ofType(rendering, 'AWS::SQS::Queue').map(([name]) => ({ 'Fn::GetAtt': [name, 'QueueName'] })),
    DBClusterIdentifier: [{ Ref: 'DBCluster' }],
  };
  for (const [name, value] of Object.entries(dimensions)) {
    if (!values[name]?.some((right) => same(right, value))) yield `${metric} never has ${name} = ${key(value)}`;
  }
}

/** The alarms that must be: by metric, and for a function by its id. */
const needed = (
  rendering: Rendering,
): Readonly<Record<string, readonly [namespace: string, metric: string, dimensions: string]>> => ({
  ...Object.fromEntries(
    [
      ['', 'MainFunction'],
      ['Allocation', 'AllocationFunction'],
      ['Worker', 'AllocationWorker'],
    ].flatMap(([prefix, id]) => [
      [`${prefix}LambdaErrorsAlarm`, ['AWS/Lambda', 'Errors', `${id} FunctionName,Resource,ExecutedVersion`]],
      [`${prefix}LambdaThrottlesAlarm`, ['AWS/Lambda', 'Throttles', `${id} FunctionName,Resource`]],
      [
        `${prefix}LambdaHandledErrorsAlarm`,
        [handledErrors.namespace, handledErrors.name, `${id} ${handledErrors.dimensions.join()}`],
      ],
      ...(prefix === 'Worker'
        ? []
        : [[`${prefix}LambdaDurationAlarm`, ['AWS/Lambda', 'Duration', `${id} FunctionName,Resource`]]]),
    ]),
  ),
  AuthorizerThrottlesAlarm: ['AWS/Lambda', 'Throttles', 'AuthorizerFunction FunctionName,Resource'],
  ApiServerErrorsAlarm: ['AWS/ApiGateway', '5XXError', ' ApiName,Stage'],
  DeadLettersAlarm: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'AllocationDeadLetterQueue QueueName'],
  QueueAgeAlarm: ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'AllocationQueue QueueName'],
  DatabaseCapacityAlarm: ['AWS/RDS', 'ACUUtilization', 'DBCluster DBClusterIdentifier'],
  DatabaseDeadlocksAlarm: ['AWS/RDS', 'Deadlocks', 'DBCluster DBClusterIdentifier'],
  ...(rendering.parameters.AllocationSchedule === ''
    ? {}
    : {
        ScheduleDeadLettersAlarm: [
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          'ScheduleDeadLetterQueue QueueName',
        ] as const,
      }),
});

const dimension = (alarm: string, index: number) => `${alarm}/Properties/Dimensions/${index}`;

export const alarmRules: readonly Rule[] = [
  {
    name: 'there is an alarm for everything that can go wrong, under its name',
    check: inEach(function* (rendering) {
      for (const [id, [namespace, metric, wanted]] of Object.entries(needed(rendering))) {
        const alarm = rendering.resources[id];
        if (alarm?.Type !== 'AWS::CloudWatch::Alarm') {
          yield `${id} is missing`;
          continue;
        }
        const dimensions = dimensionsOf(alarm);
        const [of = '', names] = wanted.split(' ');
        if (property(alarm, 'Namespace') !== namespace || property(alarm, 'MetricName') !== metric)
          yield `${id} watches something else`;
        if (Object.keys(dimensions).join() !== names || (of && !key(Object.values(dimensions)[0]).includes(`"${of}"`)))
          yield `${id} watches another ${metric}`;
      }
    }),
    defects: {
      'no errors': edits(
        edit('LambdaErrorsAlarm'),
        edit('MainFunction/Properties/DeploymentPreference/Alarms/Fn::If/2/0'),
      ),
      'no dead letters': edit('DeadLettersAlarm'),
      'no age of runs': edit('QueueAgeAlarm'),
      'the throttles of another function': edit(`${dimension('AllocationLambdaThrottlesAlarm', 0)}/Value`, {
        Ref: 'MainFunction',
      }),
      'errors of every version': edit(dimension('LambdaErrorsAlarm', 2)),
      'answered errors of every version': edit(dimension('AllocationLambdaHandledErrorsAlarm', 1)),
      'throttles of a version': edit(`${dimension('LambdaThrottlesAlarm', 0)}/Name`, 'ExecutedVersion'),
      'the queue for its dead letters': edit(`${dimension('DeadLettersAlarm', 0)}/Value`, {
        'Fn::GetAtt': ['AllocationQueue', 'QueueName'],
      }),
    },
  },
  {
    name: 'every alarm watches a metric that is emitted, with dimensions that it has',
    check: inEach(function* (rendering) {
      for (const [id, alarm] of alarms(rendering)) {
        const { Namespace, MetricName } = membersOf(alarm.Properties);
        for (const fault of faultsOf(rendering, String(Namespace), String(MetricName), dimensionsOf(alarm)))
          yield `${id}: ${fault}`;
      }
    }),
    defects: {
      'no such metric': edit('LambdaErrorsAlarm/Properties/MetricName', 'Error'),
      'no such metric of ours': edit('LambdaHandledErrorsAlarm/Properties/MetricName', 'Http5xx'),
      'no such namespace': edit('LambdaHandledErrorsAlarm/Properties/Namespace', 'Inventory'),
      'the name of another alias': edit(`${dimension('LambdaErrorsAlarm', 1)}/Value`, {
        'Fn::Sub': `\${MainFunction}:prod`,
      }),
      'the alias of another function': edit(`${dimension('LambdaErrorsAlarm', 1)}/Value`, {
        'Fn::Sub': `\${AllocationFunction}:live`,
      }),
      'the version of another function': edit(`${dimension('LambdaErrorsAlarm', 2)}/Value`, {
        'Fn::GetAtt': ['AllocationFunction.Version', 'Version'],
      }),
      'a function by an old name': edit(`${dimension('LambdaThrottlesAlarm', 0)}/Value`, 'MainFunction'),
      'the URL of a queue': edit(`${dimension('QueueAgeAlarm', 0)}/Value`, { Ref: 'AllocationQueue' }),
      'the API by its id': edit(`${dimension('ApiServerErrorsAlarm', 0)}/Value`, { Ref: 'Api' }),
      'another stage': edit(`${dimension('ApiServerErrorsAlarm', 1)}/Value`, 'prod'),
      'the instance': edit(`${dimension('DatabaseCapacityAlarm', 0)}/Name`, 'DBInstanceIdentifier'),
      'the API is renamed': edit('Api/Properties/Name', { 'Fn::Sub': `\${AWS::StackName}-api` }),
    },
  },
  {
    name: 'every alarm goes off in minutes, is quiet without traffic, and tells the topic',
    check: inEach(function* (rendering) {
      for (const [id, alarm] of alarms(rendering)) {
        const value = (name: string) => property(alarm, name);
        if (value('TreatMissingData') !== 'notBreaching') yield `${id} goes off at night, or never`;
        if (!same(value('AlarmActions'), [{ Ref: 'AlarmTopic' }]) || value('ActionsEnabled') === false)
          yield `${id} tells nobody`;
        if (!/^GreaterThan/.test(String(value('ComparisonOperator')))) yield `${id} goes off when all is well`;
        const [period, periods, points] = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm'].map((name) =>
          Number(value(name)),
        );
        if (!(period! * periods! <= 900 && period! >= 60)) yield `${id} takes ${period! * periods!} s`;
        if (!(points! <= periods! && points! >= 1)) yield `${id} waits for ${points} of ${periods} points`;
        if (typeof value('AlarmDescription') !== 'string') yield `${id} does not say what it means`;
      }
    }),
    defects: {
      'missing data alarms': edit('LambdaErrorsAlarm/Properties/TreatMissingData', 'breaching'),
      'missing data is not said': edit('QueueAgeAlarm/Properties/TreatMissingData'),
      'nobody is told': edit('DeadLettersAlarm/Properties/AlarmActions'),
      'it is muted': edit('LambdaErrorsAlarm/Properties/ActionsEnabled', false),
      'turned round': edit('LambdaThrottlesAlarm/Properties/ComparisonOperator', 'LessThanThreshold'),
      'by the hour': edit('LambdaErrorsAlarm/Properties/Period', 3600),
      'more points than periods': edit('ApiServerErrorsAlarm/Properties/DatapointsToAlarm', 5),
    },
  },
  {
    name: 'one error is enough for the alarms of a function, in production two of three minutes',
    check: inEach(function* (rendering) {
      const { Environment } = rendering.parameters;
      const [periods, points] = Environment === 'prod' ? [3, 2] : [1, 1];
      for (const [id, alarm] of alarms(rendering).filter(([name]) =>
        /Lambda(Errors|Throttles|HandledErrors|Duration)Alarm$/.test(name),
      )) {
        const { EvaluationPeriods, DatapointsToAlarm, Threshold, Statistic, ExtendedStatistic, Period } = membersOf(
          alarm.Properties,
        );
        if (Number(EvaluationPeriods) !== periods || Number(DatapointsToAlarm) !== points || Period !== 60)
          yield `${id} takes ${key(DatapointsToAlarm)} of ${key(EvaluationPeriods)}`;
        if (id.includes('Duration')) {
          const longest = Environment === 'dev' ? 25_000 : 10_000;
          if (property(alarm, 'EvaluateLowSampleCountPercentile') !== 'ignore')
            yield `${id} takes one call for a hundred`;
          if (ExtendedStatistic !== 'p99' || !(Number(Threshold) <= longest))
            yield `${id} finds ${key(Threshold)} ms quick`;
        } else if (Threshold !== 1 || Statistic !== 'Sum' || alarm.Properties === undefined)
          yield `${id} shrugs at one`;
        if (!id.includes('Duration') && property(alarm, 'ComparisonOperator') !== 'GreaterThanOrEqualToThreshold')
          yield `${id} shrugs at one`;
      }
      const limits: Readonly<Record<string, number>> = {
        DeadLettersAlarm: 1,
        ScheduleDeadLettersAlarm: 1,
        AuthorizerThrottlesAlarm: 1,
        ApiServerErrorsAlarm: 5,
        QueueAgeAlarm: 3600,
        DatabaseCapacityAlarm: 90,
        DatabaseDeadlocksAlarm: 0.1,
      };
      for (const [id, most] of Object.entries(limits)) {
        if (rendering.resources[id] && !(Number(property(rendering.resources[id], 'Threshold')) <= most))
          yield `${id} goes off too late`;
        const statistic = {
          QueueAgeAlarm: 'Maximum',
          DeadLettersAlarm: 'Maximum',
          ScheduleDeadLettersAlarm: 'Maximum',
          DatabaseCapacityAlarm: 'Average',
          DatabaseDeadlocksAlarm: 'Average',
          ApiServerErrorsAlarm: 'Sum',
          AuthorizerThrottlesAlarm: 'Sum',
        }[id];
        if (rendering.resources[id] && property(rendering.resources[id], 'Statistic') !== statistic)
          yield `${id} averages`;
      }
    }),
    defects: {
      'a thousand errors': edit('LambdaErrorsAlarm/Properties/Threshold', 1000),
      'more than one': edit('LambdaErrorsAlarm/Properties/ComparisonOperator', 'GreaterThanThreshold'),
      'the average': edit('AllocationLambdaErrorsAlarm/Properties/Statistic', 'Average'),
      'the median': edit('LambdaDurationAlarm/Properties/ExtendedStatistic', 'p50'),
      'a minute is quick': edit('AllocationLambdaDurationAlarm/Properties/Threshold', 60000),
      'ten dead letters': edit('DeadLettersAlarm/Properties/Threshold', 10),
      'every minute in production': edit('/Mappings/Environments/prod/AlarmDatapoints', 3),
    },
  },
  {
    name: 'whoever is named by AlarmEmail is told',
    check: inEach(function* (rendering) {
      const address = rendering.parameters.AlarmEmail;
      const found = ofType(rendering, 'AWS::SNS::Subscription').map(([, each]) => [
        property(each, 'Endpoint'),
        property(each, 'TopicArn'),
      ]);
      if (!same(found as never, address === '' ? [] : [[address ?? null, { Ref: 'AlarmTopic' }]]))
        yield `told are ${key(found as never)}`; // values or nothing
    }),
    seenIn: 'options',
    defects: {
      nobody: edits(
        edit('AlarmMail'),
        edit('/Conditions/AlarmsAreMailed'),
        edit('Dashboard/Metadata', { Mail: { Ref: 'AlarmEmail' } }),
      ),
      'when nobody is named': edit('/Conditions/AlarmsAreMailed', { 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }),
    },
  },
  {
    name: 'the dashboard shows metrics that are emitted, of every part',
    check: inEach(function* (rendering) {
      const [dashboard] = ofType(rendering, 'AWS::CloudWatch::Dashboard');
      const text = membersOf(property(dashboard?.[1], 'DashboardBody'))['Fn::Sub'];
      const widgets = typeof text === 'string' ? listOf(at(JSON.parse(text), 'widgets')) : [];
      const shown = widgets.flatMap((widget) => listOf(at(widget, 'properties/metrics')));
      for (const metric of shown) {
        const [namespace, name, ...rest] = listOf(metric).filter((each): each is string => typeof each === 'string');
        const pairs = Object.entries(Object.groupBy(rest, (_, index) => Math.floor(index / 2)));
        const scope = { parameters: {}, mappings: {}, conditions: {} };
        const dimensions = Object.fromEntries(
          pairs.map(([, pair = []]) => [pair[0], resolve({ 'Fn::Sub': pair[1] ?? '' }, scope) ?? null]),
        );
        for (const fault of faultsOf(rendering, String(namespace), String(name), dimensions)) yield fault;
      }
      for (const part of ['AWS/ApiGateway', 'AWS/Lambda', 'AWS/RDS', 'AWS/SQS', handledErrors.namespace])
        if (!shown.some((metric) => at(metric, '0') === part)) yield `${part} is not shown`;
      if (property(dashboard?.[1], 'DashboardName') !== stackName) yield 'its address is another';
    }),
    defects: {
      nothing: edit('Dashboard/Properties/DashboardBody', '{"widgets":[]}'),
      none: edits(edit('Dashboard'), edit('/Outputs/DashboardUrl')),
    },
  },
];
