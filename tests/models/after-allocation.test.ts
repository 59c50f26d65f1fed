import {
  allocate,
  allocationMethods,
  type Change,
  type NewResult,
  type ResultState,
  release,
  type ShipmentContext,
  ship,
} from '@inventory/models';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { after, at, input } from './given.ts';
import { worldOf } from './worlds.ts';

const context: Omit<ShipmentContext, 'newId'> = {
  order: { id: 'O1', revision: 1 },
  positionVersion: 1,
  now: at('02-01'),
  firstOpenAt: null,
  lot: { status: 'AVAILABLE', expiresOn: null },
  shippedAt: null,
  timeZone: 'UTC',
};

/** Which result moves next, which part of it in eighths, and how; 8 and more is all of it. */
const moves = fc.array(fc.record({ index: fc.nat(20), eighths: fc.integer({ min: 1, max: 12 }), how: fc.boolean() }), {
  maxLength: 12,
});

const sum = <Item>(items: readonly Item[], amount: (item: Item) => bigint) =>
  items.reduce((total, item) => total + amount(item), 0n);

const asRow = (result: NewResult): ResultState => ({ ...result, status: 'ALLOCATED', asOf: at('01-20') });

/** Moves part of a row and returns what is written, and the rows that are there afterwards. */
function move(row: ResultState, { eighths, how }: { eighths: number; how: boolean }, newId: () => string) {
  const part = (row.quantity * BigInt(eighths)) / 8n;
  const quantity = eighths < 8 && part > 0n ? part : null;
  const { change, moved, remainder } = (how ? ship : release)(row, quantity, { ...context, newId });
  const rows =
    remainder === null
      ? [{ ...row, ...moved }]
      : [
          { ...row, ...remainder },
          { ...row, ...moved },
        ];
  return { change, rows };
}

test.each(allocationMethods)('%s: after any releases and shipments stock value and COGS are what came in', (method) => {
  fc.assert(
    fc.property(worldOf(method), moves, (world, steps) => {
      const given = input(world);
      const { lots } = given.stock;
      const { results, change } = allocate(given);
      const changes: Change[] = [change];
      let rows = results.map(asRow);
      let ids = 0;

      for (const step of steps) {
        const open = rows.filter(({ status }) => status === 'ALLOCATED');
        const row = open[step.index % Math.max(1, open.length)];
        if (!row) break;
        const moved = move(row, step, () => `P${++ids}`);
        changes.push(moved.change);
        rows = rows.flatMap((each) => (each === row ? moved.rows : [each]));
      }

      const stock = after(lots, changes);
      const worth = (status: string) =>
        sum(
          rows.filter((row) => row.status === status),
          ({ costAmount }) => costAmount,
        );
      const pool = sum(stock, ({ openValue }) => openValue);
      expect(pool + worth('ALLOCATED') + worth('SHIPPED')).toBe(sum(lots, ({ openValue }) => openValue));
      expect(
        sum(
          changes.flatMap(({ positions }) => positions),
          ({ poolValueDelta }) => poolValueDelta,
        ),
      ).toBe(pool - sum(lots, ({ openValue }) => openValue));
      for (const { remainingQuantity, allocatedQuantity, openValue } of stock) {
        expect(allocatedQuantity >= 0n && allocatedQuantity <= remainingQuantity && openValue >= 0n).toBe(true);
      }
      for (const { quantity, costAmount } of rows) expect(quantity > 0n && costAmount >= 0n).toBe(true);
      expect(sum(rows, ({ quantity }) => quantity)).toBe(sum(results, ({ quantity }) => quantity));
    }),
    { numRuns: 300 },
  );
});

test('releasing all that was drawn at the cost of the lots leaves them as they were', () => {
  fc.assert(
    fc.property(worldOf('LIFO'), (world) => {
      const given = input(world);
      const { results, change } = allocate(given);

      const releases = results.map((row) => release(asRow(row), null, { ...context, newId: () => 'P1' }).change);

      expect(after(given.stock.lots, [change, ...releases])).toEqual(given.stock.lots);
    }),
    { numRuns: 300 },
  );
});
