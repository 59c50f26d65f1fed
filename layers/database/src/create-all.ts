import type { Instant } from '@inventory/models';
import type { Database } from './connection.ts';
import { type Creation, create, gate } from './creation.ts';
import { DatabaseError } from './database-error.ts';
import { type Parameters, parameters } from './parameters.ts';
import type { Queryable } from './queryable.ts';
import { CHUNK, CHUNKS_PER_STATEMENT, type KeyedAnswer, storeRestOfAnswer } from './stored-answer.ts';

/** The CTEs of a slice, as `create` takes them, around its gate. */
export type SliceSources = (bound: Parameters, gate: readonly string[]) => readonly string[];

/** A request of the Data API has 4 MiB: the values of a slice, and in the first one a part of the stored answer. */
const BYTES_PER_SLICE = 3_500_000 - CHUNKS_PER_STATEMENT * CHUNK;

/** How often it is tried when others write the same numbers at the same moment. */
const ATTEMPTS = 5;

/**
 * Creates everything or nothing: by one statement where there is one slice, else by one transaction. A number that
 * another request writes at the same moment is found by the next attempt, and told as a duplicate.
 */
export async function createAll(
  database: Database,
  of: { slices: readonly SliceSources[]; keyed: KeyedAnswer | null; at: Instant },
): Promise<Creation> {
  const [only, ...others] = of.slices;
  for (let attempt = 1; ; attempt++) {
    try {
      if (only && others.length === 0) return await createSlice(database, only, of);
      return await createSlices(database, of);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof DatabaseError) || !RACES.has(error.kind)) throw error;
    }
  }
}

const RACES: ReadonlySet<string> = new Set(['UNIQUE_VIOLATION', 'WRITE_CONFLICT']);

/** Puts items into slices that fit into a request each; `bytesOf` is what an item takes of it. */
export function slicesOf<Item>(items: readonly Item[], bytesOf: (item: Item) => number): readonly (readonly Item[])[] {
  const slices: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    bytes += bytesOf(item);
    if (bytes > BYTES_PER_SLICE) {
      slices.push([]);
      bytes = bytesOf(item);
    }
    slices.at(-1)?.push(item);
  }
  return slices;
}

/** What a text takes in a request: quoted as an element of an array, and again as JSON. */
export const bytesOfText = (text: string | null): number =>
  text === null ? 4 : Buffer.byteLength(JSON.stringify(JSON.stringify(text)));

type Creating = { readonly keyed: KeyedAnswer | null; readonly at: Instant };

function createSlice(
  database: Queryable,
  sources: SliceSources,
  { keyed, at, mostChunks }: Creating & { mostChunks?: number },
): Promise<Creation> {
  const bound = parameters();
  return create(database, { sources: sources(bound, gate(keyed, bound, mostChunks)), bound, keyed, at });
}

/** The first slice brings the key. All slices are tried, so that all duplicates are told; then nothing is written. */
async function createSlices(
  database: Database,
  { slices, keyed, at }: Creating & { slices: readonly SliceSources[] },
): Promise<Creation> {
  const numbers: string[] = [];
  const rollback = new Error('duplicates');
  try {
    return await database.transaction(async (transaction) => {
      for (const [index, sources] of slices.entries()) {
        const creation = await createSlice(transaction, sources, {
          keyed: index === 0 ? keyed : null,
          ...{ at, mostChunks: CHUNKS_PER_STATEMENT },
        });
        if (creation.kind === 'REPLAY') return creation;
        if (creation.kind === 'DUPLICATE') numbers.push(...creation.numbers);
      }
      if (numbers.length > 0) throw rollback;
      if (keyed) await storeRestOfAnswer(transaction, keyed);
      return { kind: 'CREATED' };
    });
  } catch (error) {
    if (error === rollback) return { kind: 'DUPLICATE', numbers };
    throw error;
  }
}
