import type { ResultSetOptions } from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { badRequest, ServiceException, unsupportedResult } from './exceptions.ts';
import type { Limits } from './limits.ts';

export type TextRow = readonly (string | null)[];

/**
 * The records of an answer as JSON text. Each row is written once, straight from PostgreSQL's text: at 1 MiB this
 * takes a third of the time of building fields and serialising them.
 *
 * The sizes are those of the JSON, a little more than what the service is likely to count.
 */
export function writeRecords(
  rows: readonly TextRow[],
  types: readonly string[],
  options: ResultSetOptions,
  limits: Limits,
): string {
  const writers = types.map((type) => fieldWriter(type, options));
  const records: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const record = writeRow(row, writers);
    const size = Buffer.byteLength(record);
    bytes += size;
    if (size > limits.rowBytes) throw badRequest('Packet for query is too large');
    if (bytes > limits.resultBytes) throw badRequest('Database returned more than the allowed response size limit');
    records.push(record);
  }
  return `[${records.join(',')}]`;
}

type Writer = (text: string) => string;

function writeRow(row: TextRow, writers: readonly Writer[]): string {
  let record = '[';
  for (let index = 0; index < row.length; index++) {
    const text = row[index];
    if (index > 0) record += ',';
    record += text === null || text === undefined ? '{"isNull":true}' : writers[index]?.(text);
  }
  return `${record}]`;
}

/** Writes one field, `{"stringValue":"…"}`. */
const fieldWriter = (type: string, options: ResultSetOptions): Writer => {
  if (type.startsWith('_')) return arrayWriter(type);
  const { member, toJson } = valueWriter(type, options);
  return (text) => `{"${member}":${toJson(text)}}`;
};

type ValueWriter = { readonly member: string; readonly toJson: Writer };

const asString = (toText: Writer = (text) => text): ValueWriter => ({
  member: 'stringValue',
  toJson: (text) => JSON.stringify(toText(text)),
});
const asLong: ValueWriter = { member: 'longValue', toJson: (text) => String(Number(text)) }; // as lossy as a JSON number
const asDouble: ValueWriter = { member: 'doubleValue', toJson: finiteNumber };

function valueWriter(type: string, options: ResultSetOptions): ValueWriter {
  switch (type) {
    case 'bool':
      return { member: 'booleanValue', toJson: (text) => String(text === 't') };
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
      return options.longReturnType === 'STRING' ? asString() : asLong;
    case 'float4':
    case 'float8':
      return asDouble;
    case 'numeric':
      return options.decimalReturnType === 'DOUBLE_OR_LONG' ? asDouble : asString();
    case 'bytea':
      return { member: 'blobValue', toJson: (text) => `"${Buffer.from(text.slice(2), 'hex').toString('base64')}"` };
    case 'timestamptz': // in UTC, without its offset
      return asString((text) => withoutTrailingZeros(text.replace(/[+-]\d\d(:\d\d)?$/, '')));
    case 'timestamp':
      return asString(withoutTrailingZeros);
    case 'time':
    case 'timetz': // the fraction is lost
      return asString((text) => text.slice(0, 8));
    default:
      return asString();
  }
}

const withoutTrailingZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

function finiteNumber(text: string): string {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new ServiceException('InternalServerErrorException', 500, 'InternalFailure');
  return String(number);
}

/** Arrays arrive as PostgreSQL's literal. Nulls and further dimensions are not supported by the service. */
function arrayWriter(type: string): Writer {
  const { member, toJson } = valueWriter(type.slice(1), {});
  return (text) => {
    const elements = parseArray(text);
    if (!elements.every((element) => typeof element === 'string')) throw unsupportedResult(type);
    const arrayMember = member === 'blobValue' ? 'stringValues' : `${member}s`;
    return `{"arrayValue":{"${arrayMember}":[${elements.map(toJson).join(',')}]}}`;
  };
}

const TEXT_ARRAY: number = 1_009;
const parseArray: (text: string) => readonly unknown[] = pg.types.getTypeParser(TEXT_ARRAY);
