import type { FieldError } from '@inventory/models';
import type * as z from 'zod';

/** More would tell nothing more, and must fit into an answer. */
const MOST = 5_000;

/** What is wrong, per field, by a JSON pointer (RFC 6901) that starts with `root`: `''` for a body, `/query`. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], root = ''): FieldError[] {
  return issues
    .flatMap((issue) => flatten(issue))
    .slice(0, MOST)
    .map(({ path, detail }) => ({ pointer: root + pointerOf(path), detail }));
}

/** The pointer of a path: `['lines', 0, 'quantity']` is `/lines/0/quantity`, of the root `''`. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Words for what zod finds by itself; the scalars of this package bring their own. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${article(issue.expected)} ${issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `must have at least ${issue.minimum} ${issue.minimum === 1 ? 'item' : 'items'}`;
    case 'too_big':
      return `must have at most ${issue.maximum} items`;
    default:
      return undefined;
  }
};

type Flat = { readonly path: readonly PropertyKey[]; readonly detail: string };

function flatten(issue: z.core.$ZodIssue, parent: readonly PropertyKey[] = []): Flat[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], detail: 'is not known here' }));
  }
  if (issue.code === 'invalid_union') return likeliest(issue.errors).flatMap((inner) => flatten(inner, path));
  return [{ path, detail: issue.message }];
}

/** Of the branches of a union the one that has the right type at its root: an array for one, an object for the other. */
const likeliest = (branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] =>
  branches.find((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0)) ??
  branches[0] ??
  [];

const article = (noun: string) => (/^[aeiou]/.test(noun) ? 'an' : 'a');
