import { at, isObject, type Json, key, listOf, membersOf, within } from '../../template/json.ts';
import { referencesOf } from '../../template/stack.ts';
import { edit, editEnvironment, inEveryStack, type Rule } from '../rule.ts';

/** What stands for itself; everything else is there for something that names it. */
const ends = [
  'AWS::CodePipeline::Pipeline',
  'AWS::CodeStarNotifications::NotificationRule',
  'AWS::CloudFormation::Stack',
  'AWS::CodeBuild::ReportGroup', // named by the buildspecs: a rule of its own
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::KMS::Alias',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
];

export const referenceRules: readonly Rule[] = [
  {
    name: 'everything that is named is there, for every choice of parameters',
    check: inEveryStack(function* (rendering) {
      const { transformed, resources, parameters, outputs } = rendering;
      for (const [id, each] of [...Object.entries(resources), ...Object.entries(outputs)]) {
        const variables = [...within(each)].flatMap((value) =>
          isObject(value) && Array.isArray(value['Fn::Sub']) ? Object.keys(membersOf(value['Fn::Sub'][1])) : [],
        );
        for (const name of [...referencesOf(each), ...listOf(at(each, 'DependsOn')).map(String)])
          if (!resources[name] && !variables.includes(name) && !name.startsWith('AWS::')) yield `${id} names ${name}`;
      }
      for (const name of Object.keys(parameters))
        if (membersOf(transformed.Parameters)[name] === undefined) yield `there is no parameter ${name}`;
      for (const [id, each] of Object.entries(membersOf(transformed.Outputs)))
        if (typeof at(each, 'Description') !== 'string' || at(each, 'Value') === undefined)
          yield `the output ${id} says nothing`;
    }),
    defects: {
      'a resource is gone': edit('PackageUpstream'),
      'a role is gone': edit('TestServiceRole'),
      'a slip of the pen': edit('DeployProdProject/Properties/EncryptionKey', { 'Fn::GetAtt': ['ArtefactKey', 'Arn'] }),
      'a connection with CodeCommit': edit('CodePipelinePolicy/Properties/PolicyDocument/Statement/4', {
        Effect: 'Allow',
        Action: 'codeconnections:UseConnection',
        Resource: { Ref: 'SourceConnection' },
      }),
      'an output of a resource that is not always there': edit('/Outputs/Connection', {
        Description: 'Its ARN',
        Value: { Ref: 'SourceConnection' },
      }),
      'waits for nothing': edit('Pipeline/DependsOn', ['CodePipelinePolicies']),
      'in environment.yaml': editEnvironment('Boundary'),
      'an output without words': edit('/Outputs/PipelineUrl/Description'),
    },
  },
  {
    name: 'nothing is there for nothing',
    check: function* ({ source: { template, environment } }) {
      for (const each of [template, environment]) {
        const named = new Set(referencesOf(each));
        const conditions = new Set<Json>(
          [...within(each)].flatMap((value) =>
            isObject(value) ? [value.Condition ?? null, at(value['Fn::If'], '0') ?? null] : [],
          ),
        );
        for (const name of Object.keys(membersOf(each.Parameters)))
          if (!named.has(name)) yield `nobody asks for ${name}`;
        for (const name of Object.keys(membersOf(each.Conditions)))
          if (!conditions.has(name)) yield `nobody asks whether ${name}`;
        for (const [id, resource] of Object.entries(membersOf(each.Resources)))
          if (!named.has(id) && !ends.includes(String(at(resource, 'Type')))) yield `nobody names ${id}`;
      }
    },
    defects: {
      'a parameter more': edit('/Parameters/Owner', {
        Type: 'String',
        Default: '',
        AllowedPattern: '^$',
        Description: 'Of nothing',
      }),
      'a condition more': edit('/Conditions/IsMonday', { 'Fn::Equals': [{ Ref: 'BranchName' }, 'monday'] }),
      'a role more': edit('SpareRole', { Type: 'AWS::IAM::Role', Properties: {} }),
      'a bucket more': editEnvironment('Logs', { Type: 'AWS::S3::Bucket', Properties: {} }),
      'a group that nobody writes to': edit('SpareLogs', { Type: 'AWS::Logs::LogGroup', Properties: {} }),
    },
  },
  {
    name: "the outputs lead to the pipeline, its artifacts and the step that is a person's",
    check: inEveryStack(function* ({ outputs, parameters }) {
      const ofPipeline = ['PipelineName', 'PipelineUrl', 'ArtifactStoreBucket', 'PackageRepository', 'NoticeTopicArn'];
      const ofEnvironment = [
        'PipelineExecutionRole',
        'CloudFormationExecutionRole',
        'StackStateRole',
        'PermissionsBoundary',
        'ArtifactsBucket',
      ];
      const needed = parameters.SourceProvider === undefined ? ofEnvironment : ofPipeline;
      for (const name of needed) if (outputs[name] === undefined) yield `${name} is not put out`;
      if (parameters.SourceProvider === 'GitHub' && !key(outputs.ConnectionUrl).includes('connections'))
        yield 'where is the connection accepted?';
      for (const [name, each] of Object.entries(outputs))
        if (/secret|password|token/i.test(name + key(at(each, 'Value')))) yield `${name} is a secret`;
    }),
    defects: {
      'no connection': edit('/Outputs/ConnectionUrl'),
      'no name': edit('/Outputs/PipelineName'),
      'no role': editEnvironment('/Outputs/PipelineExecutionRole'),
      'a secret': edit('/Outputs/GitHubToken', { Description: 'Token', Value: '{{resolve:secretsmanager:github}}' }),
    },
  },
];
