import { key, listOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { attribute } from '../statements.ts';
import { account } from '../template.ts';

const topicPolicy = 'NoticeTopicPolicy/Properties/PolicyDocument/Statement';

export const noticeRules: readonly Rule[] = [
  {
    name: 'every failed stage is told to the topic',
    check: inEach(function* (rendering) {
      const rules = ofType(rendering, 'AWS::CodeStarNotifications::NotificationRule').map(([, each]) => each);
      const [rule] = rules.filter((each) =>
        same(property(each, 'Resource'), { 'Fn::Sub': `arn:aws:codepipeline:us-east-1:${account}:\${Pipeline}` }),
      );
      if (!rule) yield 'nothing is told of the pipeline';
      if ((property(rule, 'Status') ?? 'ENABLED') !== 'ENABLED') yield 'it is off';
      if (!listOf(property(rule, 'EventTypeIds')).includes('codepipeline-pipeline-stage-execution-failed'))
        yield `it tells of ${key(property(rule, 'EventTypeIds'))}`;
      const targets = [{ TargetType: 'SNS', TargetAddress: { Ref: 'NoticeTopic' } }];
      if (!same(property(rule, 'Targets'), targets)) yield `it tells ${key(property(rule, 'Targets'))}`;
      // The rule checks that it can publish when it is made.
      if (!listOf(rule?.DependsOn).includes('NoticeTopicPolicy')) yield 'the rule may come before the policy';
    }),
    defects: {
      'no rule': edit('FailureNotice'),
      'it is off': edit('FailureNotice/Properties/Status', 'DISABLED'),
      'of successes': edit('FailureNotice/Properties/EventTypeIds', [
        'codepipeline-pipeline-stage-execution-succeeded',
      ]),
      'nobody is told': edit('FailureNotice/Properties/Targets', []),
      'another topic': edit('FailureNotice/Properties/Targets/0/TargetAddress', {
        'Fn::Sub': `arn:\${AWS::Partition}:sns:\${AWS::Region}:\${AWS::AccountId}:others`,
      }),
      'another pipeline': edit('FailureNotice/Properties/Resource', {
        'Fn::Sub': `arn:\${AWS::Partition}:codepipeline:\${AWS::Region}:\${AWS::AccountId}:another`,
      }),
      'before the policy': edit('FailureNotice/DependsOn'),
    },
  },
  {
    name: 'the topic is encrypted, and takes notices of this account alone',
    check: inEach(function* (rendering) {
      const topics = ofType(rendering, 'AWS::SNS::Topic');
      if (
        !same(
          topics.map(([id]) => id),
          ['NoticeTopic'],
        )
      )
        yield `${topics.length} topics`;
      for (const [id, each] of topics)
        if (!same(property(each, 'KmsMasterKeyId'), attribute('ArtifactKey')))
          yield `${id} is encrypted by ${key(property(each, 'KmsMasterKeyId'))}`;
      const policy = rendering.resources.NoticeTopicPolicy;
      if (!same(property(policy, 'Topics'), [{ Ref: 'NoticeTopic' }])) yield 'the policy is of another topic';
      const topic = { Action: 'sns:Publish', Resource: { Ref: 'NoticeTopic' } };
      const expected = [
        {
          Sid: 'FailuresAreTold',
          Effect: 'Allow',
          Principal: { Service: 'codestar-notifications.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': account } },
          ...topic,
        },
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          ...topic,
        },
      ];
      if (!same(property(policy, 'PolicyDocument/Statement'), expected)) yield key(property(policy, 'PolicyDocument'));
    }),
    defects: {
      'not encrypted': edit('NoticeTopic/Properties/KmsMasterKeyId'),
      'by a key that notices cannot use': edit('NoticeTopic/Properties/KmsMasterKeyId', 'alias/aws/sns'),
      'no policy': edit(`${topicPolicy}/@FailuresAreTold`),
      'anybody publishes': edit(`${topicPolicy}/@FailuresAreTold/Principal`, '*'),
      "any account's notices": edit(`${topicPolicy}/@FailuresAreTold/Condition`),
      'in the clear': edit(`${topicPolicy}/@TlsOnly`),
      'they subscribe too': edit(`${topicPolicy}/@FailuresAreTold/Action`, ['sns:Publish', 'sns:Subscribe']),
    },
  },
  {
    name: 'whoever is named by NoticeEmail is told',
    check: inEach(function* (rendering) {
      const { NoticeEmail } = rendering.parameters;
      const found = ofType(rendering, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties ?? null);
      const mail = { TopicArn: { Ref: 'NoticeTopic' }, Protocol: 'email', Endpoint: NoticeEmail ?? '' };
      if (!same(found, NoticeEmail === '' ? [] : [mail])) yield `told are ${key(found)}`;
    }),
    defects: {
      nobody: edit('NoticeMail'),
      'when nobody is named': edit('NoticeMail/Condition'),
      'the other way round': edit('/Conditions/NoticesAreMailed', { 'Fn::Equals': [{ Ref: 'NoticeEmail' }, ''] }),
      'somebody else': edits(edit('NoticeMail/Properties/Endpoint', 'somebody@example.com')),
    },
  },
];
