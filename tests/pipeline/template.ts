import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { parse, type ScalarTag, type YAMLMap, type YAMLSeq } from 'yaml';
import { at, isObject, type Json, type JsonObject, membersOf } from '../template/json.ts';
import { holds, resolve, type Scope } from '../template/resolve.ts';
import type { Rendering, Resource } from '../template/stack.ts';

export const repository = resolvePath(import.meta.dirname, '../..');
export const account = '111122223333'; // resolve.ts's

/** The files as they are written, intrinsics in their long form. */
export type Source = {
  /** pipeline/template.yaml */
  readonly template: JsonObject;
  /** pipeline/environment.yaml */
  readonly environment: JsonObject;
  /** The application's template.yaml. */
  readonly application: JsonObject;
  /** What CloudFormation calls for that template, each action with the types that need it. */
  readonly handlers: JsonObject;
  /** samconfig.toml */
  readonly configuration: JsonObject;
  /** pipeline/parameters.json */
  readonly parameters: Json;
  /** Everything else that the rules read, by path from the root. */
  readonly files: Readonly<Record<string, string>>;
};

/** The pipeline's stack for one choice of parameters, and the stack of each environment beside it. */
export type PipelineRendering = Rendering & { readonly environments: readonly Rendering[] };
export type Pipeline = { readonly source: Source; readonly renderings: readonly PipelineRendering[] };

const elsewhere = { StageAccount: '444455556666', ProdAccount: '777788889999' };
const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GitHub: {},
  CodeCommit: { SourceProvider: 'CodeCommit', GitHubRepository: '' },
  'other accounts': elsewhere,
  'other names': {
    ProjectName: 'inventory',
    BranchName: 'release',
    ProdAccount: elsewhere.ProdAccount,
    NoticeEmail: 'operator@example.com',
  },
  'other names in CodeCommit': {
    SourceProvider: 'CodeCommit',
    CodeCommitRepository: 'stock',
    BranchName: 'release',
  },
};

export function readFiles(): Pick<Source, 'template' | 'environment' | 'parameters' | 'files'> {
  const names = [
    'package.json',
    ...['pipeline/buildspecs', 'pipeline/scripts'].flatMap((folder) =>
      readdirSync(join(repository, folder)).map((file) => `${folder}/${file}`),
    ),
  ];
  return {
    template: readTemplate('pipeline/template.yaml'),
    environment: readTemplate('pipeline/environment.yaml'),
    parameters: JSON.parse(read('pipeline/parameters.json')),
    files: Object.fromEntries(names.map((name) => [name, read(name)])),
  };
}

const read = (file: string) => readFileSync(join(repository, file), 'utf8');

const longForms = ['Equals', 'FindInMap', 'GetAtt', 'If', 'Join', 'Not', 'And', 'Or', 'Select', 'Split', 'Sub'];
const tags = ['Ref', 'Condition', ...longForms].flatMap((name) => {
  const long = longForms.includes(name) ? `Fn::${name}` : name;
  const argument = (value: Json): Json =>
    name === 'GetAtt' && typeof value === 'string' ? value.split(/\.(.*)/s).slice(0, 2) : value;
  const inLongForm = (value: Json) => ({ [long]: argument(value) });
  return [
    { tag: `!${name}`, resolve: (text: string) => inLongForm(text) } satisfies ScalarTag,
    { tag: `!${name}`, collection: 'seq' as const, resolve: (list: YAMLMap | YAMLSeq) => inLongForm(list.toJSON()) },
  ];
});

export const readTemplate = (file: string): JsonObject => membersOf(parse(read(file), { customTags: tags }));

export function render(source: Source): Pipeline {
  return {
    source,
    renderings: Object.entries(variants).map(([name, chosen]) => {
      const parameters = { ...defaultsOf(source.template), ...fileParameters(source), ...chosen };
      const pipeline = renderTemplate(name, source.template, parameters);
      return { ...pipeline, environments: ['Stage', 'Prod'].map((each) => renderEnvironment(source, pipeline, each)) };
    }),
  };
}

/** With what the pipeline's stack hands it, or for an account of its own with what its head says. */
function renderEnvironment(source: Source, pipeline: Rendering, name: string): Rendering {
  const nested = pipeline.resources[`${name}Environment`];
  const given = nested
    ? membersOf(at(nested, 'Properties/Parameters'))
    : {
        ProjectName: pipeline.parameters.ProjectName ?? '',
        Environment: name.toLowerCase(),
        StackName: pipeline.parameters[`${name}StackName`] ?? '',
        PipelineAccount: account,
      };
  return renderTemplate(`${pipeline.name}, ${name}`, source.environment, {
    ...defaultsOf(source.environment),
    ...given,
  });
}

export const defaultsOf = (template: JsonObject): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(membersOf(template.Parameters)).flatMap(([id, each]) => {
      const value = at(each, 'Default');
      return value === undefined ? [] : [[id, value]];
    }),
  );

export const fileParameters = ({ parameters }: Source): Record<string, Json> =>
  Object.fromEntries(
    (Array.isArray(parameters) ? parameters : []).map((each: Json) => [
      String(at(each, 'ParameterKey')),
      at(each, 'ParameterValue') ?? '',
    ]),
  );

function renderTemplate(name: string, template: JsonObject, parameters: Readonly<Record<string, Json>>): Rendering {
  const scope: Scope = { parameters, mappings: template.Mappings, conditions: membersOf(template.Conditions) };
  const active = (value: Json | undefined) =>
    Object.entries(membersOf(value)).filter(
      ([, each]) => !isObject(each) || each.Condition === undefined || holds(each.Condition, scope),
    );
  const resolved = (value: Json | undefined): [string, Json][] =>
    active(value).map(([id, each]) => [id, resolve(each, scope) ?? null]);
  return {
    name,
    parameters,
    resources: Object.fromEntries(resolved(template.Resources)) as Record<string, Resource>, // cfn-lint asks for a Type
    outputs: Object.fromEntries(resolved(template.Outputs)),
    transformed: template,
  };
}

/** A buildspec, or nothing where the file is none. */
export const buildspecOf = ({ files }: Source, path: Json | undefined): JsonObject | undefined => {
  const text = files[String(path)];
  return text === undefined ? undefined : membersOf(parse(text));
};
