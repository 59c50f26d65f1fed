import { type Allocation, allocate, type Change, sliceRun } from '@inventory/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Asked, hold, input, lot, after as lotsAfter, order } from './given.ts';

const skus = ['A', 'B', 'C'];

/** Orders with lines of several SKUs, against lots that do not suffice. */
const asked = fc
  .record({
    lots: fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 30 })), {
      maxLength: 12,
    }),
    orders: fc.array(fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 8,
    }),
    cost: fc.constantFrom('LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE' as const),
    fulfilment: fc.constantFrom('PARTIAL', 'LINE_COMPLETE' as const),
    size: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ lots, orders, size, ...strategy }) => ({
    size,
    given: {
      ...strategy,
      lots: lots.map(([sku, quantity, unitCost], index) => lot(`L${index}`, { sku: skus[sku]!, quantity, unitCost })),
      orders: orders.map((lines, index) =>
        order(
          `O${index}`,
          lines.map(([sku, wants]) => ({ sku: skus[sku]!, wants })),
        ),
      ),
    } as Asked,
  }));

describe('the slices of a large run', () => {
  test('write together what the run decided', () => {
    fc.assert(
      fc.property(asked, ({ given, size }) => {
        const { whole, changes, slices } = sliced(given, size);

        expect(lotsAfter(given.lots, changes)).toEqual(lotsAfter(given.lots, [whole.change]));
        expect(changes.flatMap(({ results }) => results).toSorted(byId)).toEqual(whole.results.toSorted(byId));
        expect(totals(changes)).toEqual(totals([whole.change]));
        expect(slices.flatMap(({ shortages }) => shortages.map(({ shortage }) => shortage)).length).toBe(
          whole.shortages.length,
        );
        expect(slices.flatMap((slice) => slice.skus).toSorted()).toEqual(wanted(given));
      }),
      { numRuns: 500 },
    );
  });

  test('leave sound books after each of them', () => {
    fc.assert(
      fc.property(asked, ({ given, size }) => {
        const { changes } = sliced(given, size);

        for (let written = 1; written <= changes.length; written++) {
          const lots = lotsAfter(given.lots, changes.slice(0, written));
          for (const { remainingQuantity, allocatedQuantity, openValue } of lots) {
            expect(allocatedQuantity <= remainingQuantity && openValue >= 0n).toBe(true);
            if (allocatedQuantity === remainingQuantity) expect(openValue).toBe(0n);
          }
          for (const sku of wanted(given)) {
            const pool = poolDelta(changes.slice(0, written), sku);
            expect(sum(lots.filter((each) => each.sku === sku).map(({ openValue }) => openValue))).toBe(
              sum(given.lots.filter((each) => each.sku === sku).map(({ openValue }) => openValue)) + pool,
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('rely on the version that the part before makes, within one SKU', () => {
    const given = { lots: [lot('L1', { quantity: 9 })], orders: ['O1', 'O2', 'O3'].map((id) => order(id, 3)) };

    const { slices } = sliced(given, 1);

    expect(slices.map(({ change, skus }) => [change.positions[0]!.version, skus])).toEqual([
      [3, []],
      [4, []],
      [5, ['A']],
    ]);
  });

  test('are many, too, for a SKU whose lines get nothing, and leave its version as it is', () => {
    const lines = Array.from({ length: 5 }, () => ({ wants: 3 }));
    const given = { lots: [lot('L1', { quantity: 3 })], orders: [order('O1', lines), order('O2', lines)] };

    const { slices } = sliced(given, 5);

    expect(
      slices.map(({ change, shortages, skus }) => {
        const { version, moves } = change.positions[0]!;
        return { version, moves, orders: change.orders.map(({ id }) => id), shortages: shortages.length, skus };
      }),
    ).toEqual([
      { version: 3, moves: true, orders: ['O1'], shortages: 1, skus: [] },
      { version: 4, moves: false, orders: ['O1'], shortages: 2, skus: [] },
      { version: 4, moves: false, orders: ['O1', 'O2'], shortages: 2, skus: [] },
      { version: 4, moves: false, orders: ['O2'], shortages: 2, skus: [] },
      { version: 4, moves: false, orders: ['O2'], shortages: 2, skus: ['A'] },
    ]);
  });

  test('are smaller where names are long, as a request of the Data API has a size', () => {
    const sku = 'x'.repeat(100);
    const given = (name: string) => ({
      lots: [lot('L1', { sku: name, quantity: 20, location: name })],
      orders: Array.from({ length: 20 }, (_, index) => order(`O${index}`, [{ sku: name }])),
    });

    const [short, long] = [sliced(given('A'), 20), sliced(given(sku), 20)];

    expect([short.slices.length, long.slices.length]).toEqual([3, 7]);
  });

  test('convert a reservation with the line that names it', () => {
    const given = {
      lots: [lot('L1', { quantity: 6 })],
      orders: [order('O1', 3), order('O2', [{ wants: 3, reservationId: 'H1' }])],
      reservations: [hold('H1', 3)],
    };

    const { changes } = sliced(given, 1);

    expect(changes.map(({ reservationsConverted }) => reservationsConverted)).toEqual([[], ['H1']]);
  });
});

function sliced(given: Asked, size: number) {
  const whole = allocate(input(given));
  const slices = sliceRun(input(given), whole, size);
  return { whole, slices, changes: slices.map(({ change }) => change) };
}

const byId = (a: { id: string }, b: { id: string }) => Number(a.id.slice(1)) - Number(b.id.slice(1));
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const wanted = ({ orders }: Asked) =>
  [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))].toSorted();
const poolDelta = (changes: readonly Change[], sku: string) =>
  sum(
    changes.flatMap(({ positions }) => positions.filter((each) => each.sku === sku).map((each) => each.poolValueDelta)),
  );

/** Every counter that the changes add to, summed. */
function totals(changes: readonly Allocation['change'][]) {
  const added = new Map<string, bigint>();
  const add = (key: string, delta: bigint) => delta !== 0n && added.set(key, (added.get(key) ?? 0n) + delta);
  for (const change of changes) {
    for (const { id, allocatedDelta } of change.orders) add(`order ${id}`, allocatedDelta);
    for (const { id, allocatedDelta } of change.orderLines) add(`line ${id}`, allocatedDelta);
    for (const each of change.positions) {
      add(`quantity ${each.sku}`, each.poolQuantityDelta);
      add(`value ${each.sku}`, each.poolValueDelta);
    }
  }
  return new Map([...added].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
