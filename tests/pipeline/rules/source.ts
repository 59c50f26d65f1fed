import { at, key, listOf, membersOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import { edit, inEach, type Rule } from '../rule.ts';
import { actionOf, pipelineOf } from '../stages.ts';
import { account } from '../template.ts';

const action = 'Pipeline/Properties/Stages/@Source/Actions/0/Fn::If';
const trigger = 'Pipeline/Properties/Triggers/Fn::If/1/0';
const pipelineArn = { 'Fn::Sub': `arn:aws:codepipeline:us-east-1:${account}:\${Pipeline}` };

export const sourceRules: readonly Rule[] = [
  {
    name: 'the source is GitHub by a connection, or CodeCommit, with its history and without polling',
    check: inEach(function* (rendering) {
      const { SourceProvider, GitHubRepository, CodeCommitRepository, BranchName } = rendering.parameters;
      const source = actionOf(rendering, 'Source', 'SourceAction');
      const expected =
        SourceProvider === 'GitHub'
          ? {
              ConnectionArn: { Ref: 'SourceConnection' },
              FullRepositoryId: GitHubRepository,
              BranchName,
              DetectChanges: 'false',
              OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
            }
          : {
              RepositoryName: CodeCommitRepository,
              BranchName,
              PollForSourceChanges: 'false',
              OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
            };
      if (!same(source?.is.Configuration, expected as never)) yield `it is ${key(source?.is.Configuration)}`; // no undefined
      const { Owner, Provider, Version } = membersOf(source?.is.ActionTypeId);
      const provider = SourceProvider === 'GitHub' ? 'CodeStarSourceConnection' : 'CodeCommit';
      if (Owner !== 'AWS' || Provider !== provider || Version !== '1') yield `it is by ${Owner} ${Provider} ${Version}`;
      const connections = ofType(rendering, 'AWS::CodeConnections::Connection');
      if (connections.length !== (SourceProvider === 'GitHub' ? 1 : 0)) yield `${connections.length} connections`;
      for (const [, each] of connections)
        if (property(each, 'ProviderType') !== 'GitHub') yield `connected to ${key(property(each, 'ProviderType'))}`;
    }),
    defects: {
      'by a token': edit(`${action}/1`, {
        Name: 'SourceAction',
        Namespace: 'SourceVariables',
        ActionTypeId: { Category: 'Source', Owner: 'ThirdParty', Provider: 'GitHub', Version: '1' },
        Configuration: { Owner: 'me', Repo: 'it', Branch: 'main', OAuthToken: '{{resolve:secretsmanager:github}}' },
        OutputArtifacts: [{ Name: 'SourceOutput' }],
      }),
      'polls CodeCommit': edit(`${action}/2/Configuration/PollForSourceChanges`, 'true'),
      'a fixed branch': edit(`${action}/1/Configuration/BranchName`, 'master'),
      'a fixed repository': edit(`${action}/1/Configuration/FullRepositoryId`, 'someone/else'),
      'no history': edit(`${action}/1/Configuration/OutputArtifactFormat`),
      'both see a push': edit(`${action}/1/Configuration/DetectChanges`, 'true'),
      'a connection by ARN': edit(
        `${action}/1/Configuration/ConnectionArn`,
        'arn:aws:codeconnections:us-east-1:111122223333:connection/x',
      ),
      'a connection to GitLab': edit('SourceConnection/Properties/ProviderType', 'GitLab'),
      'GitHub for CodeCommit': edit('/Conditions/FromGitHub', {
        'Fn::Equals': [{ Ref: 'SourceProvider' }, 'CodeCommit'],
      }),
    },
  },
  {
    name: 'a push to the branch on GitHub starts the pipeline, one to another or of documents does not',
    check: inEach(function* (rendering) {
      const triggers = listOf(property(pipelineOf(rendering), 'Triggers'));
      if (rendering.parameters.SourceProvider !== 'GitHub') {
        if (triggers.length > 0) yield 'CodeCommit knows no triggers';
        return;
      }
      const { SourceActionName, Push, PullRequest } = membersOf(at(triggers[0], 'GitConfiguration'));
      if (triggers.length !== 1 || SourceActionName !== 'SourceAction') yield `${triggers.length} triggers`;
      if (PullRequest !== undefined) yield 'a pull request is no release';
      const [push, ...more] = listOf(Push);
      if (push === undefined || more.length > 0) yield 'no push, or more than one kind';
      if (!same(at(push, 'Branches'), { Includes: [rendering.parameters.BranchName ?? ''] })) yield 'of other branches';
      if (at(push, 'Tags') !== undefined) yield 'tags start it';
      if (!same(at(push, 'FilePaths'), { Excludes: ['*.md', '**/*.md'] })) yield 'of other files';
    }),
    defects: {
      none: edit('Pipeline/Properties/Triggers', { Ref: 'AWS::NoValue' }),
      'for CodeCommit too': edit('Pipeline/Properties/Triggers/Fn::If/2', [
        { ProviderType: 'CodeStarSourceConnection', GitConfiguration: { SourceActionName: 'SourceAction' } },
      ]),
      'of an action that is not there': edit(`${trigger}/GitConfiguration/SourceActionName`, 'Source'),
      'any branch': edit(`${trigger}/GitConfiguration/Push/0/Branches`),
      'another branch': edit(`${trigger}/GitConfiguration/Push/0/Branches/Includes/0`, 'develop'),
      'pull requests': edit(`${trigger}/GitConfiguration/PullRequest`, [{ Events: ['OPEN'] }]),
      'the code is left out': edit(`${trigger}/GitConfiguration/Push/0/FilePaths/Excludes/-`, 'functions/**'),
    },
  },
  {
    name: 'a push to the branch in CodeCommit starts the pipeline by a rule, whose role can do nothing else',
    check: inEach(function* (rendering) {
      const { SourceProvider, CodeCommitRepository, BranchName } = rendering.parameters;
      const rule = rendering.resources.SourceRule;
      if (SourceProvider === 'GitHub') {
        if (rule || rendering.resources.SourceRuleRole) yield 'CodeCommit is not in use';
        return;
      }
      const expected = {
        source: ['aws.codecommit'],
        'detail-type': ['CodeCommit Repository State Change'],
        resources: [`arn:aws:codecommit:us-east-1:${account}:${CodeCommitRepository}`],
        detail: {
          event: ['referenceCreated', 'referenceUpdated'],
          referenceType: ['branch'],
          referenceName: [BranchName ?? ''],
        },
      };
      if (!same(property(rule, 'EventPattern'), expected)) yield `it sees ${key(property(rule, 'EventPattern'))}`;
      if ((property(rule, 'State') ?? 'ENABLED') !== 'ENABLED') yield 'it is off';
      if (property(rule, 'Name') !== `${rendering.parameters.ProjectName}-source`) yield 'its role trusts another name';
      const [target, ...others] = listOf(property(rule, 'Targets'));
      if (others.length > 0 || !same(at(target, 'Arn'), pipelineArn)) yield `it starts ${key(at(target, 'Arn'))}`;
      if (!same(at(target, 'RoleArn'), { 'Fn::GetAtt': ['SourceRuleRole', 'Arn'] })) yield 'it starts nothing';
      const statement = at(rendering.resources.SourceRuleRole, 'Properties/Policies/0/PolicyDocument/Statement');
      const only = [{ Effect: 'Allow', Action: 'codepipeline:StartPipelineExecution', Resource: pipelineArn }];
      if (!same(statement, only)) yield `its role may ${key(statement)}`;
    }),
    defects: {
      'no rule': edit('SourceRule'),
      'another branch': edit('SourceRule/Properties/EventPattern/detail/referenceName/0', 'develop'),
      'any branch': edit('SourceRule/Properties/EventPattern/detail/referenceName'),
      'any repository': edit('SourceRule/Properties/EventPattern/resources'),
      'it is off': edit('SourceRule/Properties/State', 'DISABLED'),
      'another name': edit('SourceRule/Properties/Name'),
      'no role': edit('SourceRule/Properties/Targets/0/RoleArn'),
      "the pipeline's own role": edit('SourceRule/Properties/Targets/0/RoleArn', {
        'Fn::GetAtt': ['CodePipelineServiceRole', 'Arn'],
      }),
      'a role for every pipeline': edit(
        'SourceRuleRole/Properties/Policies/0/PolicyDocument/Statement/0/Resource',
        '*',
      ),
      'a role that may approve': edit('SourceRuleRole/Properties/Policies/0/PolicyDocument/Statement/0/Action', [
        'codepipeline:StartPipelineExecution',
        'codepipeline:PutApprovalResult',
      ]),
      'with GitHub too': edit('SourceRule/Condition'),
    },
  },
];
