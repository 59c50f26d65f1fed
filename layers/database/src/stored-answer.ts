import { gunzipSync, gzipSync } from 'node:zlib';
import type { Instant } from '@inventory/models';
import type { Answer, Idempotency } from './idempotency.ts';
import { type Parameters, parameters, rowsOf } from './parameters.ts';
import type { Queryable } from './queryable.ts';

/** No row above 64 KB comes back from the Data API: text is kept in pieces of at most this many characters. */
export const CHUNK = 48 * 1024;

/** What one statement stores of an answer; more is stored by others, in the same transaction. */
export const CHUNKS_PER_STATEMENT = 24;

/** A page of chunks that fits into the 1 MiB of one answer of the Data API. */
const CHUNKS_PER_PAGE = 16;

/** [chunk number, chunks, request hash, status, headers as JSON, data] */
export type StoredChunk = readonly [number, number, string, number, string, string];

/** Any text as base64 of gzip, cut into pieces that fit into a row. */
export function packed(text: string): string[] {
  const data = gzipSync(text, { level: 1 }).toString('base64');
  return Array.from({ length: Math.ceil(data.length / CHUNK) }, (_, i) => data.slice(i * CHUNK, (i + 1) * CHUNK));
}

/** The text that `packed` cut into pieces. */
export const unpacked = (pieces: readonly string[]): string =>
  gunzipSync(Buffer.from(pieces.join(''), 'base64')).toString('utf8');

/** The answer that is stored under a key, or null; one call for an answer of up to 768 KB compressed. */
export async function findAnswer(database: Queryable, key: string, now: Instant) {
  const chunks = await chunksFrom(database, key, 0, now);
  return chunks.length === 0 ? null : storedAnswer(database, chunks, key);
}

/** Puts an answer together from its first chunks, and fetches those that are missing. */
export async function storedAnswer(database: Queryable, first: readonly StoredChunk[], key: string | null) {
  const chunks = [...first].sort((a, b) => a[0] - b[0]);
  const [, count, requestHash, status, headers] = chunks[0]!;
  while (key && chunks.length < count) chunks.push(...(await chunksFrom(database, key, chunks.length, null)));
  const body = unpacked(chunks.map(([, , , , , data]) => data));
  return { requestHash, answer: { status, headers: JSON.parse(headers), body } satisfies Answer };
}

async function chunksFrom(database: Queryable, key: string, from: number, now: Instant | null) {
  const bound = parameters();
  const fresh = now ? `AND created_at > ${bound.bind(now, 'timestamptz')} - interval '24 hours'` : '';
  const rows = await database.query({
    text: `SELECT chunk_number, chunk_count, request_hash, status, headers, data FROM idempotency_keys
WHERE key = ${bound.bind(key, 'text')} AND chunk_number >= ${bound.bind(from, 'integer')} ${fresh}
ORDER BY chunk_number LIMIT ${CHUNKS_PER_PAGE}`,
    values: bound.values,
  });
  return rows.map(
    (row) =>
      [
        row.chunk_number,
        row.chunk_count,
        row.request_hash,
        row.status,
        row.headers,
        row.data,
      ] as unknown as StoredChunk,
  );
}

/** A key with the answer to be stored under it; `at` is the server's clock. */
export type KeyedAnswer = Idempotency & { readonly answer: Answer; readonly at: Instant };

/**
 * The CTEs that store a key with its answer, to be followed by a CTE that depends on `keyed`: it has one row where the
 * key is new (or older than 24 hours), and none where an equal request came first. Also deletes a few expired keys.
 * Of an answer of more than `most` chunks the rest is for `storeRestOfAnswer`.
 */
export function storeAnswer(
  keyed: KeyedAnswer,
  condition: string,
  bound: Parameters,
  most = Number.POSITIVE_INFINITY,
): string[] {
  const pieces = piecesOf(keyed);
  const { rows, insert, at, key } = pieceInsert(keyed, pieces.slice(0, most), pieces.length, bound);
  return [
    rows,
    `keyed AS (
  ${insert} FROM piece WHERE chunk = 0 AND ${condition}
  ${overwrite} WHERE idempotency_keys.created_at <= ${at} - interval '24 hours'
  RETURNING 1)`,
    ...(pieces.length > 1 ? [`more_pieces AS (${insert} FROM piece, keyed WHERE chunk > 0 ${overwrite})`] : []),
    `expired AS (
  DELETE FROM idempotency_keys WHERE (key, chunk_number) IN (
    SELECT key, chunk_number FROM idempotency_keys
    WHERE created_at <= ${at} - interval '24 hours' AND key <> ${key} ORDER BY created_at LIMIT 20 FOR UPDATE SKIP LOCKED))`,
  ];
}

/** Stores the chunks behind the first `CHUNKS_PER_STATEMENT`, in the transaction that stored those. */
export async function storeRestOfAnswer(transaction: Queryable, keyed: KeyedAnswer): Promise<void> {
  const pieces = piecesOf(keyed);
  for (let from = CHUNKS_PER_STATEMENT; from < pieces.length; from += CHUNKS_PER_STATEMENT) {
    const bound = parameters();
    const part = pieces.slice(from, from + CHUNKS_PER_STATEMENT);
    const { rows, insert } = pieceInsert(keyed, part, pieces.length, bound);
    await transaction.query({ text: `WITH ${rows} ${insert} FROM piece ${overwrite}`, values: bound.values });
  }
}

type Piece = { readonly chunk: number; readonly data: string };

const piecesOf = ({ answer }: KeyedAnswer) => packed(answer.body).map((data, chunk): Piece => ({ chunk, data }));

function pieceInsert(keyed: KeyedAnswer, pieces: readonly Piece[], count: number, bound: Parameters) {
  const { status, headers } = keyed.answer;
  const at = bound.bind(keyed.at, 'timestamptz');
  const key = bound.bind(keyed.key, 'text');
  const rows = rowsOf(bound, 'piece', pieces, [
    ['chunk', 'integer', ({ chunk }) => chunk],
    ['data', 'text', ({ data }) => data],
  ]);
  const insert = `INSERT INTO idempotency_keys (key, chunk_number, chunk_count, request_hash, status, headers, data, created_at)
  SELECT ${key}, chunk, ${bound.bind(count, 'integer')}, ${bound.bind(keyed.requestHash, 'text')},
    ${bound.bind(status, 'smallint')}, ${bound.bind(JSON.stringify(headers), 'text')}, data, ${at}`;
  return { rows, insert, at, key };
}

const overwrite = `ON CONFLICT (key, chunk_number) DO UPDATE SET chunk_count = excluded.chunk_count,
    request_hash = excluded.request_hash, status = excluded.status, headers = excluded.headers, data = excluded.data,
    created_at = excluded.created_at`;
