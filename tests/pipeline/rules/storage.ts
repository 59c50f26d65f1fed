import { at, type Json, key, listOf, membersOf, same } from '../../template/json.ts';
import { ofType, property, type Rendering } from '../../template/stack.ts';
import { edit, editEnvironment, inEveryStack, type Rule } from '../rule.ts';
import { attribute } from '../statements.ts';
import { account } from '../template.ts';

const keys = (rendering: Rendering) => ofType(rendering, 'AWS::KMS::Key');
const buckets = (rendering: Rendering) => ofType(rendering, 'AWS::S3::Bucket');
const keyPolicy = 'ArtifactKey/Properties/KeyPolicy/Statement';
const bucketPolicy = (id: string) => `${id}Policy/Properties/PolicyDocument/Statement/@TlsOnly`;

/** Who may use a key, besides the account by its policies: services for one purpose of this account. */
const keyUsersOf = ({
  parameters,
}: Rendering): Readonly<Record<string, { readonly verbs: string[]; readonly condition: Json }>> => ({
  'logs.us-east-1.amazonaws.com': {
    verbs: [
      'Encrypt',
      'Decrypt',
      'ReEncryptFrom',
      'ReEncryptTo',
      'GenerateDataKey',
      'GenerateDataKeyWithoutPlaintext',
      'DescribeKey',
    ],
    condition: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:us-east-1:${account}:log-group:/aws/codebuild/${parameters.ProjectName}-*`,
      },
    },
  },
  'codestar-notifications.amazonaws.com': {
    verbs: ['Decrypt', 'GenerateDataKey'],
    condition: { StringEquals: { 'kms:ViaService': 'sns.us-east-1.amazonaws.com', 'aws:SourceAccount': account } },
  },
});

export const storageRules: readonly Rule[] = [
  {
    name: "every bucket is encrypted by the stack's key, versioned, private and kept",
    check: inEveryStack(function* (rendering) {
      const [[keyId = ''] = []] = keys(rendering);
      for (const [id, bucket] of buckets(rendering)) {
        const rule = at(property(bucket, 'BucketEncryption/ServerSideEncryptionConfiguration'), '0');
        const byKey = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: attribute(keyId) };
        if (!same(at(rule, 'ServerSideEncryptionByDefault'), byKey)) yield `${id} is encrypted by ${key(rule)}`;
        if (at(rule, 'BucketKeyEnabled') !== true) yield `${id} pays for each object's key`;
        if (property(bucket, 'VersioningConfiguration/Status') !== 'Enabled') yield `${id} has no versions`;
        for (const block of ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'])
          if (property(bucket, `PublicAccessBlockConfiguration/${block}`) !== true) yield `${id}: ${block} is off`;
        const owner = [{ ObjectOwnership: 'BucketOwnerEnforced' }];
        if (!same(property(bucket, 'OwnershipControls/Rules'), owner)) yield `${id} takes access lists`;
        for (const name of ['AccessControl', 'WebsiteConfiguration', 'CorsConfiguration'])
          if (property(bucket, name) !== undefined) yield `${id} has ${name}`;
        if (bucket.DeletionPolicy !== 'Retain' || bucket.UpdateReplacePolicy !== 'Retain')
          yield `${id} goes with the stack`;
      }
    }),
    defects: {
      'not encrypted': edit('ArtifactStoreBucket/Properties/BucketEncryption'),
      'by a key of AWS': edit(
        'ArtifactStoreBucket/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault',
        { SSEAlgorithm: 'AES256' },
      ),
      'no versions': edit('ArtifactStoreBucket/Properties/VersioningConfiguration'),
      'versions off': edit('ArtifactStoreBucket/Properties/VersioningConfiguration/Status', 'Suspended'),
      'no block': edit('ArtifactStoreBucket/Properties/PublicAccessBlockConfiguration'),
      'three blocks of four': edit(
        'ArtifactStoreBucket/Properties/PublicAccessBlockConfiguration/RestrictPublicBuckets',
        false,
      ),
      'access lists': edit('ArtifactStoreBucket/Properties/OwnershipControls'),
      public: edit('ArtifactStoreBucket/Properties/AccessControl', 'PublicRead'),
      "an environment's is public": editEnvironment('ArtifactsBucket/Properties/PublicAccessBlockConfiguration'),
      "an environment's is not encrypted": editEnvironment('ArtifactsBucket/Properties/BucketEncryption'),
      'deleted with the stack': edit('ArtifactStoreBucket/DeletionPolicy', 'Delete'),
    },
  },
  {
    name: 'artifacts expire after 90 days, the code of releases never',
    check: inEveryStack(function* (rendering) {
      for (const [id, bucket] of buckets(rendering)) {
        const rules = listOf(property(bucket, 'LifecycleConfiguration/Rules')).map(membersOf);
        const active = rules.filter(({ Status, Prefix, TagFilters }) => Status === 'Enabled' && !Prefix && !TagFilters);
        const days = active.map((rule) => rule.ExpirationInDays).filter((each) => each !== undefined);
        if (!same(days, id === 'ArtifactStoreBucket' ? [90] : [])) yield `${id} keeps for ${days} days`;
        if (!active.some((rule) => Number(at(rule, 'NoncurrentVersionExpiration/NoncurrentDays')) <= 90))
          yield `${id} keeps what was overwritten`;
        if (!active.some((rule) => Number(at(rule, 'AbortIncompleteMultipartUpload/DaysAfterInitiation')) <= 30))
          yield `${id} keeps what was not finished`;
        if (rules.length !== active.length) yield `${id} has rules that are off`;
      }
    }),
    defects: {
      'kept for ever': edit('ArtifactStoreBucket/Properties/LifecycleConfiguration'),
      'the rule is off': edit('ArtifactStoreBucket/Properties/LifecycleConfiguration/Rules/0/Status', 'Disabled'),
      'kept for a day': edit('ArtifactStoreBucket/Properties/LifecycleConfiguration/Rules/0/ExpirationInDays', 1),
      'what a rollback needs expires': editEnvironment(
        'ArtifactsBucket/Properties/LifecycleConfiguration/Rules/0/ExpirationInDays',
        90,
      ),
    },
  },
  {
    name: 'every bucket refuses what is not encrypted on the way, and lets nobody in by its policy',
    check: inEveryStack(function* (rendering) {
      for (const [id] of buckets(rendering)) {
        const policies = ofType(rendering, 'AWS::S3::BucketPolicy').filter(([, each]) =>
          same(property(each, 'Bucket') ?? null, { Ref: id }),
        );
        const statements = policies.flatMap(([, each]) => listOf(property(each, 'PolicyDocument/Statement')));
        const tls = {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [attribute(id), { 'Fn::Sub': `\${${id}.Arn}/*` }],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        };
        if (!same(statements, [tls])) yield `${id}: ${key(statements)}`;
      }
    }),
    defects: {
      'no policy': edit('ArtifactStoreBucketPolicy'),
      'objects only': edit(`${bucketPolicy('ArtifactStoreBucket')}/Resource`, {
        'Fn::Sub': `\${ArtifactStoreBucket.Arn}/*`,
      }),
      'the bucket only': edit(`${bucketPolicy('ArtifactStoreBucket')}/Resource/1`),
      'turned round': edit(`${bucketPolicy('ArtifactStoreBucket')}/Condition/Bool/aws:SecureTransport`, 'true'),
      'allowed instead': edit(`${bucketPolicy('ArtifactStoreBucket')}/Effect`, 'Allow'),
      'for some only': edit(`${bucketPolicy('ArtifactStoreBucket')}/Action`, 's3:PutObject'),
      'everybody reads': edit('ArtifactStoreBucketPolicy/Properties/PolicyDocument/Statement/-', {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: { 'Fn::Sub': `\${ArtifactStoreBucket.Arn}/*` },
      }),
      'in an environment': editEnvironment(`${bucketPolicy('ArtifactsBucket')}/Condition`),
      'of another bucket': editEnvironment('ArtifactsBucketPolicy/Properties/Bucket', 'another'),
    },
  },
  {
    name: 'there is one key for each stack, which rotates and is kept',
    check: inEveryStack(function* (rendering) {
      if (keys(rendering).length !== 1) yield `${keys(rendering).length} keys`;
      for (const [id, each] of keys(rendering)) {
        if (property(each, 'EnableKeyRotation') !== true) yield `${id} does not rotate`;
        if ((property(each, 'Enabled') ?? true) !== true) yield `${id} is off`;
        if (!(Number(property(each, 'PendingWindowInDays')) >= 7)) yield `${id} goes at once`;
        if (each.DeletionPolicy !== 'Retain' || each.UpdateReplacePolicy !== 'Retain')
          yield `${id} goes with the stack`;
        for (const name of ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'])
          if (property(each, name) !== undefined) yield `${id} has ${name}`;
      }
    }),
    defects: {
      'it does not rotate': edit('ArtifactKey/Properties/EnableKeyRotation', false),
      'rotation is not said': editEnvironment('ArtifactsKey/Properties/EnableKeyRotation'),
      'deleted with the stack': edit('ArtifactKey/DeletionPolicy', 'Delete'),
      'kept unsaid': edit('ArtifactKey/UpdateReplacePolicy'),
      'it is off': edit('ArtifactKey/Properties/Enabled', false),
    },
  },
  {
    name: "a key is used by the account's own policies, by its logs and by its notices",
    check: inEveryStack(function* (rendering) {
      const keyUsers = keyUsersOf(rendering);
      for (const [id, each] of keys(rendering)) {
        const [first, ...others] = listOf(property(each, 'KeyPolicy/Statement')).map(membersOf);
        const root = {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        };
        if (!same({ ...first, Sid: '' }, { ...root, Sid: '' })) yield `${id}: ${key(first)}`;
        for (const { Principal, Effect, Action, Condition, Resource } of others) {
          const service = String(membersOf(Principal).Service);
          const user = keyUsers[service];
          if (!user || Object.keys(membersOf(Principal)).length > 1) yield `${id} is for ${key(Principal)}`;
          const verbs = listOf(Action).map((action) => String(action).replace('kms:', ''));
          if (Effect !== 'Allow' || Resource !== '*' || !same(verbs, user?.verbs ?? null))
            yield `${id}: ${service} may ${verbs}`;
          if (!same(Condition, user?.condition ?? null)) yield `${id}: ${service} on ${key(Condition)}`;
        }
        const needed = id === 'ArtifactKey' ? Object.keys(keyUsers).length : 0;
        if (others.length !== needed) yield `${id} is for ${others.length} services`;
      }
    }),
    defects: {
      anybody: edit(`${keyPolicy}/-`, {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'kms:Decrypt',
        Resource: '*',
      }),
      'anybody for everything': edit(`${keyPolicy}/@TheAccountDecidesByItsPolicies/Principal`, '*'),
      'logs of any account': edit(`${keyPolicy}/@LogsAreEncrypted/Condition`),
      'no logs': edit(`${keyPolicy}/@LogsAreEncrypted`),
      'no notices': edit(`${keyPolicy}/@NoticesReachTheTopic`),
      'notices of any account': edit(`${keyPolicy}/@NoticesReachTheTopic/Condition/StringEquals/aws:SourceAccount`),
      'another account': editEnvironment('ArtifactsKey/Properties/KeyPolicy/Statement/-', {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::999988887777:root' },
        Action: 'kms:*',
        Resource: '*',
      }),
      'notices cannot be encrypted': edit(`${keyPolicy}/@NoticesReachTheTopic/Action`, ['kms:Decrypt']),
      'notices delete it': edit(`${keyPolicy}/@NoticesReachTheTopic/Action/-`, 'kms:ScheduleKeyDeletion'),
    },
  },
];
