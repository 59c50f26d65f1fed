import { type Json, key, listOf, membersOf, same } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { ofType, property } from '../stack.ts';
import { statementsOf } from '../statements.ts';

const policy = (role: string) => `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const attribute = (id: string, name = 'Arn'): Json => ({ 'Fn::GetAtt': [id, name] });

export const policyRules: readonly Rule[] = [
  {
    name: 'a policy of queues or topics is of exactly those that it is set on',
    check: inEach(function* (rendering) {
      const kinds = [
        ['AWS::SQS::QueuePolicy', 'Queues', (id: string) => attribute(id)],
        ['AWS::SNS::TopicPolicy', 'Topics', (id: string) => ({ Ref: id })],
      ] as const;
      for (const [type, member, arnOf] of kinds) {
        for (const [id, each] of ofType(rendering, type)) {
          const own = listOf(property(each, member)).map((one) => key(arnOf(String(membersOf(one).Ref))));
          for (const { Resource, Sid } of listOf(property(each, 'PolicyDocument/Statement')).map(membersOf)) {
            const named = listOf(Resource).map((one) => key(one));
            if (!same(named.sort(), own.sort())) yield `${Sid} of ${id} is about ${named.join()}`;
          }
        }
      }
    }),
    seenIn: 'options',
    defects: {
      'the dead letters are named twice': edit(
        'QueuePolicy/Properties/PolicyDocument/Statement/0/Resource/0',
        attribute('AllocationDeadLetterQueue'),
      ),
      'those of the schedule are about another queue': edit(
        'ScheduleQueuePolicy/Properties/PolicyDocument/Statement/0/Resource',
        attribute('AllocationQueue'),
      ),
      'the topic by its name': edit(
        'AlarmTopicPolicy/Properties/PolicyDocument/Statement/1/Resource',
        attribute('AlarmTopic', 'TopicName'),
      ),
    },
  },
  {
    name: 'roles allow and never refuse, and on no condition but the service that uses the key',
    check: inEach(function* (rendering) {
      for (const { role, effect, actions, condition } of statementsOf(rendering)) {
        if (effect !== 'Allow') yield `${role} refuses ${actions.join()}`;
        const service = /^\{"StringEquals":\{"kms:ViaService":"(secretsmanager|sqs)\.us-east-1\.amazonaws\.com"\}\}$/;
        const isOfKey = actions.every((action) => action.startsWith('kms:'));
        if (condition !== undefined && !(isOfKey && service.test(key(condition))))
          yield `${role} allows ${actions.join()} on a condition: ${key(condition)}`;
      }
    }),
    defects: {
      'it refuses': edit(`${policy('MainFunctionRole')}/-`, {
        Effect: 'Deny',
        Action: 'rds-data:ExecuteStatement',
        Resource: '*',
      }),
      'from one address': edit(`${policy('MainFunctionRole')}/2/Condition`, {
        IpAddress: { 'aws:SourceIp': '10.0.0.0/16' },
      }),
    },
  },
  {
    name: 'the flow log writes into its own group',
    check: inEach(function* (rendering) {
      for (const { actions, resources } of statementsOf(rendering, 'FlowLogRole'))
        if (!same(resources, [attribute('FlowLogs')])) yield `it may ${actions.join()} on ${resources.map(key).join()}`;
      for (const [id, each] of ofType(rendering, 'AWS::EC2::FlowLog')) {
        if (!same(property(each, 'LogGroupName'), { Ref: 'FlowLogs' })) yield `${id} writes elsewhere`;
        if (!same(property(each, 'DeliverLogsPermissionArn'), attribute('FlowLogRole'))) yield `${id} has another role`;
      }
    }),
    defects: {
      'the group of another': edit(`${policy('FlowLogRole')}/0/Resource`, attribute('AccessLogs')),
      'the role of another': edit('FlowLog/Properties/DeliverLogsPermissionArn', attribute('CodeDeployRole')),
    },
  },
];
