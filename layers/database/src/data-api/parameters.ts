import type { ArgType, SqlQuery } from '@prisma/driver-adapter-utils';
import { arrayLiteral } from './array-literal.ts';
import { mapCode } from './lexer.ts';
import type { WireField, WireParameter } from './wire.ts';

/**
 * `$n` → `CAST(:pn AS type)`, every value as a plain field.
 *
 * The Data API binds strings as text and integers as int8 and infers nothing, so the type stands in the SQL. Its type
 * hints are not used: they know six types, refuse fractions of more than three digits, and no arrays. Arguments of
 * type `unknown` (those of `Database.query`) carry a cast of their own and travel as they are.
 */
export function translate({ sql, args, argTypes }: SqlQuery): { sql: string; parameters: WireParameter[] } {
  const casts: (string | null)[] = [];
  const parameters = args.map((value, index): WireParameter => {
    const argType = argTypes[index];
    const type = typeOf(argType, value);
    const isList =
      (Array.isArray(value) && type !== 'json' && type !== 'jsonb') || (value === null && argType?.arity === 'list');
    casts.push(isList ? `${type ?? 'text'}[]` : type);
    return {
      name: `p${index + 1}`,
      value:
        Array.isArray(value) && isList
          ? { stringValue: arrayLiteral(value, (element) => textOf(element, type)) }
          : fieldOf(value, type),
    };
  });
  return { sql: placeholders(sql, casts), parameters };
}

/**
 * The rewritten text by SQL and casts: our statements are few and constant, so each is lexed once. Prisma's texts vary
 * with the number of values in a list, hence the bound.
 */
const rewritten = new Map<string, string>();
const REWRITTEN_MAX = 500;

function placeholders(sql: string, casts: readonly (string | null)[]): string {
  const key = `${casts.join(',')}|${sql}`;
  const known = rewritten.get(key);
  if (known !== undefined) return known;

  const text = mapCode(sql, (code) =>
    code.replace(/\$(\d+)/g, (_, number: string) => {
      const cast = casts[Number(number) - 1];
      return cast ? `CAST(:p${number} AS ${cast})` : `:p${number}`;
    }),
  );
  if (rewritten.size >= REWRITTEN_MAX) rewritten.clear();
  rewritten.set(key, text);
  return text;
}

/** Prisma names the column's type where it knows it; the lengths in it (`VARCHAR(40)`) are left to the column. */
const TYPE_BY_COLUMN: Readonly<Record<string, string>> = {
  UUID: 'uuid',
  TEXT: 'text',
  VARCHAR: 'text',
  CHAR: 'bpchar',
  CITEXT: 'citext',
  SMALLINT: 'int2',
  INTEGER: 'int4',
  BIGINT: 'int8',
  OID: 'oid',
  REAL: 'float4',
  DOUBLEPRECISION: 'float8',
  DECIMAL: 'numeric',
  BOOLEAN: 'bool',
  JSON: 'json',
  JSONB: 'jsonb',
  BYTEA: 'bytea',
  DATE: 'date',
  TIME: 'time',
  TIMETZ: 'timetz',
  TIMESTAMP: 'timestamp',
  TIMESTAMPTZ: 'timestamptz',
  INET: 'inet',
  XML: 'xml',
  BIT: 'bit',
  VARBIT: 'varbit',
};

const TYPE_BY_SCALAR: Readonly<Record<ArgType['scalarType'], string | null>> = {
  string: 'text',
  enum: 'text',
  int: 'int4',
  bigint: 'int8',
  float: 'float8',
  decimal: 'numeric',
  boolean: 'bool',
  uuid: 'uuid',
  json: 'jsonb',
  datetime: 'timestamptz',
  bytes: 'bytea',
  unknown: null,
};

function typeOf(argType: ArgType | undefined, value: unknown): string | null {
  if (!argType) return null;
  const byColumn = argType.dbType && TYPE_BY_COLUMN[argType.dbType.replace(/\(.*$/, '').toUpperCase()];
  if (byColumn) return byColumn;
  // Raw queries call every JavaScript number a decimal.
  if (argType.scalarType === 'decimal' && typeof value === 'number') return Number.isInteger(value) ? 'int8' : 'float8';
  if (argType.scalarType === 'unknown' && typeof value === 'boolean') return 'bool';
  return TYPE_BY_SCALAR[argType.scalarType];
}

function fieldOf(value: unknown, type: string | null): WireField {
  if (value === null || value === undefined) return { isNull: true };
  switch (type) {
    case 'bool':
      return { booleanValue: Boolean(value) };
    case 'int2':
    case 'int4':
      return { longValue: Number(value) };
    case 'int8': {
      // JSON numbers end at 2^53; beyond it the digits travel as text and the cast reads them.
      const number = Number(value);
      return Number.isSafeInteger(number) ? { longValue: number } : { stringValue: String(value) };
    }
    case 'float4':
    case 'float8': {
      const number = Number(value);
      return Number.isFinite(number) ? { doubleValue: number } : { stringValue: String(value) };
    }
    case 'bytea':
      return { blobValue: Buffer.from(bytesOf(value)).toString('base64') };
    default:
      return { stringValue: textOf(value, type) };
  }
}

const bytesOf = (value: unknown): Uint8Array =>
  value instanceof Uint8Array ? value : Buffer.from(String(value), 'base64');

function textOf(value: unknown, type: string | null): string {
  if (type !== null && TEMPORAL.test(type))
    return temporalText(value instanceof Date ? value : new Date(String(value)), type);
  if (type === 'bytea') return `\\x${Buffer.from(bytesOf(value)).toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const TEMPORAL = /^(date|time|timetz|timestamp|timestamptz)$/;

function temporalText(date: Date, type: string): string {
  const [day = '', clock = ''] = date.toISOString().replace('Z', '').split('T');
  switch (type) {
    case 'date':
      return day;
    case 'time':
      return clock;
    case 'timetz':
      return `${clock}+00`;
    case 'timestamptz':
      return `${day} ${clock}+00`;
    default:
      return `${day} ${clock}`;
  }
}
