import { at, type Json, key, listOf, membersOf, same } from '../../template/json.ts';
import { ofType, property, type Rendering } from '../../template/stack.ts';
import { editEnvironment, inEach, type Rule } from '../rule.ts';
import { attribute, statementsOfPolicy, statementsOfRole } from '../statements.ts';
import { account, type Source } from '../template.ts';

const role = 'CloudFormationExecutionRole';
const policy = `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const managed = (id: string) => `${id}/Properties/PolicyDocument/Statement`;

/** The service that IAM knows a type of resource by, where its name is another. */
const serviceOf: Readonly<Record<string, string>> = {
  ApiGateway: 'apigateway',
  CloudWatch: 'cloudwatch',
  CodeDeploy: 'codedeploy',
  Cognito: 'cognito-idp',
  WAFv2: 'wafv2',
};

/** The services of the application's template; SAM makes functions, APIs and deployment groups. */
function servicesOf({ application }: Source): Set<string> {
  const types = Object.values(membersOf(application.Resources)).map((each) => String(at(each, 'Type')).split('::'));
  return new Set(
    types.flatMap(([vendor, service = '']) => {
      if (vendor !== 'AWS') return [];
      if (service === 'Serverless') return ['lambda', 'apigateway', 'codedeploy'];
      return [serviceOf[service] ?? service.toLowerCase()];
    }),
  );
}

/** What cannot hold the stack's name: the service makes it up, or it is not the stack's. */
const unnamed: readonly RegExp[] = [
  /^arn:aws:ec2:us-east-1:\d+:\*$/,
  /^arn:aws:apigateway:us-east-1::\/(restapis(\/\*)?|account|tags\/\*)$/,
  /^arn:aws:wafv2:us-east-1:\d+:regional\/(webacl|managedruleset)\/\*$/,
  /^arn:aws:cognito-idp:us-east-1:\d+:userpool\/\*$/,
  /^arn:aws:kms:us-east-1:\d+:key\/\*$/,
  /^arn:aws:lambda:us-east-1:\d+:event-source-mapping:\*$/,
  /^arn:aws:rds:us-east-1:\d+:(cluster-pg|pg|og):default[.:]\*$/,
  /^arn:aws:secretsmanager:us-east-1:\d+:secret:(ApplicationSecret-|rds!cluster-)\*$/,
  /^arn:aws:codedeploy:us-east-1:\d+:deploymentconfig:CodeDeployDefault\.\*$/,
  /^arn:aws:cloudformation:us-east-1:aws:transform\/Serverless-2016-10-31$/,
  /^arn:aws:iam::\d+:role\/aws-service-role\/\*$/,
];

const grants = [
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
];
const looksAfter = ['DeleteRole', 'GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'];
const keeps = ['TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription', 'PassRole'];

const matches = (pattern: Json, name: string) =>
  new RegExp(
    `^${String(pattern)
      .split('*')
      .map((part) => part.replace(/[^\w/-]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name);

const roleNamesIn = (rendering: Rendering) =>
  ofType(rendering, 'AWS::IAM::Role').map(([id, each]) => property(each, 'RoleName') ?? `the-stack-${id}-X`);

export const cloudFormationRoleRules: readonly Rule[] = [
  {
    name: "CloudFormation may use the services of the application's template, and no other",
    check: inEach(function* ({ environments }, source) {
      const needed = new Set([...servicesOf(source), 's3', 'cloudformation']);
      for (const environment of environments) {
        const used = new Set(
          statementsOfRole(environment, role).flatMap(({ actions }) => actions.map((each) => each.split(':')[0] ?? '')),
        );
        for (const service of used) if (!needed.has(service)) yield `it may use ${service}`;
        for (const service of needed) if (!used.has(service)) yield `it may not use ${service}`;
      }
    }),
    defects: {
      'a service more': editEnvironment(`${policy}/-`, {
        Effect: 'Allow',
        Action: 'dynamodb:CreateTable',
        Resource: {
          'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/\${StackName}-*`,
        },
      }),
      'roles of others': editEnvironment(`${policy}/@RolesWithinTheBoundary/Action/-`, 'sts:AssumeRole'),
      'no network': editEnvironment(`${role}/Properties/ManagedPolicyArns/0`),
      'no queues': editEnvironment(`${policy}/@Queues`),
      'a service of the template is new': (source) => ({
        ...source,
        application: {
          ...source.application,
          Resources: { ...membersOf(source.application.Resources), Table: { Type: 'AWS::DynamoDB::Table' } },
        },
      }),
    },
  },
  {
    name: "CloudFormation makes roles within the boundary, of the application's names alone",
    check: inEach(function* (rendering) {
      for (const environment of rendering.environments)
        for (const { actions, resources, condition } of statementsOfRole(environment, role)) {
          const verbs = actions.filter((each) => each.startsWith('iam:')).map((each) => each.slice(4));
          if (verbs.includes('CreateServiceLinkedRole')) {
            const services = listOf(at(condition, 'StringEquals/iam:AWSServiceName')).map(String);
            const own = ['delivery.logs', 'ops.apigateway', 'rds', 'wafv2'].map((each) => `${each}.amazonaws.com`);
            if (!same(services, own) || verbs.length > 1)
              yield `service-linked roles of ${services.join(', ') || 'anybody'}`;
            continue;
          }
          for (const verb of verbs)
            if (![...grants, ...looksAfter, ...keeps].includes(verb)) yield `it may iam:${verb}`;
          const bounded = { ArnEquals: { 'iam:PermissionsBoundary': { Ref: 'Boundary' } } };
          if (verbs.some((verb) => grants.includes(verb)) && !same(condition, bounded))
            yield `${verbs} without the boundary`;
          if (verbs.length === 0) continue;
          for (const resource of resources) {
            if (resource !== `arn:aws:iam::${account}:role/${environment.parameters.StackName}-*`)
              yield `roles ${key(resource)}`;
            for (const name of [rendering, environment].flatMap(roleNamesIn))
              if (matches(resource, `arn:aws:iam::${account}:role/${name}`))
                yield `it may change ${name}, the pipeline's`;
          }
        }
    }),
    defects: {
      'no boundary': editEnvironment(`${policy}/@RolesWithinTheBoundary/Condition`),
      'another boundary': editEnvironment(
        `${policy}/@RolesWithinTheBoundary/Condition/ArnEquals/iam:PermissionsBoundary`,
        { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess` },
      ),
      'takes the boundary away': editEnvironment(
        `${policy}/@RolesThatItMade/Action/-`,
        'iam:DeleteRolePermissionsBoundary',
      ),
      'policies beside the boundary': editEnvironment(`${policy}/@RolesThatItMade/Action/-`, 'iam:PutRolePolicy'),
      users: editEnvironment(`${policy}/@RolesThatItMade/Action/-`, 'iam:CreateUser'),
      'any role': editEnvironment(`${policy}/@RolesThatItMade/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/*`,
      }),
      "the pipeline's roles": editEnvironment(`${policy}/@RolesWithinTheBoundary/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/pipeline-*`,
      }),
      'service-linked roles of anybody': editEnvironment(
        `${managed('DataPolicy')}/@ServicesMakeTheirOwnRoles/Condition`,
      ),
    },
  },
  {
    name: 'CloudFormation touches what is named after its stack',
    check: inEach(function* ({ environments }) {
      for (const environment of environments)
        for (const { actions, resources } of statementsOfRole(environment, role))
          for (const resource of resources) {
            if (resource === '*') continue; // a rule of its own
            const bucket = { 'Fn::Sub': `\${ArtifactsBucket.Arn}/*` };
            if (same(resource, bucket) || same(resource, attribute('ArtifactsKey'))) continue;
            if (unnamed.some((each) => each.test(String(resource)))) continue;
            const name = String(environment.parameters.StackName);
            if (typeof resource !== 'string' || !new RegExp(`[:/_-]${name}([-*:]|$)`).test(resource))
              yield `${actions[0]} … on ${key(resource)}`;
          }
    }),
    defects: {
      'every function': editEnvironment(`${policy}/@Functions/Resource/0`, {
        'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:*`,
      }),
      'every queue': editEnvironment(`${policy}/@Queues/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:*`,
      }),
      'every secret': editEnvironment(`${managed('DataPolicy')}/@Secrets/Resource/0`, {
        'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:*`,
      }),
      'any bucket': editEnvironment(`${policy}/@ReadsTheBundle/Resource`, {
        'Fn::Sub': `arn:\${AWS::Partition}:s3:::\${ProjectName}-*`,
      }),
    },
  },
  {
    name: 'the boundary holds no right over rights',
    check: inEach(function* ({ environments }) {
      for (const environment of environments)
        for (const { actions, effect, members } of statementsOfPolicy(environment, 'Boundary')) {
          for (const action of actions)
            if (/^(iam|sts|organizations|cloudformation|codepipeline|codebuild|codeartifact|s3):/.test(action))
              yield `it lets roles ${action}`;
          for (const action of actions)
            if (/^(lambda|rds|kms|secretsmanager):(Create|Delete|Put|Update(?!Alias)|Schedule|Modify)/.test(action))
              yield `it lets roles ${action}`;
          if (effect !== 'Allow' || members.some((each) => each.startsWith('Not')))
            yield 'it is not a list of what is allowed';
        }
    }),
    defects: {
      'roles make roles': editEnvironment(
        `${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Action/-`,
        'iam:CreateRole',
      ),
      'roles take on roles': editEnvironment(
        `${managed('Boundary')}/@LogsTracesAndInterfaces/Action/-`,
        'sts:AssumeRole',
      ),
      'functions change functions': editEnvironment(
        `${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Action/-`,
        'lambda:UpdateFunctionCode',
      ),
      'everything but': editEnvironment(`${managed('Boundary')}/-`, {
        Effect: 'Allow',
        NotAction: 'iam:*',
        Resource: '*',
      }),
    },
  },
  {
    name: "the boundary lets the application's roles do what they do",
    check: inEach(function* ({ environments }, { application }) {
      const used = Object.values(membersOf(application.Resources))
        .filter((each) => at(each, 'Type') === 'AWS::IAM::Role')
        .flatMap((each) => listOf(at(each, 'Properties/Policies')))
        .flatMap((each) => listOf(at(each, 'PolicyDocument/Statement')))
        .flatMap((each) => listOf(at(each, 'Action')).map(String));
      for (const environment of environments) {
        const allowed = statementsOfPolicy(environment, 'Boundary').flatMap(({ actions }) => actions);
        for (const action of new Set(used)) if (!allowed.includes(action)) yield `no role may ${action}`;
      }
    }),
    defects: {
      'no queue': editEnvironment(`${managed('Boundary')}/@OwnFunctionsQueuesAndTopics/Action/9`),
      'no database': editEnvironment(`${managed('Boundary')}/@OwnDatabase`),
    },
  },
];
