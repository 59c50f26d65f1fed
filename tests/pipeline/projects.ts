import { at, isObject, type Json, type JsonObject, listOf, membersOf } from '../template/json.ts';
import { ofType, property, type Rendering, type Resource } from '../template/stack.ts';
import { actionsOf, projectOf, variablesOf } from './stages.ts';
import { buildspecOf, type Source } from './template.ts';

export const projectsOf = (rendering: Rendering) => ofType(rendering, 'AWS::CodeBuild::Project');

export type Variable = { readonly name: string; readonly value: Json; readonly type: Json };

/** What a project itself says in its environment. */
export const ownVariablesOf = (project: Resource): Variable[] =>
  listOf(property(project, 'Environment/EnvironmentVariables')).map((each) => ({
    name: String(at(each, 'Name')),
    value: at(each, 'Value') ?? '',
    type: at(each, 'Type') ?? 'PLAINTEXT',
  }));

/** What every action that runs the project says besides. */
export const givenVariablesOf = (rendering: Rendering, id: string): string[] => {
  const runs = actionsOf(rendering).filter((action) => projectOf(action) === id);
  const names = runs.map((action) => variablesOf(action).map(({ name }) => name));
  return (names[0] ?? []).filter((name) => names.every((each) => each.includes(name)));
};

export const serviceRoleOf = (project: Resource): string => {
  const named = membersOf(property(project, 'ServiceRole'))['Fn::GetAtt'];
  return Array.isArray(named) && named[1] === 'Arn' ? String(named[0]) : '';
};

export const buildspecOfProject = (source: Source, project: Resource): JsonObject =>
  buildspecOf(source, property(project, 'Source/BuildSpec')) ?? {};

/** Every command of a buildspec, as one text. */
export const commandsOf = (buildspec: JsonObject): string =>
  Object.values(membersOf(buildspec.phases))
    .flatMap((phase) => [...listOf(at(phase, 'commands')), ...listOf(at(phase, 'finally'))])
    .map((command) => (isObject(command) ? '' : String(command)))
    .join('\n');

/** The commands, and the scripts of ours that they call, and those that these call. */
export function textRunBy(source: Source, buildspec: JsonObject): string {
  const seen = new Set<string>();
  let text = commandsOf(buildspec);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [file, content] of Object.entries(source.files)) {
      const name = file.split('/').at(-1) ?? '';
      if (!file.startsWith('pipeline/scripts/') || seen.has(file) || !text.includes(name)) continue;
      seen.add(file);
      text += content.replace(/^\s*#.*$/gm, ''); // a comment calls nothing
      grown = true;
    }
  }
  return text;
}
