import {
  type Allocation,
  type AllocationInput,
  allocate,
  allocationMethods,
  fulfilments,
  type Lot,
  pickRules,
  sequences,
} from '@inventory/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Asked, after, input } from './given.ts';
import { worldOf } from './worlds.ts';

// A large run is decided group of SKUs by group wherever orders are not given all or nothing and no lots are named.
const methods = allocationMethods.filter((each) => each !== 'SPECIFIC');
const together = sequences.flatMap((sequence) =>
  fulfilments
    .filter((fulfilment) => fulfilment !== 'ORDER_COMPLETE')
    .filter((fulfilment) => sequence !== 'PRO_RATA' || fulfilment === 'PARTIAL')
    .map((fulfilment) => ({ sequence, fulfilment })),
);

describe.each(together)('$sequence, $fulfilment', (choices) => {
  test.each(methods)('decides each SKU by %s as if there were no other', (method) => {
    fc.assert(
      fc.property(worldOf(method), (world) => {
        const asked = { ...world, ...choices, pick: isNamed(world) ? 'FIFO' : world.pick } as Asked;
        const given = input(asked);

        const whole = allocate(given);
        const parts = ['A', 'B'].map((sku) => allocate(ofSku(given, sku)));

        expect(resultsOf(parts)).toEqual(resultsOf([whole]));
        expect(sorted(parts.flatMap(({ shortages }) => shortages))).toEqual(sorted(whole.shortages));
        expect(sorted(parts.flatMap(({ explanation }) => explanation))).toEqual(sorted(whole.explanation));
        expect(lotsAfter(given.stock.lots, parts)).toEqual(lotsAfter(given.stock.lots, [whole]));
        expect(totalsOf(parts)).toEqual(totalsOf([whole]));
      }),
      { numRuns: 60 },
    );
  });
});

const isNamed = (world: Asked) => world.pick && pickRules[world.pick].choice === 'NAMED';

/** What a load of one SKU alone would give. */
function ofSku(given: AllocationInput, sku: string): AllocationInput {
  const of = <Row extends { readonly sku: string }>(rows: readonly Row[]) => rows.filter((row) => row.sku === sku);
  const orders = given.orders.map((order) => ({ ...order, lines: of(order.lines) }));
  const { positions, lots, rest, reservations } = given.stock;
  return {
    ...given,
    orders: orders.filter(({ lines }) => lines.length > 0),
    stock: { positions: of(positions), lots: of(lots), rest: of(rest), reservations: of(reservations) },
  };
}

/** Per SKU in the order of allocation, which is that of the ids; the ids themselves are new each time. */
const resultsOf = (allocations: readonly Allocation[]) =>
  Object.fromEntries(
    ['A', 'B'].map((sku) => [
      sku,
      allocations.flatMap(({ results }) =>
        results.filter((each) => each.sku === sku).map(({ id: _, ...rest }) => rest),
      ),
    ]),
  );

const sorted = <Row extends { readonly orderId: string; readonly lineNumber: number }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => (a.orderId === b.orderId ? a.lineNumber - b.lineNumber : a.orderId < b.orderId ? -1 : 1));

const lotsAfter = (lots: readonly Lot[], allocations: readonly Allocation[]) =>
  after(
    lots,
    allocations.map(({ change }) => change),
  );

const totalsOf = (allocations: readonly Allocation[]) => {
  const sum = (read: (of: Allocation['totals']) => bigint) =>
    allocations.reduce((total, { totals }) => total + read(totals), 0n);
  return {
    requested: sum(({ requested }) => requested),
    allocated: sum(({ allocated }) => allocated),
    short: sum(({ short }) => short),
    costAmount: sum(({ costAmount }) => costAmount),
    converted: allocations.flatMap(({ change }) => change.reservationsConverted).toSorted(),
  };
};
