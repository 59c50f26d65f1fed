import type { SqlParameter, TypeHint } from '@aws-sdk/client-rds-data';
import { mapCode } from '../../src/data-api/lexer.ts';
import type { WireField } from '../../src/data-api/wire.ts';
import { badRequest, invalid } from './exceptions.ts';

/** As it comes over the wire; a value without members stands for an absent one. */
export type WireParameter = Omit<SqlParameter, 'value'> & { value?: WireField };

export type BoundStatement = { readonly text: string; readonly values: readonly unknown[] };

/**
 * `:name` → `CAST($n AS type)`. The cast gives each value the fixed type that the service binds its field with, so
 * that a statement which relies on inference fails here as it fails there.
 */
export function bind(sql: string, parameters: readonly WireParameter[] = []): BoundStatement {
  const bound = new Map<string, Bound>();
  for (const parameter of parameters) {
    const name = parameter.name ?? '';
    if (!/^[A-Za-z0-9_]+$/.test(name)) throw invalid(`Invalid parameter name ${name}`);
    if (bound.has(name)) throw badRequest(`Duplicate parameter :${name}`);
    bound.set(name, boundValue(name, parameter));
  }
  const { text, names } = placeholders(sql, bound);
  return { text, values: names.map((name) => bound.get(name)?.value) };
}

type Bound = { readonly type: string; readonly value: string | boolean | Buffer | null };

function boundValue(name: string, { value = {}, typeHint }: WireParameter): Bound {
  const bound = byField(name, value);
  if (!typeHint) return bound;
  const hint = HINTS[typeHint];
  if (!hint) throw invalid(`Unknown type hint ${typeHint}`);
  if (bound.value !== null && !hint.format.test(String(bound.value))) {
    throw badRequest(`Cannot parse parameter ${name} as ${typeHint}`);
  }
  return { ...bound, type: hint.type };
}

function byField(name: string, field: WireField): Bound {
  if (field.arrayValue) throw invalid('Array parameters are not supported.');
  if (field.isNull) return { type: 'text', value: null };
  if (field.stringValue !== undefined) return { type: 'text', value: field.stringValue };
  if (field.longValue !== undefined) return { type: 'int8', value: String(field.longValue) };
  if (field.doubleValue !== undefined) return { type: 'float8', value: String(field.doubleValue) };
  if (field.booleanValue !== undefined) return { type: 'bool', value: field.booleanValue };
  if (field.blobValue !== undefined) return { type: 'bytea', value: Buffer.from(field.blobValue, 'base64') };
  throw badRequest(`Parameter ${name} has no value`);
}

/** The formats that the service demands of each hint, to the three digits of its fractions. */
const HINTS: Readonly<Record<TypeHint, { type: string; format: RegExp }>> = {
  UUID: { type: 'uuid', format: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
  DATE: { type: 'date', format: /^\d{4}-\d\d-\d\d$/ },
  TIME: { type: 'time', format: /^\d\d:\d\d:\d\d(\.\d{1,3})?$/ },
  TIMESTAMP: { type: 'timestamp', format: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/ },
  DECIMAL: { type: 'numeric', format: /^[+-]?\d+(\.\d+)?$/ },
  JSON: { type: 'json', format: /^/ },
};

type Placeholders = { readonly text: string; readonly names: readonly string[] };

/** By SQL and types: a statement comes again and again, and its text is long. */
const rewritten = new Map<string, Placeholders>();
const REWRITTEN_MAX = 500;

function placeholders(sql: string, bound: ReadonlyMap<string, Bound>): Placeholders {
  const key = `${[...bound].map(([name, { type }]) => `${name} ${type}`).join()}|${sql}`;
  const known = rewritten.get(key);
  if (known) return known;

  const names: string[] = [];
  const place = (name: string): string => {
    const parameter = bound.get(name);
    if (!parameter) throw badRequest(`Cannot find parameter: ${name}`);
    if (!names.includes(name)) names.push(name);
    return `CAST($${names.indexOf(name) + 1} AS ${parameter.type})`;
  };
  const text = mapCode(sql, (code) =>
    code.replace(/::|:([A-Za-z0-9_]+)/g, (found, name?: string) => (name === undefined ? found : place(name))),
  );
  if (rewritten.size >= REWRITTEN_MAX) rewritten.clear();
  rewritten.set(key, { text, names });
  return { text, names };
}
