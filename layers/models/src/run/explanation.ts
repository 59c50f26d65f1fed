import type { Candidate } from '../allocation.ts';
import type { LineDemand } from '../order.ts';
import type { PickRule } from '../pick-rules/pick-rule.ts';
import { lotOf, type Shelf, type ShelfLot } from './shelf.ts';
import type { Take, Wish } from './wish.ts';

/** What a line asked for by which kind of rule, and what was chosen. */
export type Chosen = {
  readonly line: LineDemand;
  readonly choice: PickRule['choice'];
  readonly wish: Wish;
  readonly takes: readonly Take[];
};

/**
 * Every lot of the SKU with what was taken of it or why it was skipped, usable ones first, each group in rank order; what
 * FEWEST and NAMED chose comes in the order in which it is drawn. To be called before the takes are booked: `available`
 * is what is open at the line's turn.
 */
export function candidatesOf(shelf: Shelf, chosen: Chosen): readonly Candidate[] {
  const { wish, takes } = chosen;
  const taken = new Map(takes.map(({ from, quantity }) => [from, quantity]));
  const lots = inRank(shelf, chosen);
  const usable = lots.filter((lot) => isUsable(lot, wish));
  const lastTaken = usable.findLastIndex((lot) => taken.has(lot));
  const isFull = takes.reduce((rest, { quantity }) => rest - quantity, wish.quantity) === 0n;
  return [...usable, ...lots.filter((lot) => !isUsable(lot, wish))].map((from, index) => ({
    rank: index + 1,
    inventoryId: from.lot.id,
    available: from.open,
    taken: taken.get(from) ?? 0n,
    skipped: taken.has(from) ? null : skippedBecause(from, chosen, index < lastTaken || !isFull),
  }));
}

/** The candidates of a line that got nothing after all, because its order or itself could not be filled. */
export function withheld(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.map((candidate) =>
    candidate.taken === 0n ? candidate : { ...candidate, taken: 0n, skipped: 'POLICY_COMPLETE_ONLY' },
  );
}

function inRank(shelf: Shelf, { choice, wish, takes }: Chosen): readonly ShelfLot[] {
  if (choice === 'RANKED') return shelf.lots;
  const named = wish.picks.flatMap(({ inventoryId }) => lotOf(shelf, inventoryId) ?? []);
  const drawn = choice === 'NAMED' ? named : takes.map(({ from }) => from);
  return [...new Set([...drawn, ...shelf.lots])];
}

const isUsable = (lot: ShelfLot, { minLife }: Wish) => lot.fault === null && lot.life >= minLife && lot.open > 0n;

/** `wanting`: the line was not full yet when this lot's turn came. */
function skippedBecause(from: ShelfLot, { line, choice, wish }: Chosen, wanting: boolean): Candidate['skipped'] {
  const isNamed = wish.picks.some(({ inventoryId, quantity }) => inventoryId === from.lot.id && quantity > 0n);
  if (from.fault === 'ON_HOLD') return isNamed ? 'LOT_ON_HOLD' : 'ON_HOLD';
  if (from.fault === 'EXPIRED') return isNamed ? 'LOT_EXPIRED' : 'EXPIRED';
  if (from.fault === 'NOT_YET_RECEIVED') return from.fault;
  if (from.life < wish.minLife) return 'SHELF_LIFE';
  if (from.fault === 'LOCATION_EXCLUDED') return from.fault;
  if (isNamed && wanting) return 'LOT_SHORT';
  if (from.open === 0n) return heldByOthers(from, line) ? 'ALLOCATED_TO_OTHERS' : 'NO_STOCK';
  return wanting && choice !== 'NAMED' ? 'RESERVED' : 'NOT_NEEDED';
}

function heldByOthers({ lot, open }: ShelfLot, line: LineDemand): boolean {
  const own = line.holdings.find(({ inventoryId }) => inventoryId === lot.id)?.allocatedQuantity ?? 0n;
  return lot.remainingQuantity - open > own;
}
