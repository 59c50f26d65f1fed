import { handledErrors } from '../../../functions/http/handled-errors.ts';
import { at, type Json, key, listOf, membersOf, same, textsOf } from '../json.ts';
import { resolve, stackName } from '../resolve.ts';
import { edit, edits, inEach, type Rule, rewrite } from '../rule.ts';
import { ofType, property, type Rendering, type Resource } from '../stack.ts';
import { versionOf } from '../versions.ts';

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
      ['Console', 'ConsoleFunction'],
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

/** The statistics that one metric of a widget asks for itself. */
const statsOf = (metric: Json) => listOf(metric).flatMap((each) => textsOf(membersOf(each).stat));

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
      for (const widget of widgets) {
        const { type, x, y, width, properties } = membersOf(widget);
        const { stat = 'Average', period, region, title } = membersOf(properties);
        const stats = [stat, ...listOf(at(properties, 'metrics')).flatMap((metric) => statsOf(metric))];
        if (type !== 'metric') yield `${title} is a ${key(type)}`;
        if (widgets.some((other) => other !== widget && at(other, 'x') === x && at(other, 'y') === y))
          yield `${title} lies over another`;
        if (!(Number(x) >= 0 && Number(x) + Number(width) <= 24)) yield `${title} is wider than the page`;
        if (period !== 60) yield `${title} shows another minute`;
        if (region !== 'us-east-1') yield `${title} is of ${region}`;
        if (!stats.every((each) => /^(Sum|Average|Minimum|Maximum|SampleCount|p\d{2})$/.test(String(each))))
          yield `${title} shows ${stats.join()}`;
      }
      for (const part of ['AWS/ApiGateway', 'AWS/Lambda', 'AWS/RDS', 'AWS/SQS', handledErrors.namespace])
        if (!shown.some((metric) => at(metric, '0') === part)) yield `${part} is not shown`;
      if (property(dashboard?.[1], 'DashboardName') !== stackName) yield 'its address is another';
    }),
    defects: {
      nothing: edit('Dashboard/Properties/DashboardBody', '{"widgets":[]}'),
      none: edits(edit('Dashboard'), edit('/Outputs/DashboardUrl')),
      'a statistic that there is not': rewrite('Dashboard/Properties/DashboardBody/Fn::Sub', '"Sum"', '"Total"'),
      'another region': rewrite('Dashboard/Properties/DashboardBody/Fn::Sub', `\${AWS::Region}`, 'us-east-2'),
      'one widget over the others': rewrite('Dashboard/Properties/DashboardBody/Fn::Sub', '"y": 6', '"y": 0'),
      'a widget beside the page': rewrite('Dashboard/Properties/DashboardBody/Fn::Sub', '"x": 12', '"x": 20'),
      'another metric': rewrite('Dashboard/Properties/DashboardBody/Fn::Sub', '"4XXError"', '"4xxError"'),
    },
  },
];
