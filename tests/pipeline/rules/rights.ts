import { at, key, listOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { artifacts, rightsNeededBy, sourceRights } from '../duties.ts';
import { projectsOf, serviceRoleOf, textRunBy } from '../projects.ts';
import { edit, editEnvironment, edits, inEach, type Rule } from '../rule.ts';
import { actionsOf, projectOf } from '../stages.ts';
import { allowedBy, attribute, differences, may, statementsOfRole } from '../statements.ts';
import { account, buildspecOf, type PipelineRendering } from '../template.ts';

const policy = (role: string) => `${role}/Properties/Policies/0/PolicyDocument/Statement`;
const pipelinePolicy = 'CodePipelinePolicy/Properties/PolicyDocument/Statement';
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });

/** The environments' roles by what they are called, for one environment. */
function rightsInEnvironment(stack: string): Readonly<Record<string, readonly string[]>> {
  const stackArn = `arn:aws:cloudformation:us-east-1:${account}:stack/${stack}/*`;
  const functions = `arn:aws:lambda:us-east-1:${account}:function:${stack}-*`;
  const follows = [
    ...['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet', 'DescribeStacks'],
    ...['DescribeStackEvents', 'DescribeStackResource', 'GetTemplateSummary'],
  ];
  return {
    PipelineExecutionRole: [
      ...follows.map((action) => may(`cloudformation:${action}`, stackArn)),
      may('cloudformation:CreateChangeSet', 'arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31'),
      may('iam:PassRole', attribute('CloudFormationExecutionRole')),
      ...['s3:GetObject', 's3:PutObject'].map((action) => may(action, { 'Fn::Sub': `\${ArtifactsBucket.Arn}/*` })),
      ...['s3:GetBucketLocation', 's3:ListBucket'].map((action) => may(action, attribute('ArtifactsBucket'))),
      ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => may(action, attribute('ArtifactsKey'))),
      may('lambda:GetAlias', functions),
      may('cognito-idp:DescribeUserPoolClient', `arn:aws:cognito-idp:us-east-1:${account}:userpool/*`),
      may('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-east-1:${account}:secret:${stack}-smoke-*`),
    ],
    StackStateRole: [may('cloudformation:DescribeStacks', stackArn), may('lambda:GetAlias', functions)],
  };
}

/** CloudFormation and Lambda's names of what a script asks by the AWS CLI. */
const actionOfCall = (service: string, verb: string) =>
  `${service}:${verb.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())}`;

function pipelineRights(rendering: PipelineRendering): string[] {
  const projects = [...new Set(actionsOf(rendering).flatMap((action) => projectOf(action) ?? []))];
  const commits = `arn:aws:codecommit:us-east-1:${account}:${rendering.parameters.CodeCommitRepository}`;
  return [
    ...['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'].map((action) => may(action, artifacts)),
    ...['s3:GetBucketLocation', 's3:GetBucketVersioning'].map((action) =>
      may(action, attribute('ArtifactStoreBucket')),
    ),
    ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => may(action, attribute('ArtifactKey'))),
    ...projects.flatMap((id) =>
      ['StartBuild', 'BatchGetBuilds'].map((verb) => may(`codebuild:${verb}`, attribute(id))),
    ),
    may('sns:Publish', { Ref: 'NoticeTopic' }),
    ...(rendering.parameters.SourceProvider === 'GitHub'
      ? sourceRights(rendering)
      : ['GetBranch', 'GetCommit', 'GetRepository', 'GetUploadArchiveStatus', 'UploadArchive'].map((verb) =>
          may(`codecommit:${verb}`, commits),
        )),
  ];
}

export const rightsRules: readonly Rule[] = [
  {
    name: 'the role of each project may do what its buildspec does, and nothing else',
    check: inEach(function* (rendering, source) {
      for (const [id, project] of projectsOf(rendering)) {
        const role = serviceRoleOf(project);
        const found = allowedBy(statementsOfRole(rendering, role));
        yield* differences(role, found, rightsNeededBy(rendering, source, id, project));
      }
    }),
    defects: {
      'the build updates functions': edit(
        `${policy('CodeBuildServiceRole')}/-`,
        allow('lambda:UpdateFunctionCode', '*'),
      ),
      'the build deploys': edit(`${policy('CodeBuildServiceRole')}/-`, allow('cloudformation:CreateChangeSet', '*')),
      'the build takes on a role': edit(
        `${policy('CodeBuildServiceRole')}/-`,
        allow('sts:AssumeRole', 'arn:aws:iam::111122223333:role/pipeline-inventory-allocation-prod-deploy'),
      ),
      'the build passes a role': edit(`${policy('CodeBuildServiceRole')}/-`, allow('iam:PassRole', '*')),
      'the build by a policy apart': edit('BuildMore', {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'more',
          Roles: [{ Ref: 'CodeBuildServiceRole' }],
          PolicyDocument: { Version: '2012-10-17', Statement: [allow('lambda:PublishVersion', '*')] },
        },
      }),
      'the check deploys': edit(`${policy('CheckServiceRole')}/-`, allow('cloudformation:ExecuteChangeSet', '*')),
      'stage takes on the role of prod': edit(
        `${policy('DeployStageServiceRole')}/@TakesOnTheDeployRole/Resource/Fn::Sub/0`,
        {
          'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/pipeline-\${ProjectName}-prod-deploy`,
        },
      ),
      'any role': edit(`${policy('DeployProdServiceRole')}/@TakesOnTheDeployRole/Resource`, '*'),
      'logs of everything': edit(`${policy('CodeBuildServiceRole')}/@Logs/Resource`, '*'),
      'logs by a pattern': edit(`${policy('TestServiceRole')}/@Logs/Resource`, 'arn:aws:logs:*:*:*'),
      'an ARN that is a text': edit(
        `${policy('CodeBuildServiceRole')}/@TakesTheSourceAndGivesTheBuild/Resource`,
        `arn:aws:s3:::\${ArtifactStoreBucket}/*`,
      ),
      'no package can be read': edit(`${policy('CodeBuildServiceRole')}/@InstallsPackages`),
      'no token': edit(`${policy('CodeBuildServiceRole')}/@GetsABearerToken`),
      'no coverage': edit(`${policy('CodeBuildServiceRole')}/@ReportsCoverage`),
      'the tests report nothing': edit(`${policy('TestServiceRole')}/@ReportsTests`),
      'no key': edit(`${policy('DeployProdServiceRole')}/@EncryptsBoth`),
      'the bundle in any package': edit(`${policy('CodeBuildServiceRole')}/@PublishesTheBundle/Resource`, {
        'Fn::GetAtt': ['PackageRepository', 'Arn'],
      }),
      'deployments publish bundles': edit(`${policy('DeployProdServiceRole')}/@FetchesTheBundle/Action`, [
        'codeartifact:GetPackageVersionAsset',
        'codeartifact:PublishPackageVersion',
      ]),
    },
  },
  {
    name: 'the pipeline may run its projects, hand artifacts on and ask for approval, and passes no role',
    check: inEach(function* (rendering) {
      const found = allowedBy(statementsOfRole(rendering, 'CodePipelineServiceRole'));
      yield* differences('CodePipelineServiceRole', found, pipelineRights(rendering));
    }),
    defects: {
      'passes any role': edit(`${pipelinePolicy}/-`, allow('iam:PassRole', '*')),
      'any project': edit(`${pipelinePolicy}/@RunsTheProjects/Resource`, '*'),
      'one project less': edit(`${pipelinePolicy}/@RunsTheProjects/Resource/0`),
      packages: edit(`${pipelinePolicy}/-`, allow('codeartifact:ReadFromRepository', '*')),
      'no connection': edit(`${pipelinePolicy}/5`),
      'half of the connection': edit(`${pipelinePolicy}/5/Fn::If/1/Action`, ['codeconnections:UseConnection']),
      'no key': edit(`${pipelinePolicy}/@EncryptsArtifactsAndNotices`),
      'nobody is asked': edit(`${pipelinePolicy}/@AsksForApproval`),
      'every repository': edit(`${pipelinePolicy}/5/Fn::If/2/Resource`, '*'),
    },
  },
  {
    name: "a deploy role may change its environment's stack through CloudFormation, and the state role only look",
    check: inEach(function* (rendering, source) {
      const buildspec = buildspecOf(source, 'pipeline/buildspecs/deploy.yml') ?? {};
      const calls = [
        ...textRunBy(source, buildspec).matchAll(
          /call_aws (cloudformation|lambda|cognito-idp|secretsmanager) ([a-z-]+)/g,
        ),
      ];
      for (const environment of rendering.environments) {
        const expected = rightsInEnvironment(String(environment.parameters.StackName));
        for (const [role, rights] of Object.entries(expected))
          yield* differences(role, allowedBy(statementsOfRole(environment, role)), rights);
        const granted = statementsOfRole(environment, 'PipelineExecutionRole').flatMap(({ actions }) => actions);
        for (const [, service = '', verb = ''] of calls)
          if (!granted.includes(actionOfCall(service, verb))) yield `deploy.yml may not ${actionOfCall(service, verb)}`;
      }
    }),
    defects: {
      'functions past CloudFormation': editEnvironment(
        `${policy('PipelineExecutionRole')}/-`,
        allow('lambda:UpdateFunctionCode', '*'),
      ),
      'every stack': editEnvironment(
        `${policy('PipelineExecutionRole')}/@ChangesTheStackInTheNameOfCloudFormationsRole/Resource`,
        '*',
      ),
      'by wildcard': editEnvironment(
        `${policy('PipelineExecutionRole')}/@ChangesTheStackInTheNameOfCloudFormationsRole/Action`,
        'cloudformation:*',
      ),
      'it deletes the stack': editEnvironment(
        `${policy('PipelineExecutionRole')}/@FollowsTheChange/Action/-`,
        'cloudformation:DeleteStack',
      ),
      'any role for CloudFormation': editEnvironment(
        `${policy('PipelineExecutionRole')}/@HandsCloudFormationItsRole/Resource`,
        '*',
      ),
      'no transform': editEnvironment(`${policy('PipelineExecutionRole')}/@TransformsTheTemplate`),
      'the state role deploys': editEnvironment(
        `${policy('StackStateRole')}/@ReadsTheStack/Action`,
        'cloudformation:ExecuteChangeSet',
      ),
      'no alias is read': editEnvironment(`${policy('PipelineExecutionRole')}/@ReadsWhichVersionsServe`),
      'every secret of the stack': editEnvironment(
        `${policy('PipelineExecutionRole')}/@SmokeTestsWithATokenOfAnotherIssuer/Resource`,
        { 'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:\${StackName}*` },
      ),
      'no token of another issuer': editEnvironment(
        `${policy('PipelineExecutionRole')}/@SmokeTestsWithATokenOfAnotherIssuer`,
      ),
    },
  },
  {
    name: "a deploy role works with its CloudFormation role alone, and reads only its own environment's login",
    check: inEach(function* (rendering) {
      for (const environment of rendering.environments)
        for (const { actions, resources, condition } of statementsOfRole(environment, 'PipelineExecutionRole')) {
          const own = attribute('CloudFormationExecutionRole');
          const onStack = resources.some((each) => String(each).includes(':stack/'));
          if (actions.includes('cloudformation:CreateChangeSet') && onStack)
            if (!same(condition, { ArnEquals: { 'cloudformation:RoleArn': own } }))
              yield 'stacks are made with any rights';
          if (actions.includes('cognito-idp:DescribeUserPoolClient'))
            if (
              !same(condition, {
                StringEquals: { 'aws:ResourceTag/Environment': environment.parameters.Environment ?? '' },
              })
            )
              yield 'it reads the login of any environment';
        }
    }),
    defects: {
      'its own rights': editEnvironment(
        `${policy('PipelineExecutionRole')}/@ChangesTheStackInTheNameOfCloudFormationsRole/Condition`,
      ),
      'another role': editEnvironment(
        `${policy('PipelineExecutionRole')}/@ChangesTheStackInTheNameOfCloudFormationsRole/Condition/ArnEquals/cloudformation:RoleArn`,
        'arn:aws:iam::111122223333:role/admin',
      ),
      'every login': editEnvironment(`${policy('PipelineExecutionRole')}/@SmokeTestsWithAToken/Condition`),
    },
  },
  {
    name: 'the tags that rights go by are those of samconfig.toml',
    check: function* ({ source: { configuration } }) {
      for (const name of ['stage', 'prod'])
        if (!` ${at(configuration, `${name}/deploy/parameters/tags`)} `.includes(` Environment=${name} `))
          yield `${name} is tagged ${key(at(configuration, `${name}/deploy/parameters/tags`))}`;
    },
    defects: {
      'no tag': edits((source) => ({
        ...source,
        configuration: { ...source.configuration, prod: { deploy: { parameters: { tags: 'Application=x' } } } },
      })),
    },
  },
  {
    name: 'no role has what only a statement of its own could grant by exception',
    check: inEach(function* (rendering) {
      for (const stack of [rendering, ...rendering.environments])
        for (const [id, role] of ofType(stack, 'AWS::IAM::Role')) {
          for (const arn of listOf(property(role, 'ManagedPolicyArns')))
            if (stack.resources[String(at(arn, 'Ref'))]?.Type !== 'AWS::IAM::ManagedPolicy')
              yield `${id} has ${key(arn)}`;
          const statements = statementsOfRole(stack, id);
          if (statements.length === 0) yield `${id} may nothing`;
          for (const { effect, members } of statements) {
            if (effect !== 'Allow') yield `${id}: ${effect}`;
            for (const name of members)
              if (!['Sid', 'Effect', 'Action', 'Resource', 'Condition'].includes(name)) yield `${id}: ${name}`;
          }
        }
    }),
    defects: {
      'a managed policy of AWS': edit('CodeBuildServiceRole/Properties/ManagedPolicyArns', [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ]),
      'in an environment': editEnvironment('CloudFormationExecutionRole/Properties/ManagedPolicyArns/-', {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/PowerUserAccess`,
      }),
      'everything but': edit(`${policy('CodeBuildServiceRole')}/-`, {
        Effect: 'Allow',
        NotAction: 'iam:*',
        Resource: '*',
      }),
    },
  },
];
