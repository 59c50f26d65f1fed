/** What lots are ranked by. `locationRank` is the place of the lot's location in `locationPriority`, unlisted last. */
export type LotKey = 'receivedAt' | 'lotSequence' | 'expiresOn' | 'lotUnitCost' | 'locationRank';

/** One level of a ranking; a lot without a value comes last in either direction. */
export type RankKey = { readonly key: LotKey; readonly direction: 'asc' | 'desc' };

/**
 * Which lots serve a line. The keys make both the comparator of the core and the ORDER BY of the load.
 * - `RANKED`: down the ranking until the line is full. The load needs only the first lots.
 * - `FEWEST`: by what can be taken of each lot, see `fewest-lots.ts`; ties by the keys.
 * - `NAMED`: the lots that the line names, in the given order, and no other.
 */
export type PickRule = {
  readonly description: string;
  readonly choice: 'RANKED' | 'FEWEST' | 'NAMED';
  readonly keys: readonly RankKey[];
};

/** The tie-break of every rule but LIFO: receivedAt, then lotSequence (product.md 2). */
export const oldestFirst: readonly RankKey[] = [
  { key: 'receivedAt', direction: 'asc' },
  { key: 'lotSequence', direction: 'asc' },
];
