import { at, isObject, type Json, membersOf, same } from '../json.ts';
import { edit, inEach, type Rule } from '../rule.ts';

/**
 * The kinds of resources that the stack is made of, and what is set of each. The other rules hold the values of these; a
 * kind or a property that is not here is held by none. So whoever adds one adds it here, with the rule that it needs.
 */
const known: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Account': 'CloudWatchRoleArn',
  'AWS::ApiGateway::Deployment': 'RestApiId',
  'AWS::ApiGateway::RestApi':
    'BinaryMediaTypes Body EndpointAccessMode EndpointConfiguration Name Parameters SecurityPolicy',
  'AWS::ApiGateway::Stage': 'AccessLogSetting DeploymentId MethodSettings RestApiId StageName TracingEnabled Variables',
  'AWS::CloudWatch::Alarm':
    'AlarmActions AlarmDescription ComparisonOperator DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationPeriods ExtendedStatistic MetricName Namespace OKActions Period Statistic Threshold TreatMissingData',
  'AWS::CloudWatch::Dashboard': 'DashboardBody DashboardName',
  'AWS::CodeDeploy::Application': 'ComputePlatform',
  'AWS::CodeDeploy::DeploymentConfig': 'ComputePlatform TrafficRoutingConfig',
  'AWS::CodeDeploy::DeploymentGroup':
    'AlarmConfiguration ApplicationName AutoRollbackConfiguration DeploymentConfigName DeploymentStyle ServiceRoleArn',
  'AWS::Cognito::UserPool':
    'AccountRecoverySetting AdminCreateUserConfig DeletionProtection EnabledMfas MfaConfiguration Policies UserPoolName',
  'AWS::Cognito::UserPoolClient':
    'AccessTokenValidity AllowedOAuthFlows AllowedOAuthFlowsUserPoolClient AllowedOAuthScopes CallbackURLs ClientName EnableTokenRevocation ExplicitAuthFlows GenerateSecret PreventUserExistenceErrors RefreshTokenValidity SupportedIdentityProviders TokenValidityUnits UserPoolId',
  'AWS::Cognito::UserPoolDomain': 'Domain UserPoolId',
  'AWS::Cognito::UserPoolResourceServer': 'Identifier Name Scopes UserPoolId',
  'AWS::EC2::EIP': 'Domain',
  'AWS::EC2::FlowLog': 'DeliverLogsPermissionArn LogGroupName ResourceId ResourceType TrafficType',
  'AWS::EC2::InternetGateway': '',
  'AWS::EC2::NatGateway': 'AllocationId SubnetId',
  'AWS::EC2::Route': 'DestinationCidrBlock GatewayId NatGatewayId RouteTableId',
  'AWS::EC2::RouteTable': 'VpcId',
  'AWS::EC2::SecurityGroup': 'GroupDescription SecurityGroupEgress VpcId',
  'AWS::EC2::Subnet': 'AvailabilityZone CidrBlock MapPublicIpOnLaunch VpcId',
  'AWS::EC2::SubnetRouteTableAssociation': 'RouteTableId SubnetId',
  'AWS::EC2::VPC': 'CidrBlock EnableDnsHostnames EnableDnsSupport InstanceTenancy',
  'AWS::EC2::VPCGatewayAttachment': 'InternetGatewayId VpcId',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument ManagedPolicyArns PermissionsBoundary Policies',
  'AWS::KMS::Alias': 'AliasName TargetKeyId',
  'AWS::KMS::Key': 'EnableKeyRotation KeyPolicy PendingWindowInDays',
  'AWS::Lambda::Alias': 'FunctionName FunctionVersion Name',
  'AWS::Lambda::EventSourceMapping': 'BatchSize EventSourceArn FunctionName FunctionResponseTypes ScalingConfig',
  'AWS::Lambda::Function':
    'Architectures Code Environment FunctionName Handler Layers LoggingConfig MemorySize ReservedConcurrentExecutions Role Runtime Timeout TracingConfig VpcConfig',
  'AWS::Lambda::LayerVersion': 'CompatibleArchitectures CompatibleRuntimes Content LayerName',
  'AWS::Lambda::Permission': 'Action FunctionName Principal SourceArn',
  'AWS::Lambda::Version': 'FunctionName',
  'AWS::Logs::LogGroup': 'DeletionProtectionEnabled KmsKeyId LogGroupName RetentionInDays',
  'AWS::RDS::DBCluster':
    'BackupRetentionPeriod CopyTagsToSnapshot DBClusterIdentifier DBSubnetGroupName DatabaseName DeletionProtection EnableCloudwatchLogsExports EnableHttpEndpoint EnableIAMDatabaseAuthentication Engine EngineVersion KmsKeyId ManageMasterUserPassword MasterUserSecret MasterUsername ServerlessV2ScalingConfiguration StorageEncrypted VpcSecurityGroupIds',
  'AWS::RDS::DBInstance':
    'AutoMinorVersionUpgrade DBClusterIdentifier DBInstanceClass EnablePerformanceInsights Engine PerformanceInsightsKMSKeyId PubliclyAccessible',
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupDescription SubnetIds',
  'AWS::SNS::Subscription': 'Endpoint Protocol TopicArn',
  'AWS::SNS::Topic': 'KmsMasterKeyId TopicName',
  'AWS::SNS::TopicPolicy': 'PolicyDocument Topics',
  'AWS::SQS::Queue':
    'FifoQueue KmsMasterKeyId MessageRetentionPeriod QueueName RedriveAllowPolicy RedrivePolicy VisibilityTimeout',
  'AWS::SQS::QueuePolicy': 'PolicyDocument Queues',
  'AWS::Scheduler::Schedule': 'FlexibleTimeWindow KmsKeyArn Name ScheduleExpression ScheduleExpressionTimezone Target',
  'AWS::SecretsManager::Secret': 'GenerateSecretString KmsKeyId',
  'AWS::Serverless::Api':
    'AccessLogSetting Auth BinaryMediaTypes EndpointAccessMode EndpointConfiguration GatewayResponses MethodSettings Name SecurityPolicy StageName TracingEnabled Variables',
  'AWS::Serverless::Function':
    'AutoPublishAlias AutoPublishAliasAllProperties AutoPublishCodeSha256 DeploymentPreference Environment Events FunctionName Handler Layers LoggingConfig MemorySize ReservedConcurrentExecutions Role Timeout',
  'AWS::Serverless::LayerVersion':
    'CompatibleArchitectures CompatibleRuntimes ContentUri PublishLambdaVersion RetentionPolicy',
  'AWS::WAFv2::LoggingConfiguration': 'LogDestinationConfigs RedactedFields ResourceArn',
  'AWS::WAFv2::WebACL': 'AssociationConfig DefaultAction Rules Scope VisibilityConfig',
  'AWS::WAFv2::WebACLAssociation': 'ResourceArn WebACLArn',
  'Custom::Migrations': 'Bundle ServiceTimeout ServiceToken WayOut',
};

/** What a resource may have beside its properties, and every kind of it may say. */
const attributes = [
  'Condition DeletionPolicy DependsOn Metadata Properties Type UpdatePolicy UpdateReplacePolicy'.split(' '),
  ['Description', 'Tags'],
] as const;

function* unknownIn(resources: Json | undefined): Generator<string> {
  for (const [id, each] of Object.entries(membersOf(resources))) {
    const type = String(at(each, 'Type'));
    const properties = known[type];
    if (properties === undefined) yield `${id} is a ${type}, of which no rule knows`;
    const names = [...(properties ?? '').split(' '), ...attributes[1]];
    for (const name of Object.keys(membersOf(at(each, 'Properties'))))
      if (properties !== undefined && !names.includes(name)) yield `no rule knows of ${name} of ${id}`;
    for (const name of Object.keys(membersOf(each)))
      if (!attributes[0].includes(name)) yield `no rule knows of ${name} of ${id}`;
  }
}

export const propertyRules: readonly Rule[] = [
  {
    name: 'resources are of kinds, and set properties, that the rules know',
    check: inEach(({ resources }) => unknownIn(resources)),
    seenIn: 'options',
    defects: {
      'a bucket': edit('Bucket', { Type: 'AWS::S3::Bucket' }),
      'a proxy that is paid for': edit('Proxy', {
        Type: 'AWS::RDS::DBProxy',
        Properties: { VpcSubnetIds: [{ Ref: 'PrivateSubnet1' }] },
      }),
      'a disk of ten gigabytes': edit('MainFunction/Properties/EphemeralStorage', { Size: 10240 }),
      'a run waits for a quarter of an hour': edit('AllocationQueue/Properties/DelaySeconds', 900),
      'the schedule ends': edit('Schedule/Properties/EndDate', '2027-01-01T00:00:00Z'),
      'migrations run at every release': edit('Migrations/Properties/Release', { Ref: 'ReleaseId' }),
      'a role is taken on for half a day': edit('MainFunctionRole/Properties/MaxSessionDuration', 43200),
      'logs that no alarm can read': edit('MainLogs/Properties/LogGroupClass', 'INFREQUENT_ACCESS'),
    },
  },
  {
    name: 'what SAM makes resources of says what the rules know, and so does what it does to all functions',
    check: ({ source: { template } }) => {
      const { Globals, Resources } = template;
      const ofSam = Object.entries(membersOf(Resources)).filter(([, each]) =>
        String(at(each, 'Type')).startsWith('AWS::Serverless::'),
      );
      const all = {
        Api: ['OpenApiVersion'],
        Function: ['Architectures', 'CodeUri', 'MemorySize', 'Runtime', 'Timeout', 'Tracing', 'VpcConfig'],
      };
      const found = Object.fromEntries(
        Object.entries(membersOf(Globals)).map(([kind, each]) => [kind, Object.keys(membersOf(each)).sort()]),
      );
      return [...unknownIn(Object.fromEntries(ofSam)), ...(same(found, all) ? [] : ['Globals say more or less'])];
    },
    seenIn: 'source',
    defects: {
      'policies beside the role': edit('MainFunction/Properties/Policies', ['AmazonRDSDataFullAccess']),
      'code of another folder': edit('MainFunction/Properties/CodeUri', 'functions/main'),
      'one variable for all functions': edit('/Globals/Function/Environment', { Variables: { STAGE: 'prod' } }),
      'layers for all functions': edit('/Globals/Function/Layers', [{ Ref: 'DatabaseLayer' }]),
      'old versions are deleted': edit('MainFunction/Properties/VersionDeletionPolicy', 'Delete'),
    },
  },
  {
    name: 'the template is one of SAM, with its code in functions/ and its API of one stage',
    check: ({ source: { template } }) => {
      const facts: Readonly<Record<string, boolean>> = {
        'its format is another': template.AWSTemplateFormatVersion === '2010-09-09',
        'it is not transformed': template.Transform === 'AWS::Serverless-2016-10-31',
        'it says not what it is': typeof template.Description === 'string' && template.Description.length > 20,
        'it has other parts': Object.keys(template).every((name) =>
          /^(AWSTemplateFormatVersion|Transform|Description|Parameters|Mappings|Conditions|Globals|Resources|Outputs)$/.test(
            name,
          ),
        ),
        'its code is elsewhere': at(template, 'Globals/Function/CodeUri') === 'functions',
        'it has a stage named Stage': at(template, 'Globals/Api/OpenApiVersion') === '3.0.1',
        'it has a resource that is none': Object.values(membersOf(template.Resources)).every(isObject),
      };
      return Object.entries(facts).flatMap(([problem, holds]) => (holds ? [] : [problem]));
    },
    seenIn: 'source',
    defects: {
      'no transform': edit('/Transform'),
      'a second transform': edit('/Transform', ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31']),
      'code of the whole repository': edit('/Globals/Function/CodeUri', '.'),
      'no description': edit('/Description'),
    },
  },
];
