import { key, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const alarms = (rendering: Rendering) => ofType(rendering, 'AWS::CloudWatch::Alarm');

/** The alarms that stop no deployment: where they go off, by which statistic, and after how many minutes at the latest. */
const limits: Readonly<Record<string, { from: number; to: number; of: string; minutes: number }>> = {
  DeadLettersAlarm: { from: 1, to: 1, of: 'Maximum', minutes: 5 },
  ScheduleDeadLettersAlarm: { from: 1, to: 1, of: 'Maximum', minutes: 5 },
  AuthorizerThrottlesAlarm: { from: 1, to: 1, of: 'Sum', minutes: 5 },
  ApiServerErrorsAlarm: { from: 2, to: 5, of: 'Sum', minutes: 5 },
  QueueAgeAlarm: { from: 1800, to: 3600, of: 'Maximum', minutes: 10 },
  DatabaseCapacityAlarm: { from: 70, to: 90, of: 'Average', minutes: 15 },
  DatabaseDeadlocksAlarm: { from: 0.01, to: 0.1, of: 'Average', minutes: 15 },
};

export const alarmThresholdRules: readonly Rule[] = [
  {
    name: 'every alarm goes off in minutes, is quiet without traffic, and tells the topic',
    check: inEach(function* (rendering) {
      for (const [id, alarm] of alarms(rendering)) {
        const value = (name: string) => property(alarm, name);
        if (value('TreatMissingData') !== 'notBreaching') yield `${id} goes off at night, or never`;
        if (!same(value('AlarmActions'), [{ Ref: 'AlarmTopic' }]) || value('ActionsEnabled') === false)
          yield `${id} tells nobody`;
        if (!/^GreaterThan(OrEqualTo)?Threshold$/.test(String(value('ComparisonOperator'))))
          yield `${id} goes off when all is well`;
        const [period, periods, points] = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm'].map((name) =>
          Number(value(name)),
        );
        if (!(period! * periods! <= 900 && period! >= 60)) yield `${id} takes ${period! * periods!} s`;
        if (!(points! <= periods! && points! >= 1)) yield `${id} waits for ${points} of ${periods} points`;
        if (!/^.{20,} \(pipeline\/RUNBOOK\.md#alarms\)$/.test(String(value('AlarmDescription'))))
          yield `${id} does not say what it means and where one reads on`;
      }
    }),
    defects: {
      'missing data alarms': edit('LambdaErrorsAlarm/Properties/TreatMissingData', 'breaching'),
      'missing data is not said': edit('QueueAgeAlarm/Properties/TreatMissingData'),
      'nobody is told': edit('DeadLettersAlarm/Properties/AlarmActions'),
      'it is muted': edit('LambdaErrorsAlarm/Properties/ActionsEnabled', false),
      'turned round': edit('LambdaThrottlesAlarm/Properties/ComparisonOperator', 'LessThanThreshold'),
      'by the hour': edit('LambdaErrorsAlarm/Properties/Period', 3600),
      'nobody knows what to do': edit('QueueAgeAlarm/Properties/AlarmDescription', 'A large run waits for an hour'),
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
          // In development a sleeping cluster is no alarm.
          const [shortest, longest] = Environment === 'dev' ? [20_000, 25_000] : [5_000, 10_000];
          if (property(alarm, 'EvaluateLowSampleCountPercentile') !== 'ignore')
            yield `${id} takes one call for a hundred`;
          if (ExtendedStatistic !== 'p99' || !(Number(Threshold) <= longest && Number(Threshold) >= shortest))
            yield `${id} finds ${key(Threshold)} ms slow, or quick`;
        } else if (Threshold !== 1 || Statistic !== 'Sum' || alarm.Properties === undefined)
          yield `${id} shrugs at one`;
        if (!id.includes('Duration') && property(alarm, 'ComparisonOperator') !== 'GreaterThanOrEqualToThreshold')
          yield `${id} shrugs at one`;
      }
    }),
    defects: {
      'a thousand errors': edit('LambdaErrorsAlarm/Properties/Threshold', 1000),
      'more than one': edit('LambdaErrorsAlarm/Properties/ComparisonOperator', 'GreaterThanThreshold'),
      'the average': edit('AllocationLambdaErrorsAlarm/Properties/Statistic', 'Average'),
      'the median': edit('LambdaDurationAlarm/Properties/ExtendedStatistic', 'p50'),
      'a minute is quick': edit('AllocationLambdaDurationAlarm/Properties/Threshold', 60000),
      'every call is slow': edit('/Mappings/Environments/prod/SlowMilliseconds', 10),
      'every minute in production': edit('/Mappings/Environments/prod/AlarmDatapoints', 3),
    },
  },
  {
    name: 'the alarms of the whole go off where something is wrong, and within minutes',
    check: inEach(function* (rendering) {
      for (const [id, { from, to, of, minutes }] of Object.entries(limits)) {
        const alarm = rendering.resources[id];
        if (!alarm) continue;
        const { Threshold, Statistic, Period, EvaluationPeriods, DatapointsToAlarm, ComparisonOperator } = membersOf(
          alarm.Properties,
        );
        if (!(Number(Threshold) >= from && Number(Threshold) <= to)) yield `${id} goes off at ${key(Threshold)}`;
        if (Statistic !== of || ComparisonOperator !== 'GreaterThanOrEqualToThreshold') yield `${id} reads otherwise`;
        if (!(Number(Period) * Number(EvaluationPeriods) <= 60 * minutes)) yield `${id} goes off too late`;
        if (DatapointsToAlarm !== EvaluationPeriods) yield `${id} goes off by one peak`;
      }
    }),
    seenIn: 'options',
    defects: {
      'ten dead letters': edit('DeadLettersAlarm/Properties/Threshold', 10),
      'by one peak': edit('DatabaseCapacityAlarm/Properties/DatapointsToAlarm', 1),
      'no dead letter': edit('ScheduleDeadLettersAlarm/Properties/Threshold', 0),
      'after a quarter of an hour': edit('DeadLettersAlarm/Properties/Period', 900),
      'the least of a minute': edit('DeadLettersAlarm/Properties/Statistic', 'Minimum'),
      'a run that waits a minute': edit('QueueAgeAlarm/Properties/Threshold', 60),
      'a database at a tenth of its load': edit('DatabaseCapacityAlarm/Properties/Threshold', 9),
    },
  },
  {
    name: 'whoever is named by AlarmEmail is told',
    check: inEach(function* (rendering) {
      const address = rendering.parameters.AlarmEmail;
      const found = ofType(rendering, 'AWS::SNS::Subscription').map(([, each]) => [
        property(each, 'Endpoint'),
        property(each, 'TopicArn'),
        property(each, 'Protocol'),
      ]);
      if (!same(found as never, address === '' ? [] : [[address ?? null, { Ref: 'AlarmTopic' }, 'email']]))
        yield `told are ${key(found as never)}`; // values or nothing
    }),
    seenIn: 'options',
    defects: {
      nobody: edits(
        edit('AlarmMail'),
        edit('/Conditions/AlarmsAreMailed'),
        edit('Dashboard/Metadata', { Mail: { Ref: 'AlarmEmail' } }),
      ),
      'by text': edit('AlarmMail/Properties/Protocol', 'sms'),
      'when nobody is named': edit('/Conditions/AlarmsAreMailed', { 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }),
    },
  },
];
