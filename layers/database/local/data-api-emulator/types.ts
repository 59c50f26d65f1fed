import type { ClientBase } from 'pg';
import { unsupportedResult } from './exceptions.ts';

/** The names of result types as the service's column metadata has them: PostgreSQL's own, `_text` for `text[]`. */
export type TypeNames = { of(typeId: number, client: ClientBase): Promise<string> };

/**
 * Built-in types are known by heart. Types of the database (enums) are looked up once. What the service does not
 * support is refused, as it does.
 */
export function typeNames(): TypeNames {
  const ownTypes = new Map<number, string>();
  return {
    async of(typeId, client) {
      const known = BUILT_IN[typeId] ?? ownTypes.get(typeId);
      if (known) return known;
      const name = await lookUp(typeId, client);
      ownTypes.set(typeId, name);
      return name;
    },
  };
}

const FIRST_OWN_TYPE = 16_384;
const VOID = 2_278;

async function lookUp(typeId: number, client: ClientBase): Promise<string> {
  if (typeId === VOID) return 'void';
  const { rows } = await client.query<{ typname: string; typtype: string; typcategory: string }>(
    'SELECT typname, typtype, typcategory FROM pg_type WHERE oid = $1',
    [typeId],
  );
  const type = rows[0];
  const isSupported = type && (type.typtype === 'e' || type.typname === 'citext' || type.typcategory === 'A');
  if (typeId < FIRST_OWN_TYPE || !isSupported) throw unsupportedResult(type?.typname ?? String(typeId));
  return type.typname;
}

const BUILT_IN: Readonly<Record<number, string>> = {
  16: 'bool',
  17: 'bytea',
  19: 'name',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  26: 'oid',
  114: 'json',
  142: 'xml',
  650: 'cidr',
  700: 'float4',
  701: 'float8',
  869: 'inet',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1186: 'interval',
  1266: 'timetz',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
  199: '_json',
  1000: '_bool',
  1001: '_bytea',
  1005: '_int2',
  1007: '_int4',
  1009: '_text',
  1014: '_bpchar',
  1015: '_varchar',
  1016: '_int8',
  1021: '_float4',
  1022: '_float8',
  1115: '_timestamp',
  1182: '_date',
  1183: '_time',
  1185: '_timestamptz',
  1231: '_numeric',
  2951: '_uuid',
  3807: '_jsonb',
};

/** `java.sql.Types`, which the service speaks. */
export const JDBC_TYPES: Readonly<Record<string, number>> = {
  bool: -7,
  int8: -5,
  bytea: -2,
  bpchar: 1,
  numeric: 2,
  int4: 4,
  int2: 5,
  float4: 7,
  float8: 8,
  text: 12,
  varchar: 12,
  date: 91,
  time: 92,
  timestamp: 93,
  timestamptz: 93,
};
export const JDBC_OTHER = 1_111;
