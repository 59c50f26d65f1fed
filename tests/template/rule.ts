import { at, type Json, type JsonObject, membersOf, namesIn } from './json.ts';
import type { Rendering, Source, Stack } from './stack.ts';

export type Rule = {
  /** A sentence that is true of the template. */
  readonly name: string;
  /** What is wrong, nothing where it holds. */
  readonly check: (stack: Stack) => readonly string[];
  /** Small edits that break the rule, by what they do. Each must be caught by the rule. */
  readonly defects: Readonly<Record<string, Edit>>;
  /** The rendering in which the defects show, or `source`: production, if it is no other. */
  readonly seenIn?: string;
};

export type Edit = (source: Source) => Source;

/** Asks of every rendering, and says in which one something is wrong. */
export const inEach =
  (check: (rendering: Rendering) => Iterable<string>): Rule['check'] =>
  ({ renderings }) =>
    renderings.flatMap((rendering) => [...check(rendering)].map((problem) => `${rendering.name}: ${problem}`));

/**
 * Sets a value of the template, or takes it out where none is given. The path begins at the resources, or with a slash at
 * the top; `-` at its end appends to a list. Throws where the path leads nowhere: the defect would be none.
 */
export const edit =
  (path: string, value?: Json): Edit =>
  ({ template, configuration }) => ({
    template: changed(template, namesIn(path.startsWith('/') ? path.slice(1) : `Resources/${path}`), value),
    configuration,
  });

/** Changes a part of a text, such as the body of a dashboard. */
export const rewrite =
  (path: string, part: string, other: string): Edit =>
  (source) => {
    const text = at(source.template, `Resources/${path}`);
    if (typeof text !== 'string' || !text.includes(part)) throw new Error(`There is no ${part} in ${path}`);
    return edit(path, text.replaceAll(part, other))(source);
  };

/** The same for samconfig.toml. */
export const configure =
  (path: string, value?: Json): Edit =>
  ({ template, configuration }) => ({ template, configuration: changed(configuration, namesIn(path), value) });

export const edits =
  (...all: readonly Edit[]): Edit =>
  (source) =>
    all.reduce((result, each) => each(result), source);

function changed(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  return membersOf(change(object, path, value));
}

function change(target: Json | undefined, [name = '', ...rest]: readonly string[], value: Json | undefined): Json {
  if (Array.isArray(target)) {
    const list = [...target];
    if (name === '-') return [...list, value ?? null];
    const index = Number(name);
    if (!(index in list)) throw new Error(`There is no ${name} in the list`);
    if (rest.length > 0) list[index] = change(list[index], rest, value);
    else if (value === undefined) list.splice(index, 1);
    else list[index] = value;
    return list;
  }
  const members = { ...membersOf(target) };
  const known = members[name];
  if (rest.length > 0) {
    if (known === undefined) throw new Error(`There is no ${name} on the way to ${rest.join('/')}`);
    return { ...members, [name]: change(known, rest, value) };
  }
  if (value !== undefined) return { ...members, [name]: value };
  if (known === undefined) throw new Error(`There is no ${name} to take out`);
  delete members[name];
  return members;
}
