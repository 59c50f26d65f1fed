import { at, key, listOf, membersOf, same } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering } from '../stack.ts';

const worker = (rendering: Rendering) => rendering.resources.AllocationWorker;
const queue = (rendering: Rendering) => rendering.resources.AllocationQueue;
const mapping = 'AllocationWorker/Properties/Events/Runs/Properties';

export const queueRules: readonly Rule[] = [
  {
    name: 'large runs go through a queue that keeps their order',
    check: inEach(function* (rendering) {
      for (const id of ['AllocationQueue', 'AllocationDeadLetterQueue']) {
        const each = rendering.resources[id];
        if (property(each, 'FifoQueue') !== true || !String(property(each, 'QueueName') ?? '.fifo').endsWith('.fifo'))
          yield `${id} keeps no order`;
        if (property(each, 'ContentBasedDeduplication') === true) yield `${id} decides by itself what is sent twice`;
      }
    }),
    defects: {
      'it does not': edits(
        edit('AllocationQueue/Properties/FifoQueue'),
        edit('AllocationQueue/Properties/QueueName', { 'Fn::Sub': `\${AWS::StackName}-allocation` }),
      ),
      'a dead letter loses it': edit('AllocationDeadLetterQueue/Properties/FifoQueue', false),
    },
  },
  {
    name: 'a run that fails again and again lands among the dead letters, and stays there',
    check: inEach(function* (rendering) {
      const redrive = membersOf(property(queue(rendering), 'RedrivePolicy'));
      if (!same(redrive.deadLetterTargetArn, { 'Fn::GetAtt': ['AllocationDeadLetterQueue', 'Arn'] }))
        yield 'it is tried for ever, then forgotten';
      const tries = Number(redrive.maxReceiveCount ?? 0);
      if (tries < 3 || tries > 10) yield `it is tried ${tries} times`;
      const dead = rendering.resources.AllocationDeadLetterQueue;
      const kept = Number(property(dead, 'MessageRetentionPeriod') ?? 345600);
      if (kept < 1209600) yield `a dead letter is kept ${kept} s`;
      if (property(queue(rendering), 'MessageRetentionPeriod') !== 345600) yield 'a run is not kept for four days';
      if (kept <= Number(property(queue(rendering), 'MessageRetentionPeriod') ?? 345600))
        yield 'a dead letter dies at once, since its age counts on';
      for (const [id, each] of ofType(rendering, 'AWS::SQS::Queue'))
        if (id.includes('DeadLetter') && property(each, 'MessageRetentionPeriod') !== 1209600) yield `${id} forgets`;
      const from = `arn:aws:sqs:us-east-1:111122223333:${property(queue(rendering), 'QueueName')}`;
      if (!same(property(dead, 'RedriveAllowPolicy'), { redrivePermission: 'byQueue', sourceQueueArns: [from] }))
        yield 'other queues write dead letters, or this may not';
    }),
    defects: {
      'it is forgotten': edit('AllocationQueue/Properties/RedrivePolicy'),
      'it is tried a thousand times': edit('AllocationQueue/Properties/RedrivePolicy/maxReceiveCount', 1000),
      once: edit('AllocationQueue/Properties/RedrivePolicy/maxReceiveCount', 1),
      'into itself': edit('AllocationQueue/Properties/RedrivePolicy/deadLetterTargetArn', {
        'Fn::GetAtt': ['ScheduleDeadLetterQueue', 'Arn'],
      }),
      'a run is kept for an hour': edit('AllocationQueue/Properties/MessageRetentionPeriod', 3600),
      'it is kept a day': edit('AllocationDeadLetterQueue/Properties/MessageRetentionPeriod', 86400),
      'the queue is renamed': edit('AllocationQueue/Properties/QueueName', {
        'Fn::Sub': `\${AWS::StackName}-runs.fifo`,
      }),
    },
  },
  {
    name: 'a run stays invisible for six times the time that its worker has',
    check: inEach(function* (rendering) {
      const hidden = Number(property(queue(rendering), 'VisibilityTimeout') ?? 30);
      const needed = 6 * Number(property(worker(rendering), 'Timeout'));
      if (hidden < needed || hidden > 43200) yield `it is ${hidden} s of ${needed}`;
    }),
    defects: {
      'the default of 30 s': edit('AllocationQueue/Properties/VisibilityTimeout'),
      'as long as the worker': edit('AllocationQueue/Properties/VisibilityTimeout', 900),
    },
  },
  {
    name: 'the worker takes one run at a time, by its alias, and says which ones failed',
    check: inEach(function* (rendering) {
      const mappings = ofType(rendering, 'AWS::Lambda::EventSourceMapping');
      if (mappings.length !== 1) yield 'nobody takes the runs';
      for (const [id, each] of mappings) {
        if (!same(property(each, 'FunctionName'), { Ref: 'AllocationWorkerAliaslive' }))
          yield `${id} is past the alias`;
        if (!same(property(each, 'EventSourceArn'), { 'Fn::GetAtt': ['AllocationQueue', 'Arn'] }))
          yield `${id} reads another queue`;
        if (Number(property(each, 'BatchSize') ?? 10) !== 1) yield `${id} takes several runs`;
        if (!same(property(each, 'FunctionResponseTypes'), ['ReportBatchItemFailures']))
          yield `${id} deletes what failed`;
        if (property(each, 'Enabled') === false) yield `${id} is off`;
        if (property(each, 'FilterCriteria') !== undefined) yield `${id} drops runs`;
        const most = Number(property(each, 'ScalingConfig/MaximumConcurrency') ?? 1000);
        if (!(most >= 2 && most <= 10))
          // the least that Lambda takes is 2
          yield `${id} exhausts the database`;
        if (property(each, 'MaximumBatchingWindowInSeconds')) yield `${id} waits, which a FIFO queue refuses`;
      }
    }),
    defects: {
      'ten at a time': edit(`${mapping}/BatchSize`, 10),
      'failures are lost': edit(`${mapping}/FunctionResponseTypes`),
      'it is off': edit(`${mapping}/Enabled`, false),
      'it reads the dead letters': edit(`${mapping}/Queue`, { 'Fn::GetAtt': ['AllocationDeadLetterQueue', 'Arn'] }),
      'as many as there are': edit(`${mapping}/ScalingConfig`),
      nobody: edit('AllocationWorker/Properties/Events'),
    },
  },
  {
    name: 'nothing is run by the clock unless AllocationSchedule says when',
    check: inEach(function* (rendering) {
      const scheduled = ofType(rendering, 'AWS::Scheduler::Schedule');
      if (scheduled.length !== (rendering.parameters.AllocationSchedule === '' ? 0 : 1))
        yield `${scheduled.length} schedules wake the cluster`;
      for (const type of ['AWS::Events::Rule', 'AWS::Synthetics::Canary', 'AWS::Route53::HealthCheck'])
        for (const [id] of ofType(rendering, type)) yield `${id} wakes the cluster`;
    }),
    defects: {
      always: edits(
        edit('Schedule/Condition'),
        edit('ScheduleRole/Condition'),
        edit('ScheduleDeadLetterQueue/Condition'),
      ),
      'a rule of EventBridge': edit('Warmer', {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' },
      }),
    },
  },
  {
    name: 'the schedule sends the stored request once to the alias, as the function reads it',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::Scheduler::Schedule')) {
        const target = property(each, 'Target');
        if (!same(at(target, 'Arn'), { Ref: 'AllocationFunctionAliaslive' })) yield `${id} is past the alias`;
        if (!same(at(target, 'RoleArn'), { 'Fn::GetAtt': ['ScheduleRole', 'Arn'] })) yield `${id} has another role`;
        if (property(each, 'ScheduleExpression') !== rendering.parameters.AllocationSchedule)
          yield `${id} runs at another time`;
        if (property(each, 'ScheduleExpressionTimezone') !== rendering.parameters.TimeZone)
          yield `${id} runs in another zone`;
        if (property(each, 'State') === 'DISABLED') yield `${id} is off`;
        if (!same(at(target, 'DeadLetterConfig/Arn'), { 'Fn::GetAtt': ['ScheduleDeadLetterQueue', 'Arn'] }))
          yield `${id} fails in silence`;
        const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = membersOf(at(target, 'RetryPolicy'));
        if (!(Number(MaximumRetryAttempts) >= 2 && Number(MaximumRetryAttempts) <= 10)) yield `${id} is tried all day`;
        if (!(Number(MaximumEventAgeInSeconds) >= 900 && Number(MaximumEventAgeInSeconds) <= 3600))
          yield `${id} is tried until noon`;
        if (!same(property(each, 'FlexibleTimeWindow'), { Mode: 'OFF' })) yield `${id} runs at some time or other`;
        if (property(each, 'Name') !== 'the-stack-allocation') yield `${id} is called ${property(each, 'Name')}`;
        const dead = rendering.resources.ScheduleDeadLetterQueue;
        if (property(dead, 'FifoQueue') !== undefined) yield `${id} writes to standard queues only`;
        if (property(dead, 'QueueName') !== 'the-stack-schedule-dead-letters')
          yield 'the dead letters of the schedule have another name';
        const input: unknown = JSON.parse(String(at(target, 'Input')));
        const expected = {
          source: 'inventory.schedule',
          idempotencyKey: '<aws.scheduler.scheduled-time>',
          request: JSON.parse(String(rendering.parameters.AllocationRequest)),
        };
        if (key(input as never) !== key(expected)) yield `${id} sends ${key(input as never)}`; // JSON by its parser
      }
    }),
    seenIn: 'options',
    defects: {
      'past the alias': edit('Schedule/Properties/Target/Arn', { 'Fn::GetAtt': ['AllocationFunction', 'Arn'] }),
      twice: edit('Schedule/Properties/Target/Input', {
        'Fn::Sub': `{"source":"inventory.schedule","request":\${AllocationRequest}}`,
      }),
      'until the next evening': edit('Schedule/Properties/Target/RetryPolicy/MaximumEventAgeInSeconds', 86400),
      'within an hour': edit('Schedule/Properties/FlexibleTimeWindow', {
        Mode: 'FLEXIBLE',
        MaximumWindowInMinutes: 60,
      }),
      'into a queue that it cannot write': edits(
        edit('ScheduleDeadLetterQueue/Properties/FifoQueue', true),
        edit('ScheduleDeadLetterQueue/Properties/QueueName', { 'Fn::Sub': `\${AWS::StackName}-dead-letters.fifo` }),
      ),
      'in silence': edit('Schedule/Properties/Target/DeadLetterConfig'),
      'in UTC': edit('Schedule/Properties/ScheduleExpressionTimezone', 'UTC'),
    },
  },
  {
    name: 'the schedule may call its function and no other',
    check: inEach(function* (rendering) {
      const policies = listOf(property(rendering.resources.ScheduleRole, 'Policies/0/PolicyDocument/Statement')).map(
        membersOf,
      );
      const expected = [
        ['lambda:InvokeFunction', { Ref: 'AllocationFunctionAliaslive' }],
        ['sqs:SendMessage', { 'Fn::GetAtt': ['ScheduleDeadLetterQueue', 'Arn'] }],
        [['kms:GenerateDataKey', 'kms:Decrypt'], { 'Fn::GetAtt': ['Key', 'Arn'] }],
      ] as const;
      if (
        rendering.resources.ScheduleRole &&
        !same(
          policies.map(({ Action = null, Resource = null }) => [Action, Resource]),
          expected,
        )
      )
        yield 'the role allows more or less';
    }),
    seenIn: 'options',
    defects: {
      'any function': edit('ScheduleRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource', '*'),
      'no dead letter': edit('ScheduleRole/Properties/Policies/0/PolicyDocument/Statement/1'),
    },
  },
];
