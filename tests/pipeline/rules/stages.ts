import { at, key, listOf, membersOf, same } from '../../template/json.ts';
import { property } from '../../template/stack.ts';
import { edit, edits, inEach, type Rule } from '../rule.ts';
import { actionOf, actionsOf, pipelineOf, projectOf, runOrderOf, stagesOf, variablesOf } from '../stages.ts';

/** What each stage does, under the design's names: action, category, provider and, with CodeBuild, the project. */
const stages: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Source: [['SourceAction', 'Source']],
  Check: [
    ['CheckLambdaFunction', 'Build', 'CodeBuild', 'CheckProject'],
    ['CheckLambdaFunctionProd', 'Build', 'CodeBuild', 'CheckProject'],
  ],
  Build: [['BuildAction', 'Build', 'CodeBuild', 'BuildProject']],
  Test: [['UnitTestAction', 'Test', 'CodeBuild', 'TestProject']],
  DeployStage: [['DeployAction', 'Build', 'CodeBuild', 'DeployStageProject']],
  Approve: [
    ['ListChanges', 'Build', 'CodeBuild', 'ChangesProject'],
    ['ApproveAction', 'Approval', 'Manual'],
  ],
  DeployProd: [['DeployAction', 'Build', 'CodeBuild', 'DeployProdProject']],
};

const stage = (name: string) => `Pipeline/Properties/Stages/@${name}`;
const approve = `${stage('Approve')}/Actions/@ApproveAction`;

/** Each stage under the other's name. */
const swap = (one: string, other: string) =>
  edits(
    edit(`${stage(one)}/Name`, 'Meanwhile'),
    edit(`${stage(other)}/Name`, one),
    edit(`${stage('Meanwhile')}/Name`, other),
  );

export const stageRules: readonly Rule[] = [
  {
    name: 'the pipeline is of type V2 and runs one execution after the other',
    check: inEach(function* (rendering) {
      const pipeline = pipelineOf(rendering);
      if (property(pipeline, 'PipelineType') !== 'V2') yield 'V1 has no triggers, no rollback and no queue';
      if (property(pipeline, 'ExecutionMode') !== 'QUEUED') yield 'two deployments may meet in one stack';
      if (property(pipeline, 'DisableInboundStageTransitions') !== undefined) yield 'a stage is shut off';
      if (!same(property(pipeline, 'RoleArn'), { 'Fn::GetAtt': ['CodePipelineServiceRole', 'Arn'] }))
        yield `it runs as ${key(property(pipeline, 'RoleArn'))}`;
      if (property(pipeline, 'Name') !== rendering.parameters.ProjectName) yield 'its role trusts another name';
      // It starts as soon as it is there.
      if (!same(pipeline?.DependsOn ?? null, ['CodePipelinePolicy'])) yield 'it starts before its role may do anything';
    }),
    defects: {
      V1: edit('Pipeline/Properties/PipelineType', 'V1'),
      'no type': edit('Pipeline/Properties/PipelineType'),
      'the newer execution overtakes': edit('Pipeline/Properties/ExecutionMode', 'SUPERSEDED'),
      'all at once': edit('Pipeline/Properties/ExecutionMode', 'PARALLEL'),
      'no mode': edit('Pipeline/Properties/ExecutionMode'),
      'a stage shut off': edit('Pipeline/Properties/DisableInboundStageTransitions', [
        { StageName: 'Approve', Reason: 'haste' },
      ]),
      'as a builder': edit('Pipeline/Properties/RoleArn', { 'Fn::GetAtt': ['CodeBuildServiceRole', 'Arn'] }),
      'before its role has rights': edit('Pipeline/DependsOn'),
      'another name': edit('Pipeline/Properties/Name', 'pipeline'),
      'a role by its name': edit('Pipeline/Properties/RoleArn', { Ref: 'CodePipelineServiceRole' }),
    },
  },
  {
    name: 'the stages are Source, Check, Build, Test, DeployStage, Approve and DeployProd, each with its actions',
    check: inEach(function* (rendering) {
      const names = stagesOf(rendering).map(({ Name }) => String(Name));
      if (!same(names, Object.keys(stages))) yield `the stages are ${names.join(', ')}`;
      for (const [name, expected] of Object.entries(stages)) {
        const found = actionsOf(rendering).filter((each) => each.stage === name);
        const told = found.map((each) => {
          const { Category, Owner, Provider, Version } = membersOf(each.is.ActionTypeId);
          if (Owner !== 'AWS' || Version !== '1') return `${each.name} by ${Owner}, ${Version}`;
          return [each.name, Category, ...(name === 'Source' ? [] : [Provider, projectOf(each)])].join(' ').trim();
        });
        if (
          !same(
            told,
            expected.map((each) => each.join(' ')),
          )
        )
          yield `${name} does ${told.join('; ')}`;
      }
    }),
    defects: {
      'no check': edit(stage('Check')),
      'no tests': edit(stage('Test')),
      'no approval stage': edit(stage('Approve')),
      'no approval': edit(approve),
      'approval by a robot': edit(`${approve}/ActionTypeId`, {
        Category: 'Test',
        Owner: 'AWS',
        Provider: 'CodeBuild',
        Version: '1',
      }),
      'prod before stage': swap('DeployStage', 'DeployProd'),
      'the build tests itself': edit(`${stage('Test')}/Actions/0/Configuration/ProjectName`, { Ref: 'BuildProject' }),
      'stage twice': edit(`${stage('DeployProd')}/Actions/0/Configuration/ProjectName`, { Ref: 'DeployStageProject' }),
      'prod in the place of stage': edit(`${stage('DeployStage')}/Actions/0/Configuration/ProjectName`, {
        Ref: 'DeployProdProject',
      }),
      'another name': edit(`${stage('Test')}/Actions/0/Name`, 'Test'),
      'a second deployment past the approval': edit(`${stage('DeployStage')}/Actions/-`, {
        Name: 'DeployToo',
        ActionTypeId: { Category: 'Build', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' },
        InputArtifacts: [{ Name: 'SourceOutput' }],
        Configuration: { ProjectName: { Ref: 'DeployProdProject' } },
      }),
      'CloudFormation by itself': edit(`${stage('DeployProd')}/Actions/0/ActionTypeId/Provider`, 'CloudFormation'),
      'a version that is not there': edit(`${stage('Build')}/Actions/@BuildAction/ActionTypeId/Version`, '2'),
      'the list after the approval': edit(`${approve}/RunOrder`, 0),
    },
  },
  {
    name: 'a person approves what goes to production, and is told what it is',
    check: inEach(function* (rendering) {
      const approval = actionOf(rendering, 'Approve', 'ApproveAction');
      const list = actionOf(rendering, 'Approve', 'ListChanges');
      const { NotificationArn, CustomData } = membersOf(approval?.is.Configuration);
      if (!same(NotificationArn, { Ref: 'NoticeTopic' })) yield 'nobody is asked';
      for (const variable of ['SourceVariables.CommitId', 'Changes.CHANGES', 'Changes.MIGRATIONS'])
        if (!String(CustomData).includes(`#{${variable}}`)) yield `${variable} is not told`;
      const minutes = Number(approval?.is.TimeoutInMinutes);
      if (!(minutes >= 60 && minutes <= 7 * 24 * 60)) yield `it waits for ${approval?.is.TimeoutInMinutes} minutes`;
      if (approval && list && runOrderOf(list) >= runOrderOf(approval)) yield 'the list comes too late';
      const names = stagesOf(rendering).map(({ Name }) => Name);
      if (names.indexOf('Approve') + 1 !== names.indexOf('DeployProd')) yield 'something lies between';
    }),
    defects: {
      'nobody is told': edit(`${approve}/Configuration/NotificationArn`),
      'no list': edit(`${approve}/Configuration/CustomData`, 'Go?'),
      'no migrations': edit(`${approve}/Configuration/CustomData`, '#{SourceVariables.CommitId} #{Changes.CHANGES}'),
      'no end': edit(`${approve}/TimeoutInMinutes`),
      months: edit(`${approve}/TimeoutInMinutes`, 86400),
      'at the same time': edit(`${approve}/RunOrder`, 1),
      'after production': swap('Approve', 'DeployProd'),
    },
  },
  {
    name: 'a build that fails is tried again, a deployment that fails is rolled back',
    check: inEach(function* (rendering) {
      const expected: Readonly<Record<string, string>> = {
        Build: 'RETRY',
        DeployStage: 'ROLLBACK',
        DeployProd: 'ROLLBACK',
      };
      for (const each of stagesOf(rendering)) {
        const result = at(each, 'OnFailure/Result');
        if (result !== expected[String(each.Name)]) yield `${each.Name} ends with ${result ?? 'nothing'}`;
        if (result === 'RETRY' && at(each, 'OnFailure/RetryConfiguration/RetryMode') !== 'ALL_ACTIONS')
          yield `${each.Name} is tried again in part`;
        if (listOf(each.BeforeEntry).length + listOf(each.OnSuccess).length > 0) yield `${each.Name} has conditions`;
      }
    }),
    defects: {
      'production stays broken': edit(`${stage('DeployProd')}/OnFailure`),
      'stage stays broken': edit(`${stage('DeployStage')}/OnFailure`),
      'production is tried again': edit(`${stage('DeployProd')}/OnFailure/Result`, 'RETRY'),
      'tests are tried until they pass': edit(`${stage('Test')}/OnFailure`, { Result: 'RETRY' }),
      'no second build': edit(`${stage('Build')}/OnFailure`),
    },
  },
  {
    name: 'each environment is checked and deployed as itself',
    check: inEach(function* (rendering) {
      const asks = [
        ['Check', 'CheckLambdaFunction', 'stage', 'StageState'],
        ['Check', 'CheckLambdaFunctionProd', 'prod', 'ProdState'],
      ] as const;
      for (const [stageName, name, environment, namespace] of asks) {
        const action = actionOf(rendering, stageName, name);
        const given = action ? variablesOf(action) : [];
        const value = (variable: string) => given.find((each) => each.name === variable)?.value;
        if (value('ENVIRONMENT') !== environment) yield `${name} asks for ${key(value('ENVIRONMENT'))}`;
        if (!String(value('DEPLOY_ROLE_ARN')).endsWith(`-${environment}-state`))
          yield `${name} asks as ${key(value('DEPLOY_ROLE_ARN'))}`;
        if (action?.is.Namespace !== namespace) yield `${name} answers as ${action?.is.Namespace}`;
      }
      for (const environment of ['stage', 'prod']) {
        const id = environment === 'stage' ? 'DeployStageProject' : 'DeployProdProject';
        const variables = listOf(property(rendering.resources[id], 'Environment/EnvironmentVariables'));
        const value = (name: string) =>
          String(
            at(
              variables.find((each) => at(each, 'Name') === name),
              'Value',
            ),
          );
        if (value('ENVIRONMENT') !== environment) yield `${id} deploys ${value('ENVIRONMENT')}`;
        for (const name of [
          'DEPLOY_ROLE_ARN',
          'CLOUDFORMATION_ROLE_ARN',
          'PERMISSIONS_BOUNDARY',
          'ARTIFACT_BUCKET',
          'ARTIFACT_KEY',
        ])
          if (!new RegExp(`-${environment}(-|$)`).test(value(name))) yield `${id} has ${name} ${value(name)}`;
      }
    }),
    defects: {
      'stage twice': edit(
        `${stage('Check')}/Actions/1/Configuration/EnvironmentVariables/Fn::Sub/0`,
        `[{"name":"ENVIRONMENT","value":"stage"},{"name":"DEPLOY_ROLE_ARN","value":"arn:\${AWS::Partition}:iam::\${Account}:role/pipeline-\${ProjectName}-prod-state"}]`,
      ),
      'prod with the right to deploy': edit(
        `${stage('Check')}/Actions/1/Configuration/EnvironmentVariables/Fn::Sub/0`,
        `[{"name":"ENVIRONMENT","value":"prod"},{"name":"DEPLOY_ROLE_ARN","value":"arn:\${AWS::Partition}:iam::\${Account}:role/pipeline-\${ProjectName}-prod-deploy"}]`,
      ),
      'prod with the role of stage': edit(
        'DeployProdProject/Properties/Environment/EnvironmentVariables/1/Value/Fn::Sub/0',
        `arn:\${AWS::Partition}:iam::\${Account}:role/pipeline-\${ProjectName}-stage-deploy`,
      ),
      'stage named prod': edit('DeployStageProject/Properties/Environment/EnvironmentVariables/0/Value', 'prod'),
    },
  },
];
