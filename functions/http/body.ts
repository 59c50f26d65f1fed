import { DomainError } from '@inventory/models';
import type { Contract, Table } from '@inventory/schemas';
import { parse } from 'csv-parse/sync';
import type { Incoming } from './incoming.ts';
import { parseJson } from './json.ts';

const LARGEST_BYTES = 4 * 1024 * 1024;

export type Body = { readonly body: unknown; readonly table: Table | null };

/** Reads the body that a contract takes. Throws BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON, in this order. */
export function readBody(contract: Contract, { bytes, headers }: Incoming): Body {
  if (bytes.length > LARGEST_BYTES) throw new DomainError('BODY_TOO_LARGE', 'The body has more than 4 MiB');
  if (contract.body === null) return { body: null, table: null };
  if (contract.isBodyOptional && bytes.length === 0) return { body: {}, table: null };

  const mediaType = contract.table ? 'text/csv' : 'application/json';
  if (!isUtf8Of(mediaType, headers['content-type'] ?? '')) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Send the body as ${mediaType} in UTF-8`);
  }
  const text = decode(bytes);
  return contract.table ? { body: null, table: readTable(text) } : { body: parseJson(text), table: null };
}

/** Whether a Content-Type is this media type, in UTF-8 if it names a charset. */
function isUtf8Of(mediaType: string, contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  return type.trim() === mediaType && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('MALFORMED_JSON', 'The body is not UTF-8');
  }
}

/** One row more than allowed is enough to see that there are too many. */
const MOST_RECORDS = 20_002;

/** Far more than a row of valid cells can have: the parser need not take apart what will be refused. */
const LONGEST_RECORD = 65_536;

function readTable(text: string): Table {
  const [columns = [], ...records] = recordsOf(text);
  const rows = records.map((cells, index) => ({ row: index + 2, cells }));
  return {
    columns: columns.map((column) => column.trim()),
    rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')),
  };
}

function recordsOf(text: string): string[][] {
  try {
    return parse(text, { relax_column_count: true, to: MOST_RECORDS, max_record_size: LONGEST_RECORD });
  } catch (error) {
    const { message, lines } =
      error instanceof Error ? { lines: 0, ...error, message: error.message } : { message: '', lines: 0 };
    throw new DomainError('VALIDATION_FAILED', 'The body is not CSV', {
      members: { errors: [{ row: lines, column: null, detail: message }] },
    });
  }
}
