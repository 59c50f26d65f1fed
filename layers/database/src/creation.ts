import { DomainError, type Instant } from '@inventory/models';
import type { Answer } from './idempotency.ts';
import type { Parameters } from './parameters.ts';
import type { Queryable } from './queryable.ts';
import { findAnswer, type KeyedAnswer, type StoredChunk, storeAnswer, storedAnswer } from './stored-answer.ts';

/** Written; or nothing written: an equal request came first, or the caller's own numbers exist already. */
export type Creation =
  | { readonly kind: 'CREATED' }
  | { readonly kind: 'REPLAY'; readonly requestHash: string; readonly answer: Answer }
  | { readonly kind: 'DUPLICATE'; readonly numbers: readonly string[] };

/** More would tell nothing more, and must fit into an answer of the Data API. */
const MOST_DUPLICATES = 1_000;

/**
 * Runs the statement of a creation: one call, two only for the loser of a race on one key. `sources` are its CTEs: first
 * what defines `duplicate (number)`, then `gate`, then inserts that join `go`.
 */
export async function create(
  database: Queryable,
  of: { sources: readonly string[]; bound: Parameters; keyed: KeyedAnswer | null; at: Instant },
): Promise<Creation> {
  const { bound, keyed, at } = of;
  const earlier = keyed
    ? `UNION ALL (SELECT 'ANSWER', json_build_array(chunk_number, chunk_count, request_hash, status, headers, data)::text
  FROM idempotency_keys WHERE key = ${bound.bind(keyed.key, 'text')}
    AND created_at > ${bound.bind(at, 'timestamptz')} - interval '24 hours' ORDER BY chunk_number LIMIT 16)`
    : '';
  const rows = await database.query({
    text: `WITH ${of.sources.join(',\n')}
SELECT 'CREATED' AS outcome, NULL::text AS data FROM go
UNION ALL (SELECT 'DUPLICATE', number FROM duplicate LIMIT ${MOST_DUPLICATES})
${earlier}`,
    values: bound.values,
  });
  const data = (outcome: string) => rows.filter((row) => row.outcome === outcome).map((row) => String(row.data));
  const chunks = data('ANSWER').map((text): StoredChunk => JSON.parse(text));
  if (keyed && chunks.length > 0) return { kind: 'REPLAY', ...(await storedAnswer(database, chunks, keyed.key)) };
  if (data('DUPLICATE').length > 0) return { kind: 'DUPLICATE', numbers: data('DUPLICATE') };
  if (rows.some(({ outcome }) => outcome === 'CREATED')) return { kind: 'CREATED' };
  return lostTheRace(database, keyed, at);
}

/** The CTEs between the check for duplicates and the inserts: the key with its answer, and the permission to go on. */
export function gate(keyed: KeyedAnswer | null, bound: Parameters, mostChunks?: number): string[] {
  const free = 'NOT EXISTS (SELECT 1 FROM duplicate)';
  return keyed
    ? [...storeAnswer(keyed, free, bound, mostChunks), 'go AS MATERIALIZED (SELECT 1 FROM keyed)']
    : [`go AS MATERIALIZED (SELECT 1 WHERE ${free})`];
}

/** An equal request was written after this statement's snapshot: its answer is there by now. */
async function lostTheRace(database: Queryable, keyed: KeyedAnswer | null, at: Instant): Promise<Creation> {
  const found = keyed && (await findAnswer(database, keyed.key, at));
  if (!found) throw new DomainError('RETRY_LATER', 'An equal request is being written; ask again');
  return { kind: 'REPLAY', ...found };
}
