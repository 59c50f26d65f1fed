import { ColumnTypeEnum as Column, type ColumnType, type SqlResultSet } from '@prisma/driver-adapter-utils';
import type { WireAnswer, WireField } from './wire.ts';

/** The rows of an answer, value for value what `@prisma/adapter-pg` returns for the same statement. */
export function resultSet(answer: WireAnswer): SqlResultSet {
  const columns = answer.columnMetadata ?? [];
  const types = columns.map((column) => columnType(column.typeName ?? ''));
  return {
    columnNames: columns.map((column) => column.label ?? column.name ?? ''),
    columnTypes: types,
    rows: (answer.records ?? []).map((record) =>
      record.map((field, index) => fieldValue(field, types[index] ?? Column.Text)),
    ),
  };
}

const SCALARS: Readonly<Record<string, ColumnType>> = {
  bool: Column.Boolean,
  int2: Column.Int32,
  int4: Column.Int32,
  smallserial: Column.Int32,
  serial: Column.Int32,
  int8: Column.Int64,
  bigserial: Column.Int64,
  oid: Column.Int64,
  float4: Column.Float,
  float8: Column.Double,
  numeric: Column.Numeric,
  date: Column.Date,
  time: Column.Time,
  timetz: Column.Time,
  timestamp: Column.DateTime,
  timestamptz: Column.DateTime,
  json: Column.Json,
  jsonb: Column.Json,
  uuid: Column.Uuid,
  bytea: Column.Bytes,
};

/** The array type of each scalar; enums and user types arrive as text, as with `@prisma/adapter-pg`. */
const ARRAY_OF = new Map<ColumnType, ColumnType>([
  [Column.Boolean, Column.BooleanArray],
  [Column.Int32, Column.Int32Array],
  [Column.Int64, Column.Int64Array],
  [Column.Float, Column.FloatArray],
  [Column.Double, Column.DoubleArray],
  [Column.Numeric, Column.NumericArray],
  [Column.Text, Column.TextArray],
  [Column.Date, Column.DateArray],
  [Column.Time, Column.TimeArray],
  [Column.DateTime, Column.DateTimeArray],
  [Column.Json, Column.JsonArray],
  [Column.Uuid, Column.UuidArray],
  [Column.Bytes, Column.BytesArray],
]);
const SCALAR_OF = new Map([...ARRAY_OF].map(([scalar, array]) => [array, scalar]));

/** PostgreSQL names the type of `text[]` `_text`. */
function columnType(typeName: string): ColumnType {
  const name = typeName.toLowerCase().replaceAll('"', '');
  if (!name.startsWith('_')) return SCALARS[name] ?? Column.Text;
  return ARRAY_OF.get(SCALARS[name.slice(1)] ?? Column.Text) ?? Column.TextArray;
}

function fieldValue(field: WireField, type: ColumnType): unknown {
  if (field.isNull) return null;
  // A null on the wire stands for an absent member.
  if (typeof field.blobValue === 'string') return Buffer.from(field.blobValue, 'base64');
  if (field.arrayValue) {
    const { stringValues, longValues, doubleValues, booleanValues } = field.arrayValue;
    const elementType = SCALAR_OF.get(type) ?? Column.Text;
    return (stringValues ?? longValues ?? doubleValues ?? booleanValues ?? []).map((element) =>
      scalar(element, elementType),
    );
  }
  return scalar(field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null, type);
}

function scalar(value: string | number | boolean | null, type: ColumnType): unknown {
  if (value === null) return null;
  switch (type) {
    case Column.Int64:
    case Column.Numeric:
      return String(value);
    case Column.Int32:
    case Column.Float:
    case Column.Double:
      return Number(value);
    case Column.DateTime: // the service answers in UTC and without an offset
      return `${String(value).replace(' ', 'T').replace(OFFSET, '')}+00:00`;
    case Column.Time:
      return String(value).replace(OFFSET, '');
    default:
      return value;
  }
}

const OFFSET = /[+-]\d{2}(:?\d{2})?$/;
