import type { Allocation, AllocationInput, LineDemand, Lot, NewResult } from '@inventory/models';

/** A line that got something, seen after its turn. */
export type Turn = {
  readonly taken: readonly NewResult[];
  /** What the line took leaves the reservations of others covered: where it took from, and in all. */
  readonly covered: boolean;
  /** The fewest lots from which as much could have been had, by trying every set of them. */
  readonly fewest: () => number;
};

/** Goes through the results line by line, keeping the books of what is open and what is reserved. */
export function turnsOf(given: AllocationInput, { results }: Allocation): Turn[] {
  const { stock, orders, strategy } = given;
  const open = new Map(stock.lots.map((lot) => [lot.id, lot.remainingQuantity - lot.allocatedQuantity]));
  const lines = new Map(orders.flatMap((order) => order.lines.map((line) => [line.id, line] as const)));
  const named = new Set([...lines.values()].map(({ reservationId, sku }) => `${reservationId} ${sku}`));
  let active = stock.reservations.filter(
    ({ id, sku }) => strategy.sequence !== 'PRO_RATA' || !named.has(`${id} ${sku}`),
  );
  return [...Map.groupBy(results, ({ orderLineId }) => orderLineId)].map(([id, taken]): Turn => {
    const line = lines.get(id)!;
    active = active.filter((each) => each.id !== line.reservationId || each.sku !== line.sku);
    const others = active.filter(({ sku }) => sku === line.sku);
    const before = new Map(open);
    for (const { inventoryId, quantity } of taken) open.set(inventoryId, open.get(inventoryId)! - quantity);
    const free = (location: string | null, at: ReadonlyMap<string, bigint>) => {
      const lots = stock.lots.filter((lot) => lot.sku === line.sku && isGood(lot, given) && isAt(lot, location));
      const holds = others.filter((each) => location === null || each.location === location);
      if (location !== null && holds.length === 0) return null;
      return sum(lots.map((lot) => at.get(lot.id)!)) - sum(holds.map(({ quantity }) => quantity));
    };
    const places = [null, ...new Set(taken.map(({ location }) => location))];
    return {
      taken,
      covered: places.every((place) => (free(place, open) ?? 0n) >= 0n),
      fewest: () => {
        const lots = stock.lots.filter(
          (lot) => lot.sku === line.sku && isUsable(lot, line, given) && before.get(lot.id)! > 0n,
        );
        return fewestOf(lots, sum(taken.map(({ quantity }) => quantity)), before, (place) => free(place, before));
      },
    };
  });
}

function fewestOf(
  lots: readonly Lot[],
  quantity: bigint,
  open: ReadonlyMap<string, bigint>,
  free: (location: string | null) => bigint | null,
): number {
  let fewest = lots.length;
  for (let set = 0; set < 2 ** lots.length; set += 1) {
    const chosen = lots.filter((_, index) => set & (1 << index));
    if (chosen.length >= fewest) continue;
    const byPlace = [...Map.groupBy(chosen, ({ location }) => location)].map(([location, there]) => {
      const sumThere = sum(there.map(({ id }) => open.get(id)!));
      const limit = free(location);
      return limit !== null && limit < sumThere ? (limit > 0n ? limit : 0n) : sumThere;
    });
    if (sum(byPlace) >= quantity) fewest = chosen.length;
  }
  return fewest;
}

const isGood = (lot: Lot, { asOf, today }: AllocationInput) =>
  lot.status === 'AVAILABLE' && lot.receivedAt <= asOf && (lot.expiresOn === null || lot.expiresOn >= today);

const isAt = (lot: Lot, location: string | null) => location === null || lot.location === location;

function isUsable(lot: Lot, { minShelfLifeDays }: LineDemand, given: AllocationInput): boolean {
  const { locations } = given.options;
  if (!isGood(lot, given) || (locations !== null && !locations.includes(lot.location))) return false;
  if (lot.expiresOn === null) return true;
  return (Date.parse(lot.expiresOn) - Date.parse(given.today)) / 86_400_000 >= (minShelfLifeDays ?? 0);
}

const sum = (of: readonly bigint[]) => of.reduce((a, b) => a + b, 0n);
