import { key, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const alarms = (rendering: Rendering) => ofType(rendering, 'AWS::CloudWatch::Alarm');

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
];
