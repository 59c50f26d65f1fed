export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The names of a path; `~1` is a slash in a name (RFC 6901). */
export const namesIn = (path: string): string[] => path.split('/').map((name) => name.replaceAll('~1', '/'));

/** What lies at `Properties/Environment/Variables`, or undefined. */
export function at(value: Json | undefined, path: string): Json | undefined {
  return namesIn(path).reduce<Json | undefined>(
    (found, name) => (isObject(found) ? found[name] : Array.isArray(found) ? found[Number(name)] : undefined),
    value,
  );
}

export const membersOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** A list as it is, one value as a list of it: IAM takes both. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json]; // TypeScript does not narrow readonly arrays

export const textsOf = (value: Json | undefined): string[] =>
  listOf(value).filter((each): each is string => typeof each === 'string');

/** Every value inside, itself included. */
export function* within(value: Json | undefined): Generator<Json> {
  if (value === undefined) return;
  yield value;
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* within(each);
}

/** Equal whatever the order of members. */
export const key = (value: Json | undefined): string =>
  JSON.stringify(value, (_, each: Json) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1))) : each,
  ) ?? 'undefined';

export const same = (one: Json | undefined, other: Json | undefined): boolean => key(one) === key(other);
