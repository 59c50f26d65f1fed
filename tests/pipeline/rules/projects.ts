import { at, type Json, key, listOf, membersOf, same } from '../../template/json.ts';
import { ofType, property } from '../../template/stack.ts';
import {
  buildspecOfProject,
  commandsOf,
  givenVariablesOf,
  ownVariablesOf,
  projectsOf,
  serviceRoleOf,
  textRunBy,
} from '../projects.ts';
import { edit, edits, inEach, type Rule, rewrite } from '../rule.ts';
import { actionsOf, projectOf } from '../stages.ts';
import { attribute } from '../statements.ts';

/** Images that AWS keeps up to date and that have Node.js 24; those before them are no longer patched. */
const images: Readonly<Record<string, readonly string[]>> = {
  arm64: ['aws/codebuild/amazonlinux-aarch64-standard:3.0', 'aws/codebuild/amazonlinux-aarch64-standard:4.0'],
  x86_64: ['aws/codebuild/amazonlinux-x86_64-standard:5.0', 'aws/codebuild/amazonlinux-x86_64-standard:6.0'],
};
const containers: Readonly<Record<string, string>> = { arm64: 'ARM_CONTAINER', x86_64: 'LINUX_CONTAINER' };

/** The longest that each project may take, in minutes; production's shift alone takes 30. */
const minutes: Readonly<Record<string, readonly [least: number, most: number]>> = {
  CheckProject: [10, 15],
  BuildProject: [15, 60],
  TestProject: [20, 60],
  DeployStageProject: [60, 90],
  ChangesProject: [5, 15],
  DeployProdProject: [90, 90],
};

/** What CodeBuild and bash have without us. */
const known = /^(CODEBUILD_\w+|AWS_\w+|PWD|PATH|HOME|CI|SECONDS|RANDOM)$/;
const environment = (id: string) => `${id}/Properties/Environment`;

export const projectRules: readonly Rule[] = [
  {
    name: "every project runs in a current image of the functions' architecture, without privileges",
    check: inEach(function* (rendering, { application, template }) {
      const architecture = String(at(application, 'Parameters/Architecture/Default'));
      for (const image of listOf(at(template, 'Parameters/BuildImage/AllowedValues')))
        if (!images[architecture]?.includes(String(image))) yield `${image} may be chosen`;
      for (const [id, project] of projectsOf(rendering)) {
        const { Type, Image, ComputeType, PrivilegedMode, RegistryCredential, ImagePullCredentialsType } = membersOf(
          property(project, 'Environment'),
        );
        if (!images[architecture]?.includes(String(Image))) yield `${id} runs in ${key(Image)}`;
        if (Type !== containers[architecture]) yield `${id} runs on ${key(Type)}`;
        if (!/^BUILD_GENERAL1_(SMALL|MEDIUM)$/.test(String(ComputeType))) yield `${id} takes ${key(ComputeType)}`;
        if (PrivilegedMode !== undefined && PrivilegedMode !== false) yield `${id} is privileged`;
        if (RegistryCredential ?? ImagePullCredentialsType) yield `${id} takes its image from elsewhere`;
      }
    }),
    defects: {
      'a deprecated image': edit(`${environment('BuildProject')}/Image`, 'aws/codebuild/standard:4.0'),
      'an image that may change': edit(`${environment('TestProject')}/Image`, 'aws/codebuild/standard:latest'),
      "somebody's image": edit(`${environment('BuildProject')}/Image`, 'node:24'),
      'a deprecated default': edits(
        edit('/Parameters/BuildImage/Default', 'aws/codebuild/amazonlinux2-aarch64-standard:2.0'),
        edit('/Parameters/BuildImage/AllowedValues/-', 'aws/codebuild/amazonlinux2-aarch64-standard:2.0'),
      ),
      'a choice that is deprecated': edit('/Parameters/BuildImage/AllowedValues/-', 'aws/codebuild/standard:5.0'),
      'another architecture': edit(`${environment('DeployProdProject')}/Type`, 'LINUX_CONTAINER'),
      'a virtual machine full of rights': edit(`${environment('TestProject')}/PrivilegedMode`, true),
      'a large machine': edit(`${environment('BuildProject')}/ComputeType`, 'BUILD_GENERAL1_2XLARGE'),
    },
  },
  {
    name: "a project is the pipeline's alone: its source, its artifacts, its key",
    check: inEach(function* (rendering) {
      const used = new Set(actionsOf(rendering).map(projectOf));
      for (const [id, project] of projectsOf(rendering)) {
        if (!used.has(id)) yield `${id} is in no stage`;
        if (property(project, 'Source/Type') !== 'CODEPIPELINE') yield `${id} takes its own source`;
        if (!same(property(project, 'Artifacts'), { Type: 'CODEPIPELINE' })) yield `${id} leaves artifacts elsewhere`;
        if (!same(property(project, 'EncryptionKey'), { 'Fn::GetAtt': ['ArtifactKey', 'Arn'] }))
          yield `${id} encrypts by ${key(property(project, 'EncryptionKey'))}`;
        for (const name of [
          'Triggers',
          'BadgeEnabled',
          'SecondarySources',
          'SecondaryArtifacts',
          'ResourceAccessRole',
          'Cache',
        ])
          if (property(project, name) !== undefined) yield `${id} has ${name}`;
        if ((property(project, 'Visibility') ?? 'PRIVATE') !== 'PRIVATE') yield `${id} is public`;
        if (typeof property(project, 'Name') !== 'string' || typeof property(project, 'Description') !== 'string')
          yield `${id} does not say what it is`;
      }
    }),
    defects: {
      'a source of its own': edit('BuildProject/Properties/Source', {
        Type: 'GITHUB',
        Location: 'https://github.com/a/b',
        BuildSpec: 'pipeline/buildspecs/build.yml',
      }),
      'no artifacts': edit('BuildProject/Properties/Artifacts/Type', 'NO_ARTIFACTS'),
      'the key of AWS': edit('DeployProdProject/Properties/EncryptionKey'),
      'all may look': edit('BuildProject/Properties/Visibility', 'PUBLIC_READ'),
      'a webhook': edit('BuildProject/Properties/Triggers', { Webhook: true }),
      'in no stage': edit('Pipeline/Properties/Stages/@Test/Actions/@UnitTestAction/Configuration/ProjectName', {
        Ref: 'BuildProject',
      }),
      'without description': edit('TestProject/Properties/Description'),
    },
  },
  {
    name: 'every project has an end, and deployments wait for each other',
    check: inEach(function* (rendering) {
      for (const [id, project] of projectsOf(rendering)) {
        const [least, most] = minutes[id] ?? [1, 60];
        const limit = Number(property(project, 'TimeoutInMinutes'));
        if (!(limit >= least && limit <= most)) yield `${id} takes up to ${limit} minutes`;
        const queued = Number(property(project, 'QueuedTimeoutInMinutes'));
        if (!(queued >= 5 && queued <= 60)) yield `${id} waits up to ${queued} minutes`;
        const builds = Number(property(project, 'ConcurrentBuildLimit'));
        if (!(builds === (id === 'CheckProject' ? 2 : 1))) yield `${id} runs ${builds} times at once`;
        if (Number(property(project, 'AutoRetryLimit') ?? 0) > 0) yield `${id} tries again by itself`;
      }
    }),
    defects: {
      'no end': edit('BuildProject/Properties/TimeoutInMinutes'),
      'before the shift is done': edit('DeployProdProject/Properties/TimeoutInMinutes', 30),
      'all day': edit('TestProject/Properties/TimeoutInMinutes', 480),
      'in the queue for ever': edit('DeployStageProject/Properties/QueuedTimeoutInMinutes'),
      'two deployments': edit('DeployProdProject/Properties/ConcurrentBuildLimit'),
      'deploys again': edit('DeployProdProject/Properties/AutoRetryLimit', 3),
    },
  },
  {
    name: 'every project logs to a group of its own, encrypted and kept for a while',
    check: inEach(function* (rendering) {
      const groups = projectsOf(rendering).map(([, project]) =>
        property(project, 'LogsConfig/CloudWatchLogs/GroupName'),
      );
      if (new Set(groups.map(key)).size < groups.length) yield 'two share a group';
      for (const [id, project] of projectsOf(rendering)) {
        const { Status, GroupName } = membersOf(property(project, 'LogsConfig/CloudWatchLogs'));
        const group = rendering.resources[String(membersOf(GroupName).Ref)];
        if (Status !== 'ENABLED' || group?.Type !== 'AWS::Logs::LogGroup') yield `${id} logs nowhere`;
        if (property(group, 'LogGroupName') !== `/aws/codebuild/${property(project, 'Name')}`)
          yield `${id} logs to ${key(property(group, 'LogGroupName'))}`;
      }
      for (const [id, group] of ofType(rendering, 'AWS::Logs::LogGroup')) {
        const days = Number(property(group, 'RetentionInDays'));
        if (!(days >= 14 && days <= 365)) yield `${id} is kept for ${days} days`;
        if (!same(property(group, 'KmsKeyId'), { 'Fn::GetAtt': ['ArtifactKey', 'Arn'] })) yield `${id} is readable`;
      }
    }),
    defects: {
      'no logs': edit('DeployProdProject/Properties/LogsConfig'),
      'logs off': edit('BuildProject/Properties/LogsConfig/CloudWatchLogs/Status', 'DISABLED'),
      'the group of another': edit('BuildProject/Properties/LogsConfig/CloudWatchLogs/GroupName', { Ref: 'TestLogs' }),
      'a group that CodeBuild makes': edit('BuildProject/Properties/LogsConfig/CloudWatchLogs/GroupName', '/build'),
      'kept for ever': edit('BuildLogs/Properties/RetentionInDays'),
      'kept for ten years': edit('DeployProdLogs/Properties/RetentionInDays', 3653),
      'not encrypted': edit('TestLogs/Properties/KmsKeyId'),
      'a slip of the pen': edit('CheckLogs/Properties/LogGroupName', { 'Fn::Sub': `/aws/codebuild/\${ProjectName}` }),
    },
  },
  {
    name: 'the buildspec of every project exists, and is one that CodeBuild takes',
    check: inEach(function* (rendering, source) {
      for (const [id, project] of projectsOf(rendering)) {
        const path = property(project, 'Source/BuildSpec');
        if (source.files[String(path)] === undefined) yield `${id}: there is no ${key(path)}`;
        const { version, phases, ...others } = buildspecOfProject(source, project);
        if (version !== 0.2) yield `${id}: version ${key(version)}`;
        if (Object.keys(membersOf(phases)).length === 0) yield `${id}: no phases`;
        for (const [name, phase] of Object.entries(membersOf(phases))) {
          if (!['install', 'pre_build', 'build', 'post_build'].includes(name))
            yield `${id}: no phase is called ${name}`;
          if (at(phase, 'on-failure') !== 'ABORT') yield `${id}: ${name} fails and goes on`;
        }
        for (const name of Object.keys(others))
          if (!['env', 'reports', 'artifacts', 'cache', 'proxy', 'batch', 'run-as'].includes(name))
            yield `${id}: ${name}`;
        for (const [, file = ''] of commandsOf({ phases: phases ?? null }).matchAll(/(pipeline\/[\w./-]+)/g))
          if (source.files[file] === undefined) yield `${id}: there is no ${file}`;
        for (const [, script = ''] of commandsOf({ phases: phases ?? null }).matchAll(/npm run (?:--\w+ )*([\w:-]+)/g))
          if (at(JSON.parse(source.files['package.json'] ?? '{}'), `scripts/${script}`) === undefined)
            yield `${id}: there is no npm run ${script}`;
      }
    }),
    defects: {
      'in the root': edit('BuildProject/Properties/Source/BuildSpec', 'buildspec.yml'),
      'not said': edit('TestProject/Properties/Source/BuildSpec'),
      deleted: rewrite('pipeline/buildspecs/deploy.yml'),
      'an old version': rewrite('pipeline/buildspecs/build.yml', 'version: 0.2', 'version: 0.1'),
      'a failure goes on': rewrite('pipeline/buildspecs/build.yml', 'on-failure: ABORT', 'on-failure: CONTINUE'),
      'an unknown phase': rewrite('pipeline/buildspecs/test.yml', '  pre_build:', '  prebuild:'),
      'a script that is not there': rewrite('pipeline/buildspecs/check.yml', 'stack-state.sh', 'stack-exists.sh'),
      'an npm script that is not there': rewrite('package.json', '"test:unit"', '"test:units"'),
    },
  },
  {
    name: 'a buildspec is given every variable that it reads, and none that nothing reads',
    check: inEach(function* (rendering, source) {
      for (const [id, project] of projectsOf(rendering)) {
        const buildspec = buildspecOfProject(source, project);
        const commands = commandsOf(buildspec);
        const own = ownVariablesOf(project).map(({ name }) => name);
        const given = [...own, ...givenVariablesOf(rendering, id)];
        const set = [
          ...Object.keys(membersOf(at(buildspec, 'env/variables'))),
          ...[...commands.matchAll(/\b([A-Z][A-Z0-9_]*)=/g)].map(([, name = '']) => name),
        ];
        for (const [, name = ''] of commands.matchAll(/\$\{?([A-Z][A-Z0-9_]*)/g))
          if (!known.test(name) && ![...given, ...set].includes(name)) yield `${id}: nobody says ${name}`;
        const text = textRunBy(source, buildspec);
        for (const name of given) if (!new RegExp(`\\b${name}\\b`).test(text)) yield `${id}: nothing reads ${name}`;
        if (new Set(given).size < given.length) yield `${id}: one is said twice`;
        if (/\bCODEARTIFACT_/.test(commands) || /bundle\.sh (get|put)/.test(commands))
          for (const name of ['CODEARTIFACT_DOMAIN', 'CODEARTIFACT_DOMAIN_OWNER', 'CODEARTIFACT_REPOSITORY'])
            if (!given.includes(name)) yield `${id}: nobody says ${name}`;
      }
    }),
    defects: {
      'no repository': edit(`${environment('DeployProdProject')}/EnvironmentVariables/@CODEARTIFACT_REPOSITORY`),
      'no checksum': edit(
        'Pipeline/Properties/Stages/@Test/Actions/@UnitTestAction/Configuration/EnvironmentVariables',
      ),
      'no environment': edit(`${environment('DeployStageProject')}/EnvironmentVariables/@ENVIRONMENT`),
      'a slip of the pen': edit(
        `${environment('BuildProject')}/EnvironmentVariables/@ARTIFACT_BUCKET/Name`,
        'ARTEFACT_BUCKET',
      ),
      'one that nothing reads': edit(`${environment('TestProject')}/EnvironmentVariables/-`, {
        Name: 'VERBOSE',
        Value: '1',
      }),
      'read under another name': rewrite('pipeline/buildspecs/check.yml', '$ENVIRONMENT', '$STAGE_NAME'),
    },
  },
  {
    name: "a project is told of the stack's own packages, bucket and key",
    check: inEach(function* (rendering) {
      const expected: Readonly<Record<string, Json>> = {
        CODEARTIFACT_DOMAIN: attribute('PackageDomain', 'Name'),
        CODEARTIFACT_DOMAIN_OWNER: attribute('PackageDomain', 'Owner'),
        CODEARTIFACT_REPOSITORY: attribute('PackageRepository', 'Name'),
        PIPELINE_NAME: rendering.parameters.ProjectName ?? '',
      };
      const ofBuild: Readonly<Record<string, Json>> = {
        ARTIFACT_BUCKET: { Ref: 'ArtifactStoreBucket' },
        ARTIFACT_KEY: attribute('ArtifactKey'),
      };
      for (const [id, project] of projectsOf(rendering))
        for (const { name, value } of ownVariablesOf(project)) {
          const right = expected[name] ?? (id === 'BuildProject' ? ofBuild[name] : undefined);
          if (right !== undefined && !same(value, right)) yield `${id}: ${name} is ${key(value)}`;
        }
    }),
    defects: {
      'a domain by name': edit(
        `${environment('BuildProject')}/EnvironmentVariables/@CODEARTIFACT_DOMAIN/Value`,
        'my-domain',
      ),
      'the upstream': edit(`${environment('TestProject')}/EnvironmentVariables/@CODEARTIFACT_REPOSITORY/Value`, {
        'Fn::GetAtt': ['PackageUpstream', 'Name'],
      }),
      'another bucket': edit(`${environment('BuildProject')}/EnvironmentVariables/@ARTIFACT_BUCKET/Value`, 'packages'),
      'another pipeline': edit(
        `${environment('ChangesProject')}/EnvironmentVariables/@PIPELINE_NAME/Value`,
        'pipeline',
      ),
    },
  },
  {
    name: 'each project has a role of its own, which it alone may take',
    check: inEach(function* (rendering) {
      const roles = projectsOf(rendering).map(([, project]) => serviceRoleOf(project));
      if (new Set(roles).size < roles.length) yield `two share a role: ${roles}`;
      for (const [id, project] of projectsOf(rendering)) {
        const role = rendering.resources[serviceRoleOf(project)];
        if (role?.Type !== 'AWS::IAM::Role') yield `${id} has no role, but ${key(property(project, 'ServiceRole'))}`;
        const source = at(property(role, 'AssumeRolePolicyDocument/Statement'), '0/Condition/ArnLike/aws:SourceArn');
        if (!String(source).endsWith(`:project/${property(project, 'Name')}`))
          yield `${id}: its role trusts ${key(source)}`;
      }
      if (serviceRoleOf(rendering.resources.BuildProject ?? { Type: '' }) !== 'CodeBuildServiceRole')
        yield 'the design calls the role of the build CodeBuildServiceRole';
    }),
    defects: {
      'the build with the rights to deploy': edit('BuildProject/Properties/ServiceRole', {
        'Fn::GetAtt': ['DeployProdServiceRole', 'Arn'],
      }),
      'a role by its name': edit('BuildProject/Properties/ServiceRole', { Ref: 'CodeBuildServiceRole' }),
      'one for two': edit('DeployStageProject/Properties/ServiceRole', {
        'Fn::GetAtt': ['DeployProdServiceRole', 'Arn'],
      }),
      'a role that every project may take': edit(
        'CodeBuildServiceRole/Properties/AssumeRolePolicyDocument/Statement/0/Condition/ArnLike/aws:SourceArn',
        { 'Fn::Sub': `arn:\${AWS::Partition}:codebuild:\${AWS::Region}:\${AWS::AccountId}:project/*` },
      ),
    },
  },
];
