import * as z from 'zod';
import { scalar, Wrong } from './scalar.ts';

const LONGEST = 100;

/** 1 to 100 characters (code points) without control characters, stored as they came (product.md 6). */
export const text = (description: string, ...examples: string[]) =>
  scalar(readText, {
    type: 'string',
    minLength: 1,
    maxLength: LONGEST,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$',
    description,
    ...(examples.length > 0 ? { examples } : {}),
  });

/** An id made by the server, in lower case. */
export const id = (description: string) =>
  scalar(readId, { type: 'string', format: 'uuid', description, examples: ['01985d3e-7c00-7000-8000-000000000001'] });

/** One of the names of a registry. */
export const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names, description: string) =>
  z.enum(names).meta({ description });

function readText(value: unknown): string | Wrong {
  if (typeof value !== 'string') return new Wrong('must be a text');
  // A code point is at most two units: no need to count the characters of a text of megabytes.
  if (value.length > 2 * LONGEST || [...value].length > LONGEST)
    return new Wrong(`must have at most ${LONGEST} characters`);
  if (value === '') return new Wrong('must not be empty');
  if (!value.isWellFormed()) return new Wrong('must be well-formed Unicode');
  return /\p{Cc}/u.test(value) ? new Wrong('must not contain control characters') : value;
}

function readId(value: unknown): string | Wrong {
  return isId(value) ? value.toLowerCase() : new Wrong('must be a UUID');
}

/** Whether a value has the form of a UUID, of any version. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
