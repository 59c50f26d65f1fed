import { at, type Json, type JsonObject, listOf, membersOf } from '../template/json.ts';
import { property, type Rendering } from '../template/stack.ts';

/** An action with the stage that it is in, in the order of execution. */
export type Action = { readonly stage: string; readonly name: string; readonly is: JsonObject };

export const pipelineOf = ({ resources }: Rendering) => resources.Pipeline;

export const stagesOf = (rendering: Rendering): JsonObject[] =>
  listOf(property(pipelineOf(rendering), 'Stages')).map(membersOf);

export const actionsOf = (rendering: Rendering): Action[] =>
  stagesOf(rendering).flatMap((stage) =>
    listOf(stage.Actions)
      .map((is) => ({ stage: String(stage.Name), name: String(at(is, 'Name')), is: membersOf(is) }))
      .toSorted((one, other) => runOrderOf(one) - runOrderOf(other)),
  );

export const runOrderOf = ({ is }: Action): number => Number(is.RunOrder ?? 1);

export const actionOf = (rendering: Rendering, stage: string, name: string): Action | undefined =>
  actionsOf(rendering).find((each) => each.stage === stage && each.name === name);

export const artifactsOf = ({ is }: Action, member: 'InputArtifacts' | 'OutputArtifacts'): string[] =>
  listOf(is[member]).map((each) => String(at(each, 'Name')));

/** The logical id of the project that an action runs. */
export const projectOf = ({ is }: Action): string | undefined => {
  const id = at(is, 'Configuration/ProjectName/Ref');
  return typeof id === 'string' ? id : undefined;
};

/** The variables that an action hands its project. */
export const variablesOf = ({ is }: Action): { readonly name: string; readonly value: Json }[] => {
  const text = at(is, 'Configuration/EnvironmentVariables');
  const list: Json = typeof text === 'string' ? JSON.parse(text) : [];
  return listOf(list).map((each) => ({ name: String(at(each, 'name')), value: at(each, 'value') ?? '' }));
};
