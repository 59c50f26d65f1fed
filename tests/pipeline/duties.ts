import { at, type Json, membersOf } from '../template/json.ts';
import { ofType, property, type Resource } from '../template/stack.ts';
import { buildspecOfProject, commandsOf, ownVariablesOf } from './projects.ts';
import { actionsOf, artifactsOf, projectOf, variablesOf } from './stages.ts';
import { attribute, may } from './statements.ts';
import { account, type PipelineRendering, type Source } from './template.ts';

const here = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
export const artifacts: Json = { 'Fn::Sub': `\${ArtifactStoreBucket.Arn}/*` };

/** What reading the source takes, with CODEBUILD_CLONE_REF. */
export const sourceRights = ({ parameters }: PipelineRendering): string[] =>
  parameters.SourceProvider === 'GitHub'
    ? ['codeconnections:UseConnection', 'codestar-connections:UseConnection'].map((action) =>
        may(action, { Ref: 'SourceConnection' }),
      )
    : [may('codecommit:GitPull', here('codecommit', String(parameters.CodeCommitRepository)))];

/** The package that bundle.sh publishes, as its ARN. */
function bundleOf({ files }: Source): Json {
  const script = files['pipeline/scripts/bundle.sh'] ?? '';
  const [, namespace] = /^package_namespace=(\S+)$/m.exec(script) ?? [];
  const [, name] = /^package=(\S+)$/m.exec(script) ?? [];
  return {
    'Fn::Sub': here(
      'codeartifact',
      `package/\${PackageDomain.Name}/\${PackageRepository.Name}/generic/${namespace}/${name}`,
    ),
  };
}

/** The rights that a project needs, and no more: by its place in the pipeline and what its buildspec says. */
export function rightsNeededBy(rendering: PipelineRendering, source: Source, id: string, project: Resource): string[] {
  const runs = actionsOf(rendering).filter((action) => projectOf(action) === id);
  const commands = commandsOf(buildspecOfProject(source, project));
  const logs = String(at(property(project, 'LogsConfig/CloudWatchLogs/GroupName'), 'Ref'));
  const gives =
    commands.includes('sam.sh package') || runs.some((run) => artifactsOf(run, 'OutputArtifacts').length > 0);
  return [
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => may(action, attribute(logs))),
    ...['s3:GetObject', 's3:GetObjectVersion', ...(gives ? ['s3:PutObject'] : [])].map((each) => may(each, artifacts)),
    ...['kms:Decrypt', ...(gives ? ['kms:GenerateDataKey'] : [])].map((each) => may(each, attribute('ArtifactKey'))),
    ...(runs.some((run) => artifactsOf(run, 'InputArtifacts').includes('SourceOutput')) ? sourceRights(rendering) : []),
    ...(commands.includes('codeartifact login') ? loginRights : []),
    ...(/bundle\.sh (get|put)/.test(commands) ? [may('codeartifact:GetPackageVersionAsset', bundleOf(source))] : []),
    ...(/bundle\.sh put/.test(commands) ? [may('codeartifact:PublishPackageVersion', bundleOf(source))] : []),
    ...(commands.includes('changes.sh')
      ? [may('codepipeline:ListPipelineExecutions', here('codepipeline', String(rendering.parameters.ProjectName)))]
      : []),
    ...reportRights(rendering, source, project),
    ...rolesTakenOnBy(rendering, id, project).map((arn) => may('sts:AssumeRole', arn)),
  ].toSorted();
}

const loginRights = [
  may('codeartifact:GetAuthorizationToken', attribute('PackageDomain')),
  may('codeartifact:GetRepositoryEndpoint', attribute('PackageRepository')),
  may('codeartifact:ReadFromRepository', attribute('PackageRepository')),
  may('sts:GetServiceBearerToken', '*'),
];

function reportRights(rendering: PipelineRendering, source: Source, project: Resource): string[] {
  const reports = Object.keys(membersOf(buildspecOfProject(source, project).reports));
  const names = reports.map((report) => `${property(project, 'Name')}-${report}`);
  const groups = ofType(rendering, 'AWS::CodeBuild::ReportGroup').filter(([, each]) =>
    names.includes(String(property(each, 'Name'))),
  );
  return groups.flatMap(([id, each]) => {
    const data = property(each, 'Type') === 'TEST' ? 'BatchPutTestCases' : 'BatchPutCodeCoverages';
    return ['CreateReport', 'UpdateReport', data].map((action) => may(`codebuild:${action}`, attribute(id)));
  });
}

/** The environments' roles that a project is told to take on. */
export function rolesTakenOnBy(rendering: PipelineRendering, id: string, project: Resource): Json[] {
  const given = actionsOf(rendering)
    .filter((action) => projectOf(action) === id)
    .flatMap(variablesOf);
  return [...ownVariablesOf(project), ...given]
    .filter(({ name }) => name === 'DEPLOY_ROLE_ARN')
    .map(({ value }) => value);
}
