import { at, listOf, same, textsOf } from '../../template/json.ts';
import { property, type Rendering } from '../../template/stack.ts';
import { edit, edits, inEach, type Rule, rewrite } from '../rule.ts';
import { type Action, actionsOf, artifactsOf, pipelineOf, projectOf, runOrderOf } from '../stages.ts';
import { buildspecOf, type Source } from '../template.ts';

/** What CodePipeline's source actions say by themselves. */
const ofSource = ['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage'];
const stage = (name: string) => `Pipeline/Properties/Stages/@${name}`;

/** The variables that an action leaves for later ones, `Namespace.NAME`. */
function variablesLeftBy({ stage: name, is }: Action, rendering: Rendering, source: Source): string[] {
  const buildspec = buildspecOf(
    source,
    property(rendering.resources[projectOf({ stage: name, name, is }) ?? ''], 'Source/BuildSpec'),
  );
  const names = name === 'Source' ? ofSource : textsOf(at(buildspec, 'env/exported-variables'));
  return is.Namespace === undefined ? [] : names.map((variable) => `${is.Namespace}.${variable}`);
}

/** Whether `earlier` has ended when `later` begins. */
const isBefore = (earlier: Action, later: Action, order: readonly string[]) =>
  order.indexOf(earlier.stage) < order.indexOf(later.stage) ||
  (earlier.stage === later.stage && runOrderOf(earlier) < runOrderOf(later));

export const artifactRules: readonly Rule[] = [
  {
    name: 'an artifact is made once, before it is taken, under the name of the design',
    check: inEach(function* (rendering) {
      const actions = actionsOf(rendering);
      const order = actions.map((each) => each.stage);
      const made = actions.flatMap((action) =>
        artifactsOf(action, 'OutputArtifacts').map((name) => ({ action, name })),
      );
      const names = made.map(({ name }) => name);
      if (!same(names, ['SourceOutput', 'BuildOutput', 'AppSpecFile', 'AppSpecFileProd'])) yield `made are ${names}`;
      for (const action of actions) {
        const inputs = artifactsOf(action, 'InputArtifacts');
        for (const input of inputs)
          if (!made.some(({ action: maker, name }) => name === input && isBefore(maker, action, order)))
            yield `${action.stage}: no one has made ${input}`;
        if (projectOf(action) === undefined) continue;
        if (inputs.length === 0) yield `${action.stage}: ${action.name} has nothing to work on`;
        const primary = at(action.is, 'Configuration/PrimarySource');
        if (inputs.length > 1 && !inputs.includes(String(primary))) yield `${action.name} has no primary source`;
        // The scripts lie there.
        if ((primary ?? inputs[0]) !== 'SourceOutput')
          yield `${action.name} finds no buildspec in ${primary ?? inputs[0]}`;
      }
      for (const name of ['Test', 'DeployStage', 'DeployProd'])
        if (!actions.some((each) => each.stage === name && artifactsOf(each, 'InputArtifacts').includes('BuildOutput')))
          yield `${name} does not wait for the build`;
    }),
    defects: {
      'a name that nobody makes': edit(`${stage('Build')}/Actions/0/InputArtifacts/0/Name`, 'SourceArtifact'),
      'the tests take what comes later': edit(`${stage('Test')}/Actions/0/InputArtifacts/1/Name`, 'AppSpecFile'),
      'the build hands nothing on': edit(`${stage('Build')}/Actions/0/OutputArtifacts`),
      'another name': edit(`${stage('Build')}/Actions/0/OutputArtifacts/0/Name`, 'Build'),
      'no AppSpec': edit(`${stage('DeployStage')}/Actions/0/OutputArtifacts`),
      'one name twice': edit(`${stage('DeployProd')}/Actions/0/OutputArtifacts/0/Name`, 'AppSpecFile'),
      'no primary source': edit(`${stage('Test')}/Actions/0/Configuration/PrimarySource`),
      'a primary source that is none': edit(
        `${stage('DeployProd')}/Actions/0/Configuration/PrimarySource`,
        'BuildOutput',
      ),
      'a check of nothing': edit(`${stage('Check')}/Actions/0/InputArtifacts`),
      'a deployment without a build': edit(`${stage('DeployProd')}/Actions/0/InputArtifacts/1`),
    },
  },
  {
    name: 'a variable comes from an action before, whose buildspec exports it',
    check: inEach(function* (rendering, source) {
      const actions = actionsOf(rendering);
      const order = actions.map((each) => each.stage);
      const namespaces = actions.flatMap(({ is }) => textsOf(is.Namespace));
      if (new Set(namespaces).size < namespaces.length) yield `a namespace is there twice: ${namespaces}`;
      for (const action of actions) {
        const left = actions
          .filter((each) => isBefore(each, action, order))
          .flatMap((each) => variablesLeftBy(each, rendering, source));
        for (const [, variable = ''] of JSON.stringify(action.is).matchAll(/#\{([^}]*)\}/g))
          if (!left.includes(variable)) yield `${action.stage}: nobody says ${variable}`;
      }
    }),
    defects: {
      'no namespace': edit(`${stage('Build')}/Actions/0/Namespace`),
      'a slip of the pen': edit(`${stage('Approve')}/Actions/1/Configuration/CustomData`, '#{Changes.CHANGE}'),
      'it is not exported': rewrite('pipeline/buildspecs/build.yml', '    - BUNDLE_SHA256\n', '    - BUNDLE\n'),
      'from a later action': edit(
        `${stage('Build')}/Actions/0/Configuration/EnvironmentVariables`,
        '[{"name":"SINCE","value":"#{Changes.CHANGES}"}]',
      ),
      'one namespace for two': edit(`${stage('Check')}/Actions/1/Namespace`, 'StageState'),
      'the source says nothing': edits(
        edit(`${stage('Source')}/Actions/0/Fn::If/1/Namespace`),
        edit(`${stage('Source')}/Actions/0/Fn::If/2/Namespace`),
      ),
    },
  },
  {
    name: 'production gets the bundle that was tested and staged, by its checksum',
    check: inEach(function* (rendering) {
      const given = ['Test', 'DeployStage', 'DeployProd'].map((name) =>
        actionsOf(rendering)
          .filter((each) => each.stage === name)
          .map(({ is }) => at(is, 'Configuration/EnvironmentVariables')),
      );
      for (const each of given)
        if (!same(each as never, ['[{"name":"BUNDLE_SHA256","value":"#{BuildVariables.BUNDLE_SHA256}"}]']))
          // undefined is no such text
          yield `given is ${each}`;
    }),
    defects: {
      'production without a checksum': edit(`${stage('DeployProd')}/Actions/0/Configuration/EnvironmentVariables`),
      'the tests without a checksum': edit(`${stage('Test')}/Actions/0/Configuration/EnvironmentVariables`),
      'production has its own': edit(
        `${stage('DeployProd')}/Actions/0/Configuration/EnvironmentVariables`,
        '[{"name":"BUNDLE_SHA256","value":"latest"}]',
      ),
    },
  },
  {
    name: 'artifacts lie in the bucket, under the key',
    check: inEach(function* (rendering) {
      const pipeline = pipelineOf(rendering);
      const expected = {
        Type: 'S3',
        Location: { Ref: 'ArtifactStoreBucket' },
        EncryptionKey: { Type: 'KMS', Id: { 'Fn::GetAtt': ['ArtifactKey', 'Arn'] } },
      };
      if (!same(property(pipeline, 'ArtifactStore'), expected)) yield 'they lie elsewhere';
      if (listOf(property(pipeline, 'ArtifactStores')).length > 0) yield 'they lie elsewhere too';
    }),
    defects: {
      'no key': edit('Pipeline/Properties/ArtifactStore/EncryptionKey'),
      'the key of another': edit('Pipeline/Properties/ArtifactStore/EncryptionKey/Id', 'alias/aws/s3'),
      'a bucket by name': edit('Pipeline/Properties/ArtifactStore/Location', 'inventory-allocation-artifact-store'),
      nowhere: edit('Pipeline/Properties/ArtifactStore'),
    },
  },
];
