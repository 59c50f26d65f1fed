import { expect, test } from 'vitest';
import { after, left, lot, money, order, run, served } from './given.ts';

const inTurn = (quantities: readonly number[]) => quantities.map((wants, index) => order(`O${index + 1}`, wants));
const costs = (asked: Parameters<typeof run>[0]) => run(asked).results.map(({ costAmount }) => money(costAmount));

test('Rounding: 3 units for 100.00 drawn one by one are 33.33, 33.34, 33.33', () => {
  const lots = [lot('L1', { quantity: 3, openValue: 10_000n })];

  expect(costs({ lots, orders: inTurn([1, 1, 1]) })).toEqual(['33.33', '33.34', '33.33']);
  expect(costs({ lots, orders: inTurn([1, 1, 1]), cost: 'MOVING_AVERAGE' })).toEqual(['33.33', '33.34', '33.33']);
});

test('Rounding: 20 units for 368.30 drawn 10, 9, 1 are 184.15, 165.74, 18.41', () => {
  const lots = [lot('L1', { quantity: 20, openValue: 36_830n })];

  expect(costs({ lots, orders: inTurn([10, 9, 1]) })).toEqual(['184.15', '165.74', '18.41']);
});

test('R3: after an average draw a later FIFO draw costs the carried value, and 0 left is 0.00', () => {
  const lots = [lot('A', { unitCost: 10, receivedAt: '01-01' }), lot('B', { unitCost: 20, receivedAt: '01-02' })];

  const first = run({ lots, orders: [order('O1', 10)], allocationMethod: 'MOVING_AVERAGE' });
  const second = run({ lots: after(lots, [first.change]), orders: [order('O2', 10)], allocationMethod: 'FIFO' });

  expect(served(first)).toEqual({ 'O1/1': 'A 10 = 150.00' });
  expect(served(second)).toEqual({ 'O2/1': 'B 10 = 150.00' });
  expect(after(lots, [first.change, second.change]).map(({ openValue }) => openValue)).toEqual([0n, 0n]);
});

test('R3: spreads 0.76 over three lots of 1 as 0.25, 0.26, 0.25, and a lot with nothing open gets 0', () => {
  const lots = [
    lot('L0', { quantity: 1, openValue: 25n }),
    lot('L1', { quantity: 1, openValue: 76n }),
    lot('L2', { quantity: 1, openValue: 0n }),
    lot('L3', { quantity: 1, openValue: 0n, status: 'ON_HOLD' }),
  ];

  const { results, change } = run({ lots, orders: [order('O1', 1)], allocationMethod: 'MOVING_AVERAGE' });

  expect(results.map(({ inventoryId, costAmount }) => [inventoryId, costAmount])).toEqual([['L0', 25n]]);
  expect(after(lots, [change]).map(({ openValue }) => openValue)).toEqual([0n, 25n, 26n, 25n]);
  expect(change.movements).toEqual(
    [
      ['L1', -51n],
      ['L2', 26n],
      ['L3', 25n],
    ].map(([inventoryId, valueDelta]) => ({
      ...{ kind: 'REVALUE', sku: 'A', inventoryId, quantityDelta: 0n, valueDelta, reference: null },
      effectiveAt: '2026-01-20T00:00:00.000Z',
    })),
  );
});

test('the pot of an average holds held and expired lots, but none received after asOf', () => {
  const lots = [
    lot('L1', { unitCost: 10 }),
    lot('L2', { unitCost: 20, status: 'ON_HOLD' }),
    lot('L3', { unitCost: 30, expiresOn: '01-19' }),
    lot('L4', { unitCost: 90, receivedAt: '01-21' }),
  ];

  const allocation = run({ lots, orders: [order('O1', 10)], allocationMethod: 'MOVING_AVERAGE' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 = 200.00' });
  expect(left(lots, allocation)).toBe('L2 10 = 200.00, L3 10 = 200.00, L4 10 = 900.00');
});

test('LOWEST_COST goes by the cost as received, not by what an average made of it', () => {
  const lots = [lot('L1', { unitCost: 10, openValue: 30_000n }), lot('L2', { unitCost: 20, openValue: 0n })];

  const allocation = run({ lots, orders: [order('O1', 1)], allocationMethod: 'LOWEST_COST' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 1 = 30.00' });
});

test('writes what it took as counters of lot, line, order and position, with the versions it relied on', () => {
  const lots = [lot('L1', { unitCost: 12 }), lot('L2', { sku: 'B' })];
  const orders = [order('O2', [{ sku: 'C' }]), order('O1', [{ wants: 4 }, { wants: 1, sku: 'C' }])];

  const { change, results } = run({ lots, orders });

  expect(change).toEqual({
    orders: [
      { id: 'O1', revision: 7, allocatedDelta: 4_000_000n, shippedDelta: 0n, cancelledDelta: 0n },
      { id: 'O2', revision: 7, allocatedDelta: 0n, shippedDelta: 0n, cancelledDelta: 0n },
    ],
    orderLines: [{ id: 'O1/1', allocatedDelta: 4_000_000n, shippedDelta: 0n, cancelledDelta: 0n }],
    positions: [
      { sku: 'A', version: 3, moves: true, poolQuantityDelta: -4_000_000n, poolValueDelta: -4_800n },
      { sku: 'B', version: 3, moves: false, poolQuantityDelta: 0n, poolValueDelta: 0n },
      { sku: 'C', version: 3, moves: false, poolQuantityDelta: 0n, poolValueDelta: 0n },
    ],
    lots: [{ id: 'L1', remainingDelta: 0n, allocatedDelta: 4_000_000n, openValueDelta: -4_800n }],
    results,
    resultUpdates: [],
    resultParts: [],
    movements: [],
    reservationsConverted: [],
  });
  expect(results).toEqual([
    {
      ...{ id: 'R1', orderId: 'O1', orderLineId: 'O1/1', lineNumber: 1, inventoryId: 'L1', sku: 'A', location: 'W1' },
      ...{ quantity: 4_000_000n, lotUnitCost: 12_000_000n, costAmount: 4_800n, costing: 'FINAL' },
    },
  ]);
});
