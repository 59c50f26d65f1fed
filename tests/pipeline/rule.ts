import { at, type Json, listOf, membersOf } from '../template/json.ts';
import { edit as editTemplate } from '../template/rule.ts';
import type { Rendering } from '../template/stack.ts';
import type { Pipeline, PipelineRendering, Source } from './template.ts';

export type Rule = {
  /** A sentence that is true of the pipeline. */
  readonly name: string;
  /** What is wrong, nothing where it holds. */
  readonly check: (pipeline: Pipeline) => Iterable<string>;
  /** Small edits that break the rule, by what they do. Each must be caught by the rule. */
  readonly defects: Readonly<Record<string, Edit>>;
};

export type Edit = (source: Source) => Source;

/** Asks of the pipeline's stack for every choice of parameters. */
export const inEach = (check: (rendering: PipelineRendering, source: Source) => Iterable<string>): Rule['check'] =>
  function* ({ source, renderings }) {
    for (const rendering of renderings)
      for (const problem of check(rendering, source)) yield `${rendering.name}: ${problem}`;
  };

/** Asks of every stack, the environments' too. */
export const inEveryStack = (check: (rendering: Rendering, source: Source) => Iterable<string>): Rule['check'] =>
  inEach(function* (rendering, source) {
    for (const each of [rendering, ...rendering.environments])
      for (const problem of check(each, source)) yield `${each.name}: ${problem}`;
  });

const changed = (object: Json, path: string, value?: Json) =>
  editTemplate(byIndex(object, path), value)({ template: membersOf(object), configuration: {} }).template;

/** The path with each `@name` as the index of the member of a list that has it as its Sid or Name. */
function byIndex(object: Json, path: string): string {
  const names = path.startsWith('/') ? path.slice(1).split('/') : ['Resources', ...path.split('/')];
  const found = names.reduce<{ readonly at: Json | undefined; readonly path: string }>(
    (here, name) => {
      const index = listOf(here.at).findIndex((each) => [at(each, 'Sid'), at(each, 'Name')].includes(name.slice(1)));
      if (name.startsWith('@') && index < 0) throw new Error(`There is no ${name} on the way of ${path}`);
      const step = name.startsWith('@') ? String(index) : name;
      return { at: at(here.at, step), path: `${here.path}/${step}` };
    },
    { at: object, path: '' },
  );
  return found.path;
}

/**
 * Sets a value of pipeline/template.yaml, or takes it out where none is given. The path begins at the resources, or with a
 * slash at the top, `@name` is the member of a list with that Sid or Name, `-` at its end appends. Throws where it leads
 * nowhere.
 */
export const edit =
  (path: string, value?: Json): Edit =>
  (source) => ({ ...source, template: changed(source.template, path, value) });

/** The same for pipeline/environment.yaml. */
export const editEnvironment =
  (path: string, value?: Json): Edit =>
  (source) => ({ ...source, environment: changed(source.environment, path, value) });

/** The same for pipeline/parameters.json. */
export const editParameters =
  (path: string, value?: Json): Edit =>
  (source) => ({
    ...source,
    parameters: changed({ list: source.parameters }, `/list/${path}`, value).list ?? null,
  });

/** The same for samconfig.toml. */
export const configure =
  (path: string, value?: Json): Edit =>
  (source) => ({ ...source, configuration: changed(source.configuration, `/${path}`, value) });

/** Writes a file anew, with `from` replaced; without a replacement there is no such file. */
export const rewrite =
  (file: string, from?: string, to = ''): Edit =>
  (source) => {
    const { [file]: text, ...others } = source.files;
    if (text === undefined || (from !== undefined && !text.includes(from)))
      throw new Error(`${file} has no ${from ?? 'content'}`);
    return { ...source, files: from === undefined ? others : { ...others, [file]: text.replaceAll(from, to) } };
  };

export const edits =
  (...all: readonly Edit[]): Edit =>
  (source) =>
    all.reduce((result, each) => each(result), source);
