import type { Candidate } from '../allocation.ts';
import type { PickRule } from '../pick-rules/pick-rule.ts';
import type { Shelf, ShelfLot } from './shelf.ts';
import type { Take, Wish } from './wish.ts';

/**
 * Every lot of the SKU with what was taken of it or why it was skipped, usable ones first, each group in rank order; the
 * lots that FEWEST and NAMED chose come first in the order in which they were drawn. To be called before the takes are
 * booked: `available` is what is open at the line's turn.
 */
export function candidatesOf(
  shelf: Shelf,
  wish: Wish,
  takes: readonly Take[],
  choice: PickRule['choice'],
): readonly Candidate[] {
  const taken = new Map(takes.map((take) => [take.from, take.quantity]));
  const lots =
    choice === 'RANKED'
      ? shelf.lots
      : [...new Set([...takes.map((take) => take.from), ...named(shelf, wish), ...shelf.lots])];
  const usable = lots.filter((lot) => isUsable(lot, wish));
  const unusable = lots.filter((lot) => !isUsable(lot, wish));
  const lastTaken = usable.findLastIndex((lot) => taken.has(lot));
  const isFull = takes.reduce((rest, take) => rest - take.quantity, wish.quantity) === 0n;
  return [...usable, ...unusable].map((from, index) => ({
    rank: index + 1,
    inventoryId: from.lot.id,
    available: from.open,
    taken: taken.get(from) ?? 0n,
    skipped: taken.has(from) ? null : skippedBecause(from, wish, index < lastTaken || !isFull),
  }));
}

/** The candidates of a line that got nothing after all, because its order or itself could not be filled. */
export function withheld(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.map((candidate) =>
    candidate.taken === 0n ? candidate : { ...candidate, taken: 0n, skipped: 'POLICY_COMPLETE_ONLY' },
  );
}

const isUsable = (lot: ShelfLot, { minLife }: Wish) => lot.fault === null && lot.life >= minLife && lot.open > 0n;

function named(shelf: Shelf, { picks }: Wish): readonly ShelfLot[] {
  return picks.flatMap(({ inventoryId }) => shelf.lots.filter(({ lot }) => lot.id === inventoryId));
}

/** `passedOver`: the line wanted something when this lot's turn came. */
function skippedBecause(from: ShelfLot, wish: Wish, passedOver: boolean): Candidate['skipped'] {
  const isNamed = wish.picks.some(({ inventoryId, quantity }) => inventoryId === from.lot.id && quantity > 0n);
  if (from.fault === 'ON_HOLD') return isNamed ? 'LOT_ON_HOLD' : 'ON_HOLD';
  if (from.fault === 'EXPIRED') return isNamed ? 'LOT_EXPIRED' : 'EXPIRED';
  if (from.fault === 'NOT_YET_RECEIVED') return from.fault;
  if (from.life < wish.minLife) return 'SHELF_LIFE';
  if (from.fault !== null) return from.fault;
  if (isNamed) return 'LOT_SHORT';
  if (from.open === 0n) return from.lot.remainingQuantity === 0n ? 'NO_STOCK' : 'ALLOCATED_TO_OTHERS';
  return passedOver ? 'RESERVED' : 'NOT_NEEDED';
}
