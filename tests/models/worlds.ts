import {
  type AllocationMethod,
  fulfilments,
  type Holding,
  type LineDemand,
  type Lot,
  type OrderDemand,
  type Reservation,
  sequences,
} from '@inventory/models';
import fc from 'fast-check';
import { type Asked, at, hold, lot, order } from './given.ts';

// Small and crowded on purpose: two SKUs, three locations, few dates and quantities, so that ties, shortages, protected
// and unusable stock meet in nearly every case.
const sku = fc.constantFrom('A', 'A', 'B');
const location = fc.constantFrom('W1', 'W2', 'W3');
const halves = (max: number) => fc.integer({ min: 1, max: 2 * max }).map((count) => BigInt(count) * 500_000n);
const wholes = (max: number) => fc.integer({ min: 1, max }).map((count) => BigInt(count) * 1_000_000n);
const day = fc.constantFrom('01-19', '01-20', '01-25', '02-10', '02-20', '02-28', null, null, null);

const lots = fc.array(
  fc.record({
    sku,
    location,
    status: fc.constantFrom(...new Array<'AVAILABLE'>(7).fill('AVAILABLE'), 'ON_HOLD' as const),
    receivedAt: fc.constantFrom('01-05', '01-05', '01-06', '01-10', '01-10', '01-15', '01-20', '01-21'),
    expiresOn: day,
    remaining: fc.oneof(wholes(9), wholes(9), halves(9)),
    allocatedShare: fc.constantFrom(0n, 0n, 0n, 1n, 2n),
    lotUnitCost: fc.constantFrom(10_000_000n, 12_340_000n, 3_333_333n),
    value: fc.integer({ min: 0, max: 9_999 }),
  }),
  { minLength: 2, maxLength: 9 },
);

const lines = fc.array(
  fc.record({
    sku,
    open: fc.oneof(wholes(9), wholes(9), halves(9)),
    minShelfLifeDays: fc.constantFrom(null, null, null, 0, 5, 30),
    reserves: fc.nat(9),
    holds: fc.nat(2),
    picks: fc.array(fc.record({ lot: fc.nat(8), part: fc.constantFrom(1n, 2n, 4n) }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const orders = fc.array(
  fc.record({
    priority: fc.integer({ min: 4, max: 6 }),
    orderedAt: fc.constantFrom('01-03', '01-04'),
    requestedShipDate: fc.constantFrom(null, '2026-02-01', '2026-02-02'),
    lines,
  }),
  { minLength: 1, maxLength: 4 },
);

const reservations = fc.array(fc.record({ sku, location: fc.option(location, { freq: 2 }), quantity: wholes(3) }), {
  maxLength: 3,
});

/** Runs of one method over random stock and orders, with every other choice at random too. */
export const worldOf = (allocationMethod: AllocationMethod): fc.Arbitrary<Asked> =>
  fc
    .record({
      ...{ lots, orders, reservations },
      sequence: fc.constantFrom(...sequences),
      fulfilment: fc.constantFrom(...fulfilments),
      locations: fc.constantFrom(null, null, null, ['W1'], ['W1', 'W2']),
      locationPriority: fc.constantFrom(['W2'], ['W3', 'W1']),
      weights: fc.array(fc.constantFrom(0n, 1_000_000n, 2_500_000n), { maxLength: 2 }),
      quantityStep: fc.constantFrom(1, 1, 0.5, 2),
      pick: fc.constantFrom('FIFO', 'FIFO', 'LIFO', 'FEWEST_LOTS', 'SPECIFIC' as const),
    })
    .map((drawn) => {
      const stock = drawn.lots.map(toLot);
      const holds = drawn.reservations.map((each, index) => hold(`H${index}`, 0, each));
      return {
        lots: stock,
        orders: toOrders(drawn.orders, stock, holds),
        reservations: holds,
        allocationMethod,
        ...(allocationMethod.endsWith('_AVERAGE') ? { pick: drawn.pick } : {}),
        sequence: drawn.sequence,
        fulfilment: drawn.sequence === 'PRO_RATA' ? 'PARTIAL' : drawn.fulfilment,
        ...{ locations: drawn.locations, locationPriority: drawn.locationPriority, quantityStep: drawn.quantityStep },
        weights: new Map(drawn.weights.map((weight, index) => [`O${index}`, weight])),
        explain: true,
      };
    });

type Drawn<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never;

function toLot(drawn: Drawn<typeof lots>[number], index: number): Lot {
  const { remaining, allocatedShare, value, receivedAt, expiresOn, ...given } = drawn;
  const allocatedQuantity = (remaining * allocatedShare) / 2n;
  return lot(`L${index + 1}`, {
    ...given,
    ...{ receivedAt, expiresOn, remainingQuantity: remaining, allocatedQuantity },
    openValue: allocatedQuantity === remaining ? 0n : BigInt(value),
  });
}

/** Lines whose reservations, picks and holdings are possible: each reservation on one line, each held unit held once. */
function toOrders(drawn: Drawn<typeof orders>, stock: readonly Lot[], holds: readonly Reservation[]): OrderDemand[] {
  const unnamed = new Set(holds.map(({ id }) => id));
  const unheld = new Map(stock.map((each) => [each.id, each.allocatedQuantity]));
  return drawn.map((each, index) => {
    const wanted = each.lines.map((line): Partial<LineDemand> => {
      const own = holds[line.reserves];
      const reservationId = own && own.sku === line.sku && unnamed.delete(own.id) ? own.id : null;
      const holdings = line.holds === 0 ? holdingOf(line.sku, stock, unheld) : [];
      const has = holdings.reduce((sum, held) => sum + held.allocatedQuantity + held.shippedQuantity, 0n);
      return {
        ...{ sku: line.sku, openQuantity: line.open, quantity: line.open + has, reservationId, holdings },
        ...{ minShelfLifeDays: line.minShelfLifeDays, picks: picksFor(line, stock) },
      };
    });
    const { priority, orderedAt, requestedShipDate } = each;
    return order(`O${index}`, wanted, { priority, orderedAt: at(orderedAt), requestedShipDate });
  });
}

function holdingOf(of: string, stock: readonly Lot[], unheld: Map<string, bigint>): readonly Holding[] {
  const held = stock.find((each) => each.sku === of && (unheld.get(each.id) ?? 0n) > 0n);
  if (!held) return [];
  const allocatedQuantity = unheld.get(held.id) ?? 0n;
  unheld.set(held.id, 0n);
  return [{ inventoryId: held.id, allocatedQuantity, shippedQuantity: 500_000n }];
}

function picksFor(line: Drawn<typeof lines>[number], stock: readonly Lot[]): LineDemand['picks'] {
  const candidates = stock.filter((each) => each.sku === line.sku);
  const named = new Map<string, bigint>();
  let left = line.open;
  for (const { lot: index, part } of line.picks) {
    const chosen = candidates[index % Math.max(1, candidates.length)];
    if (!chosen || named.has(chosen.id) || left === 0n) continue;
    const quantity = (line.open + part - 1n) / part;
    named.set(chosen.id, quantity < left ? quantity : left);
    left -= quantity < left ? quantity : left;
  }
  return Array.from(named, ([inventoryId, quantity]) => ({ inventoryId, quantity }));
}
