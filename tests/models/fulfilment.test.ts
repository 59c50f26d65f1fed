import { expect, test } from 'vitest';
import { left, lot, order, run, served, short } from './given.ts';

// product.md 5, Fulfilment: L1 10 @ 12.00, L2 5 @ 10.00, O1 wants 12, then O2 wants 10.
const lots = [lot('L1', { unitCost: 12 }), lot('L2', { unitCost: 10, quantity: 5, receivedAt: '01-02' })];
const orders = [order('O1', 12), order('O2', 10)];

test('PARTIAL: O1 12 = 140.00, O2 3 = 30.00 and back-order 7, left 0', () => {
  const allocation = run({ lots, orders, fulfilment: 'PARTIAL' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 140.00', 'O2/1': 'L2 3 = 30.00' });
  expect(short(allocation)).toEqual({ 'O2/1': 'short 7: ALLOCATED_TO_OTHERS 7' });
  expect(allocation.totals).toEqual({
    requested: 22_000_000n,
    allocated: 15_000_000n,
    short: 7_000_000n,
    costAmount: 17_000n,
  });
  expect(left(lots, allocation)).toBe('');
});

test('LINE_COMPLETE: O1 12 = 140.00, O2 0 and back-order 10, left 3', () => {
  const allocation = run({ lots, orders, fulfilment: 'LINE_COMPLETE' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 140.00' });
  expect(short(allocation)).toEqual({ 'O2/1': 'short 10: POLICY_COMPLETE_ONLY 3, ALLOCATED_TO_OTHERS 7' });
  expect(left(lots, allocation)).toBe('L2 3 = 30.00');
});

test('ORDER_COMPLETE, O2 also has a line that could be filled: O1 12 = 140.00, O2 0 on every line, left 3', () => {
  const stock = [...lots, lot('B1', { sku: 'B' })];
  const both = [order('O1', 12), order('O2', [{ wants: 4, sku: 'B' }, { wants: 10 }])];

  const allocation = run({ lots: stock, orders: both, fulfilment: 'ORDER_COMPLETE' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 140.00' });
  expect(short(allocation)).toEqual({
    'O2/1': 'short 4: POLICY_COMPLETE_ONLY 4',
    'O2/2': 'short 10: POLICY_COMPLETE_ONLY 3, ALLOCATED_TO_OTHERS 7',
  });
  expect(left(stock, allocation)).toBe('L2 3 = 30.00, B1 10 = 100.00');
});

test('PRO_RATA with PARTIAL: O1 8 = 96.00, O2 7 = 74.00, left 0', () => {
  const allocation = run({ lots, orders, sequence: 'PRO_RATA' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 8 = 96.00', 'O2/1': 'L1 2 + L2 5 = 74.00' });
  expect(short(allocation)).toEqual({
    'O1/1': 'short 4: ALLOCATED_TO_OTHERS 4',
    'O2/1': 'short 3: ALLOCATED_TO_OTHERS 3',
  });
  expect(left(lots, allocation)).toBe('');
});

test('a blocked complete-only order does not block later ones', () => {
  const three = [order('O1', [{ wants: 9 }, { wants: 9 }]), order('O2', [{ wants: 5 }, { wants: 10 }])];

  const allocation = run({ lots, orders: three, fulfilment: 'ORDER_COMPLETE' });

  expect(served(allocation)).toEqual({ 'O2/1': 'L1 5 = 60.00', 'O2/2': 'L1 5 + L2 5 = 110.00' });
});

test('what a blocked attempt gave to another line of its order explains nothing', () => {
  const twoLines = [order('O1', [{ wants: 9 }, { wants: 9 }])];

  const allocation = run({ lots, orders: twoLines, fulfilment: 'ORDER_COMPLETE' });

  expect(short(allocation)).toEqual({
    'O1/1': 'short 9: POLICY_COMPLETE_ONLY 9',
    'O1/2': 'short 9: POLICY_COMPLETE_ONLY 6, NO_STOCK 3',
  });
});

test('a blocked order leaves lots, costs and reservations as if it had never been tried', () => {
  const stock = [lot('L1', { quantity: 3, openValue: 10_000n })];
  const holds = [{ id: 'H1', sku: 'A', location: null, quantity: 2_000_000n }];
  const blocked = order('O1', [{ wants: 2, reservationId: 'H1' }, { wants: 2 }]);

  const tried = run({
    lots: stock,
    orders: [blocked, order('O2', 1)],
    reservations: holds,
    fulfilment: 'ORDER_COMPLETE',
  });
  const never = run({ lots: stock, orders: [order('O2', 1)], reservations: holds, fulfilment: 'ORDER_COMPLETE' });

  expect(served(tried)).toEqual(served(never));
  expect(tried.change.lots).toEqual(never.change.lots);
  expect(tried.change.reservationsConverted).toEqual([]);
});

test('complete means the open quantity at the start of the run; what a line got earlier stays', () => {
  const begun = order('O1', [{ wants: 20, openQuantity: 15_000_000n }]);

  const allocation = run({ lots, orders: [begun], fulfilment: 'LINE_COMPLETE' });

  expect(served(allocation)).toEqual({ 'O1/1': 'L1 10 + L2 5 = 170.00' });
});

test('an order with nothing open gets nothing, is not listed as short, and its revision is relied on', () => {
  const filled = order('O1', [{ openQuantity: 0n }]);

  const { results, shortages, totals, change } = run({ lots, orders: [filled] });

  expect({ results, shortages, totals }).toEqual({
    results: [],
    shortages: [],
    totals: { requested: 0n, allocated: 0n, short: 0n, costAmount: 0n },
  });
  expect(change.orders).toEqual([{ id: 'O1', revision: 7, allocatedDelta: 0n, shippedDelta: 0n, cancelledDelta: 0n }]);
});
