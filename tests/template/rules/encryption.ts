import { key, listOf, membersOf, same, textsOf } from '../json.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { ofType, property, type Rendering, referencesOf } from '../stack.ts';

/** Where each type that keeps something names the key. A type that is missing here and keeps something must be added. */
const keyOf: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification/KMSMasterKeyId'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::RDS::DBCluster': ['KmsKeyId', 'MasterUserSecret/KmsKeyId'],
  'AWS::RDS::DBInstance': ['PerformanceInsightsKMSKeyId'],
  'AWS::S3::Bucket': [
    'BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID',
  ],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
  'AWS::Scheduler::Schedule': ['KmsKeyArn'],
  'AWS::SecretsManager::Secret': ['KmsKeyId'],
};

const statementsOf = (rendering: Rendering) =>
  ofType(rendering, 'AWS::KMS::Key').flatMap(([, each]) => listOf(property(each, 'KeyPolicy/Statement')));

export const encryptionRules: readonly Rule[] = [
  {
    name: "everything that is kept is encrypted with the stack's key",
    check: inEach(function* (rendering) {
      for (const [type, paths] of Object.entries(keyOf)) {
        for (const [id, each] of ofType(rendering, type)) {
          for (const path of paths) {
            // SQS and SNS take the id of a key, the others its ARN.
            const right = /SQS|SNS/.test(type) ? { Ref: 'Key' } : { 'Fn::GetAtt': ['Key', 'Arn'] };
            if (!same(property(each, path), right)) yield `${id} names no key at ${path}`;
          }
          if (type.endsWith('Cluster') && property(each, 'StorageEncrypted') !== true) yield `${id} is not encrypted`;
        }
      }
    }),
    seenIn: 'options',
    defects: {
      'the database is not': edit('DBCluster/Properties/StorageEncrypted', false),
      'the database does not say': edit('DBCluster/Properties/StorageEncrypted'),
      'the database has the common key': edit('DBCluster/Properties/KmsKeyId'),
      "the master's secret has the common key": edit('DBCluster/Properties/MasterUserSecret'),
      'a queue is not': edit('AllocationQueue/Properties/KmsMasterKeyId'),
      'the dead letters are not': edit('AllocationDeadLetterQueue/Properties/KmsMasterKeyId'),
      'the topic is not': edit('AlarmTopic/Properties/KmsMasterKeyId'),
      'a group of logs is not': edit('MainLogs/Properties/KmsKeyId'),
      'a group of logs names it by its id': edit('FlowLogs/Properties/KmsKeyId', { Ref: 'Key' }),
      'the secret is not': edit('ApplicationSecret/Properties/KmsKeyId'),
      'the schedule is not': edit('Schedule/Properties/KmsKeyArn'),
      'the queue has the key of the service': edit('AllocationQueue/Properties/KmsMasterKeyId', 'alias/aws/sqs'),
    },
  },
  {
    name: 'there is one key, which rotates and outlives the stack',
    check: inEach(function* (rendering) {
      const keys = ofType(rendering, 'AWS::KMS::Key');
      if (keys.length !== 1) yield `there are ${keys.length} keys, each paid for`;
      for (const [id, each] of keys) {
        if (property(each, 'EnableKeyRotation') !== true) yield `${id} does not rotate`;
        if (property(each, 'Enabled') === false) yield `${id} is off`;
        if (each.DeletionPolicy !== 'Retain' || each.UpdateReplacePolicy !== 'Retain')
          yield `${id} dies with the stack`;
        if (Number(property(each, 'PendingWindowInDays') ?? 30) < 30) yield `${id} is gone too soon`;
      }
    }),
    defects: {
      'it does not rotate': edit('Key/Properties/EnableKeyRotation', false),
      'it is deleted': edit('Key/DeletionPolicy', 'Delete'),
      'it is lost when replaced': edit('Key/UpdateReplacePolicy'),
      'there are two': edit('SecondKey', {
        Type: 'AWS::KMS::Key',
        Properties: { EnableKeyRotation: true, KeyPolicy: {} },
      }),
    },
  },
  {
    name: 'the key is for the account, and for services in its name only',
    check: inEach(function* (rendering) {
      const root = { AWS: 'arn:aws:iam::111122223333:root' };
      const statements = statementsOf(rendering).map(membersOf);
      if (!statements.some(({ Principal, Action }) => same(Principal, root) && Action === 'kms:*'))
        yield 'the account is shut out of its key';
      const own = statements.find(({ Principal }) => same(Principal, root));
      if (own?.Condition !== undefined) yield 'the account has its key on a condition';
      if (statements.some(({ Effect }) => Effect !== 'Allow'))
        yield 'the key refuses somebody, which no one can take back';
      for (const { Principal, Action, Condition, Effect, Resource } of statements) {
        if (Resource !== '*') yield 'a policy of a key is of that key alone, whatever it says';
        if (same(Principal, root) || Effect === 'Deny') continue;
        const service = membersOf(Principal).Service;
        if (typeof service !== 'string') yield `somebody else has the key: ${key(Principal)}`;
        if (textsOf(Action).some((action) => action.includes('*'))) yield `${service} may do anything with the key`;
        if (!/111122223333/.test(key(Condition))) yield `${service} may use it for another account`;
      }
    }),
    defects: {
      'everybody has it': edit('Key/Properties/KeyPolicy/Statement/-', {
        Effect: 'Allow',
        Principal: '*',
        Action: 'kms:Decrypt',
        Resource: '*',
      }),
      'a service acts for any account': edit('Key/Properties/KeyPolicy/Statement/2/Condition'),
      'logs of any account use it': edit('Key/Properties/KeyPolicy/Statement/1/Condition'),
      'a service may do anything': edit('Key/Properties/KeyPolicy/Statement/2/Action', 'kms:*'),
      'the account is shut out': edit('Key/Properties/KeyPolicy/Statement/0'),
      'the account is shut out by a refusal': edit('Key/Properties/KeyPolicy/Statement/-', {
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:PutKeyPolicy',
        Resource: '*',
      }),
      'the account is let in on a condition': edit('Key/Properties/KeyPolicy/Statement/0/Condition', {
        StringEquals: { 'aws:PrincipalTag/Key': 'yes' },
      }),
    },
  },
  {
    name: 'the key lets logs and alarms through',
    check: inEach(function* (rendering) {
      const allowed = (service: string) =>
        statementsOf(rendering)
          .map(membersOf)
          .filter(({ Principal, Effect }) => membersOf(Principal).Service === service && Effect === 'Allow')
          .flatMap(({ Action }) => textsOf(Action));
      const needed: Readonly<Record<string, readonly string[]>> = {
        'logs.us-east-1.amazonaws.com': [
          ...['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:DescribeKey'],
          ...['kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
        ],
        'cloudwatch.amazonaws.com': ['kms:Decrypt', 'kms:GenerateDataKey'],
      };
      for (const [service, actions] of Object.entries(needed)) {
        for (const action of actions) if (!allowed(service).includes(action)) yield `${service} lacks ${action}`;
      }
      const groups = '"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:us-east-1:111122223333:log-group:*"';
      if (!key(statementsOf(rendering)).includes(`{"ArnLike":{${groups}}}`)) yield 'some groups of logs may not use it';
    }),
    defects: {
      'logs cannot be written': edit('Key/Properties/KeyPolicy/Statement/1'),
      'logs of functions alone can': edit(
        'Key/Properties/KeyPolicy/Statement/1/Condition/ArnLike/kms:EncryptionContext:aws:logs:arn',
        { 'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/*` },
      ),
      'alarms do not reach the topic': edit('Key/Properties/KeyPolicy/Statement/2/Action', 'kms:Decrypt'),
    },
  },
  {
    name: 'the login of the functions is made by the service and known to nobody',
    check: inEach(function* (rendering) {
      for (const [id, each] of ofType(rendering, 'AWS::SecretsManager::Secret')) {
        const made = membersOf(property(each, 'GenerateSecretString'));
        if (property(each, 'SecretString') !== undefined) yield `${id} is written down`;
        if (Number(made.PasswordLength ?? 0) < 32) yield `${id} can be guessed`;
        if (made.ExcludePunctuation !== true) yield `${id} may hold what a client cannot send`;
        if (made.GenerateStringKey !== 'password') yield `${id} has no password`;
        if (made.SecretStringTemplate !== '{"username":"inventory_application"}') yield `${id} is of another role`;
      }
    }),
    defects: {
      'it is written down': edit('ApplicationSecret/Properties/SecretString', '{"username":"a","password":"b"}'),
      'it is short': edit('ApplicationSecret/Properties/GenerateSecretString/PasswordLength', 8),
      'it is of the master': edit(
        'ApplicationSecret/Properties/GenerateSecretString/SecretStringTemplate',
        '{"username":"inventory_admin"}',
      ),
    },
  },
  {
    name: 'queues and topics take nothing that was not encrypted on the way',
    check: inEach(function* (rendering) {
      const policies = (type: string, member: string) =>
        ofType(rendering, type).map(([, each]) => ({
          of: referencesOf(property(each, member)),
          refuses: listOf(property(each, 'PolicyDocument/Statement'))
            .map(membersOf)
            .some(
              ({ Effect, Principal, Condition }) =>
                Effect === 'Deny' &&
                Principal === '*' &&
                String(Object(membersOf(Condition).Bool)['aws:SecureTransport']) === 'false',
            ),
        }));
      const found = [...policies('AWS::SQS::QueuePolicy', 'Queues'), ...policies('AWS::SNS::TopicPolicy', 'Topics')];
      for (const [id] of [...ofType(rendering, 'AWS::SQS::Queue'), ...ofType(rendering, 'AWS::SNS::Topic')]) {
        if (!found.some(({ of, refuses }) => refuses && of.includes(id))) yield `${id} takes plain text`;
      }
    }),
    defects: {
      'the queues do': edit('QueuePolicy'),
      'the topic does': edit('AlarmTopicPolicy/Properties/PolicyDocument/Statement/1'),
      'the dead letters do': edit('QueuePolicy/Properties/Queues/1'),
    },
  },
  {
    name: 'queues and topics are open to nobody by their policies',
    check: inEach(function* (rendering) {
      for (const [id, each] of [
        ...ofType(rendering, 'AWS::SQS::QueuePolicy'),
        ...ofType(rendering, 'AWS::SNS::TopicPolicy'),
      ]) {
        for (const { Effect, Principal, Condition } of listOf(property(each, 'PolicyDocument/Statement')).map(
          membersOf,
        )) {
          if (Effect === 'Deny') continue;
          if (key(Principal).includes('"*"')) yield `${id} is open to all`;
          if (!key(Condition).includes('111122223333')) yield `${id} is open to other accounts`;
        }
      }
    }),
    defects: {
      'everybody may publish': edit('AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Principal', '*'),
      'alarms of any account may': edit('AlarmTopicPolicy/Properties/PolicyDocument/Statement/0/Condition'),
      'everybody may send': edits(
        edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Effect', 'Allow'),
        edit('QueuePolicy/Properties/PolicyDocument/Statement/0/Condition'),
      ),
    },
  },
];
