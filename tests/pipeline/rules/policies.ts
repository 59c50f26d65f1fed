import { isObject, key, listOf, membersOf, same, within } from '../../template/json.ts';
import { ofType, property, type Rendering } from '../../template/stack.ts';
import type { Statement } from '../../template/statements.ts';
import { edit, editEnvironment, inEach, inEveryStack, type Rule } from '../rule.ts';
import { attribute, statementsOfPolicy, statementsOfRole } from '../statements.ts';
import { account } from '../template.ts';

const policy = (role: string) => `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const managed = (id: string) => `${id}/Properties/PolicyDocument/Statement`;

/** Actions that take no narrower resource, by what they are for. */
const withoutResource: readonly RegExp[] = [
  /^sts:GetServiceBearerToken$/, // CodeArtifact's token
  /^ec2:Describe\w+$/,
  /^rds:Describe(DBEngineVersions|GlobalClusters)$/,
  /^secretsmanager:GetRandomPassword$/,
  /^kms:(CreateKey|ListAliases)$/,
  /^logs:(CreateLogDelivery|DeleteLogDelivery|DescribeIndexPolicies|DescribeLogGroups|DescribeResourcePolicies|PutResourcePolicy)$/,
  /^cloudwatch:DescribeAlarms$/,
  /^cognito-idp:(CreateUserPool|DescribeUserPoolDomain)$/,
  /^lambda:(Create|Delete|Update)EventSourceMapping$/, // its condition names the function
];

/** Every policy of a stack that is somebody's rights: of roles, and managed ones. A boundary grants nothing. */
const rightsIn = (rendering: Rendering): Statement[] => [
  ...ofType(rendering, 'AWS::IAM::Role').flatMap(([id]) => statementsOfRole(rendering, id)),
  ...ofType(rendering, 'AWS::IAM::ManagedPolicy').flatMap(([id]) => statementsOfPolicy(rendering, id)),
];
const isBoundary = ({ role }: Statement) => role === 'Boundary';

export const policyRules: readonly Rule[] = [
  {
    name: 'no action is allowed by a wildcard',
    check: inEveryStack(function* (rendering) {
      for (const { role, actions } of rightsIn(rendering))
        for (const action of actions) if (!/^[a-z0-9-]+:[A-Za-z]+$/.test(action)) yield `${role} may ${action}`;
      for (const { role, actions } of rightsIn(rendering)) if (actions.length === 0) yield `${role} may it all`;
    }),
    defects: {
      everything: edit(`${policy('CodeBuildServiceRole')}/@TakesTheSourceAndGivesTheBuild/Action`, '*'),
      'all of a service': edit(`${policy('DeployProdServiceRole')}/@FetchesTheBundle/Action`, 'codeartifact:*'),
      'all of a kind': edit(
        'CodePipelinePolicy/Properties/PolicyDocument/Statement/@HandsArtifactsOn/Action/0',
        's3:Get*',
      ),
      'in an environment': editEnvironment(`${policy('CloudFormationExecutionRole')}/@Functions/Action`, 'lambda:*'),
      'in a managed policy': editEnvironment(`${managed('NetworkPolicy')}/@ReadsTheNetwork/Action`, 'ec2:Describe*'),
      'in the boundary': editEnvironment(`${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Action`, '*'),
    },
  },
  {
    name: 'every resource is allowed only where the service takes no narrower one',
    check: inEveryStack(function* (rendering) {
      for (const { role, actions, resources, condition } of rightsIn(rendering).filter((each) => !isBoundary(each)))
        for (const resource of resources) {
          const text = typeof resource === 'string' ? resource : key(resource);
          if (/^arn:[^:]*:[^:]*:\*|^arn:[^:]*:[^:]*:[^:]*:\*|^arn:[^:]*\*|:::\*$/.test(text)) yield `${role}: ${text}`;
          if (!/^arn:|^\{/.test(text) && text !== '*') yield `${role}: ${text} is no ARN`;
          if (text !== '*') continue;
          for (const action of actions)
            if (!withoutResource.some((each) => each.test(action))) yield `${role} may ${action} on everything`;
          if (
            actions.some((action) => action.includes('EventSourceMapping')) &&
            !key(condition).includes('lambda:FunctionArn')
          )
            yield `${role}: mappings of any function`;
          if (
            actions.includes('sts:GetServiceBearerToken') &&
            !same(condition, { StringEquals: { 'sts:AWSServiceName': 'codeartifact.amazonaws.com' } })
          )
            yield `${role}: tokens for any service`;
        }
    }),
    defects: {
      'every artifact of all': edit(`${policy('CodeBuildServiceRole')}/@TakesTheSourceAndGivesTheBuild/Resource`, '*'),
      'any bucket': edit(`${policy('TestServiceRole')}/@TakesTheSourceAndTheBuild/Resource`, 'arn:aws:s3:::*'),
      'any account': edit(`${policy('CheckServiceRole')}/@Logs/Resource`, 'arn:aws:logs:*:*:*'),
      'tokens of every service': edit(`${policy('CodeBuildServiceRole')}/@GetsABearerToken/Condition`),
      'every function': editEnvironment(`${policy('CloudFormationExecutionRole')}/@Functions/Resource`, '*'),
      'every mapping': editEnvironment(`${policy('CloudFormationExecutionRole')}/@TheWorkersQueue/Condition`),
      'every role': editEnvironment(`${policy('CloudFormationExecutionRole')}/@RolesThatItMade/Resource`, '*'),
      'every database': editEnvironment(`${managed('DataPolicy')}/@Database/Resource`, '*'),
      'every key': editEnvironment(`${managed('DataPolicy')}/@TheKey/Resource`, '*'),
    },
  },
  {
    name: 'a role is passed by one pattern of names, to the services that it is for',
    check: inEach(function* (rendering) {
      for (const stack of [rendering, ...rendering.environments])
        for (const { role, actions, resources, condition } of rightsIn(stack)) {
          if (!actions.some((action) => /^iam:PassRole$|^iam:\*$|^\*$/.test(action))) continue;
          if (actions.length > 1) yield `${role} passes roles among other things`;
          if (resources.length !== 1) yield `${role} passes ${resources.length} kinds of roles`;
          const name = key(resources[0]);
          const own = `"arn:aws:iam::${account}:role/${stack.parameters.StackName}-*"`;
          const services = listOf(membersOf(membersOf(condition).StringEquals)['iam:PassedToService']).map(String);
          const expected: Readonly<Record<string, readonly [resource: string, services: readonly string[]]>> = {
            PipelineExecutionRole: [key(attribute('CloudFormationExecutionRole')), ['cloudformation']],
            CloudFormationExecutionRole: [own, ['apigateway', 'codedeploy', 'lambda', 'scheduler', 'vpc-flow-logs']],
          };
          if (name !== expected[role]?.[0]) yield `${role} passes ${name}`;
          if (Object.keys(membersOf(condition)).join() !== 'StringEquals') yield `${role} passes on ${key(condition)}`;
          if (
            !same(
              services,
              (expected[role]?.[1] ?? []).map((each) => `${each}.amazonaws.com`),
            )
          )
            yield `${role} passes to ${services.join(', ') || 'anybody'}`;
        }
    }),
    defects: {
      'any role to CloudFormation': editEnvironment(
        `${policy('PipelineExecutionRole')}/@HandsCloudFormationItsRole/Resource`,
        '*',
      ),
      'any name': editEnvironment(`${policy('CloudFormationExecutionRole')}/@HandsServicesTheirRoles/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/*`,
      }),
      'to anybody': editEnvironment(`${policy('PipelineExecutionRole')}/@HandsCloudFormationItsRole/Condition`),
      'to any service': editEnvironment(`${policy('CloudFormationExecutionRole')}/@HandsServicesTheirRoles/Condition`),
      'to EC2': editEnvironment(
        `${policy('CloudFormationExecutionRole')}/@HandsServicesTheirRoles/Condition/StringEquals/iam:PassedToService/-`,
        'ec2.amazonaws.com',
      ),
      'where a service says its name': editEnvironment(
        `${policy('PipelineExecutionRole')}/@HandsCloudFormationItsRole/Condition`,
        {
          StringEqualsIfExists: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
        },
      ),
      'by the pipeline': edit('CodePipelinePolicy/Properties/PolicyDocument/Statement/-', {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: '*',
      }),
    },
  },
  {
    name: "every policy is of the current version of IAM's language",
    check: function* ({ source: { template, environment } }) {
      for (const value of [...within(template), ...within(environment)])
        if (isObject(value) && value.Statement !== undefined && value.Version !== '2012-10-17')
          yield `${key(value).slice(0, 100)} is of ${key(value.Version)}`;
    },
    defects: {
      'not said': edit('CodePipelinePolicy/Properties/PolicyDocument/Version'),
      'an old one': editEnvironment('Boundary/Properties/PolicyDocument/Version', '2008-10-17'),
    },
  },
  {
    name: 'policies are within the length that IAM takes',
    check: inEveryStack(function* (rendering) {
      const lengthOf = (documents: readonly unknown[]) =>
        documents.reduce<number>((sum, each) => sum + JSON.stringify(each).length, 0);
      for (const [id, each] of ofType(rendering, 'AWS::IAM::ManagedPolicy'))
        if (lengthOf([property(each, 'PolicyDocument')]) > 6144 * 0.9) yield `${id} is too long`;
      for (const [id, each] of ofType(rendering, 'AWS::IAM::Role'))
        if (lengthOf(listOf(property(each, 'Policies')).map((one) => membersOf(one).PolicyDocument)) > 10240 * 0.9)
          yield `${id} has too much inside`;
    }),
    defects: {
      'a very long one': editEnvironment(
        `${managed('DataPolicy')}/@Database/Resource`,
        Array.from(
          { length: 80 },
          (_, index) => `arn:aws:rds:us-east-1:${account}:cluster:inventory-allocation-${index}`,
        ),
      ),
    },
  },
  {
    name: 'no policy names an account, a partition or a region of its own',
    check: function* ({ source: { template, environment } }) {
      for (const value of [...within(template), ...within(environment)])
        if (
          typeof value === 'string' &&
          /arn:aws[a-z-]*:|\b\d{12}\b|\b(us|eu|ap)-[a-z]+-\d\b/.test(value) &&
          !/^\^/.test(value)
        )
          yield value;
    },
    defects: {
      'a partition': edit(
        'CodePipelinePolicy/Properties/PolicyDocument/Statement/@AsksForApproval/Resource',
        'arn:aws:sns:::topic',
      ),
      'an account': edit('/Parameters/ProdAccount/Default', '999988887777'),
      'a region': editEnvironment('ArtifactsBucket/Properties/BucketName', 'inventory-us-east-1'),
    },
  },
];
