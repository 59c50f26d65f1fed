import type { AllocationMethod } from '@inventory/models';
import { expect, test } from 'vitest';
import { type Asked, after, left, lot, money, order, pick, run, served } from './given.ts';

// product.md 5, the table: 30 units worth 390.00.
const L1 = lot('L1', { unitCost: 12, receivedAt: '01-01', expiresOn: '06-30', location: 'W1' });
const L2 = lot('L2', { unitCost: 10, receivedAt: '01-05', expiresOn: '03-31', location: 'W2' });
const L3 = lot('L3', { unitCost: 17, receivedAt: '01-10', expiresOn: '04-30', location: 'W1' });
const lots = [L3, L1, L2];

type Row = readonly [method: AllocationMethod, O1: string, O2: string, left: string, asked: Partial<Asked>];

const picks = new Map([
  ['O1', new Map([[1, [pick('L3', 5), pick('L1', 7)]]])],
  ['O2', new Map([[1, [pick('L2', 10)]]])],
]);

const rows: readonly Row[] = [
  ['FIFO', 'L1 10 + L2 2 = 140.00', 'L2 8 + L3 2 = 114.00', 'L3 8 = 136.00', {}],
  ['LIFO', 'L3 10 + L2 2 = 190.00', 'L2 8 + L1 2 = 104.00', 'L1 8 = 96.00', {}],
  ['FEFO', 'L2 10 + L3 2 = 134.00', 'L3 8 + L1 2 = 160.00', 'L1 8 = 96.00', {}],
  ['LOWEST_COST', 'L2 10 + L1 2 = 124.00', 'L1 8 + L3 2 = 130.00', 'L3 8 = 136.00', {}],
  ['HIGHEST_COST', 'L3 10 + L1 2 = 194.00', 'L1 8 + L2 2 = 116.00', 'L2 8 = 80.00', {}],
  ['SPECIFIC', 'L3 5 + L1 7 = 169.00', 'L2 10 = 100.00', 'L3 5 = 85.00, L1 3 = 36.00', { picks }],
  [
    'LOCATION_PRIORITY',
    'L1 10 + L3 2 = 154.00',
    'L3 8 + L2 2 = 156.00',
    'L2 8 = 80.00',
    { locationPriority: ['W1', 'W2'] },
  ],
  ['FEWEST_LOTS', 'L1 10 + L2 2 = 140.00', 'L3 10 = 170.00', 'L2 8 = 80.00', {}],
  ['MOVING_AVERAGE', 'L1 10 + L2 2 = 156.00', 'L2 8 + L3 2 = 130.00', 'L3 8 = 104.00', {}],
  ['TOTAL_AVERAGE', 'L1 10 + L2 2 = 156.00', 'L2 8 + L3 2 = 130.00', 'L3 8 = 104.00', {}],
];

test.each(rows)('%s: O1 takes %s, O2 takes %s, left is %s', (allocationMethod, first, second, rest, asked) => {
  const orders = [order('O2', 10), order('O1', 12)];

  const allocation = run({ allocationMethod, lots, orders, ...asked });

  expect(served(allocation)).toEqual({ 'O1/1': first, 'O2/1': second });
  expect(left(lots, allocation)).toBe(rest);
  expect(allocation.shortages).toEqual([]);
});

test('MOVING_AVERAGE, O1 on 01-06 before L3 arrives: 132.00, then O2 143.33 of 258 ÷ 18, left 8 = 114.67', () => {
  const allocationMethod = 'MOVING_AVERAGE';

  const first = run({ allocationMethod, lots, orders: [order('O1', 12)], asOf: '01-06' });
  const stock = after(lots, [first.change]);
  const second = run({ allocationMethod, lots: stock, orders: [order('O2', 10)], asOf: '01-12' });

  expect(served(first)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 132.00' });
  expect(second.results.map(({ inventoryId, costAmount }) => `${inventoryId} ${money(costAmount)}`)).toEqual([
    'L2 114.66',
    'L3 28.67',
  ]);
  expect(left(stock, second)).toBe('L3 8 = 114.67');
});

test('TOTAL_AVERAGE, January, O1 on 01-06: 132.00 and 143.33, both provisional until the close', () => {
  const allocationMethod = 'TOTAL_AVERAGE';

  const first = run({ allocationMethod, lots, orders: [order('O1', 12)], asOf: '01-06' });
  const stock = after(lots, [first.change]);
  const second = run({ allocationMethod, lots: stock, orders: [order('O2', 10)], asOf: '01-12' });

  expect(served(first)).toEqual({ 'O1/1': 'L1 10 + L2 2 = 132.00' });
  expect(served(second)).toEqual({ 'O2/1': 'L2 8 + L3 2 = 143.33' });
  expect([...first.results, ...second.results].map(({ costing }) => costing)).toEqual(new Array(4).fill('PROVISIONAL'));
});

test('records the cost of every other method as final', () => {
  const orders = [order('O1', 12)];

  const costings = (['FIFO', 'FEWEST_LOTS', 'MOVING_AVERAGE'] as const).flatMap((allocationMethod) =>
    run({ allocationMethod, lots, orders }).results.map(({ costing }) => costing),
  );

  expect(new Set(costings)).toEqual(new Set(['FINAL']));
});

test('costs a line once by the average and divides it: O1 at 13.00 is L1 130.00 and L2 26.00', () => {
  const { results } = run({ allocationMethod: 'MOVING_AVERAGE', lots, orders: [order('O1', 12)] });

  expect(results.map(({ inventoryId, costAmount }) => `${inventoryId} ${money(costAmount)}`)).toEqual([
    'L1 130.00',
    'L2 26.00',
  ]);
});

test('picks by another rule where an average is combined with one', () => {
  const allocation = run({ allocationMethod: 'MOVING_AVERAGE', pick: 'LIFO', lots, orders: [order('O1', 12)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L3 10 + L2 2 = 156.00' });
});

test('breaks ties by lotSequence ascending, for LIFO descending', () => {
  const twins = [lot('L5'), lot('L4')];
  const orders = [order('O1', 1)];

  const firsts = (['FIFO', 'FEFO', 'LOWEST_COST', 'HIGHEST_COST', 'FEWEST_LOTS', 'LIFO'] as const).map(
    (allocationMethod) => run({ allocationMethod, lots: twins, orders }).results[0]?.inventoryId,
  );

  expect(firsts).toEqual(['L4', 'L4', 'L4', 'L4', 'L4', 'L5']);
});

test('FEFO draws lots without expiry last', () => {
  const stock = [lot('L1', { receivedAt: '01-01' }), lot('L2', { receivedAt: '01-05', expiresOn: '12-31' })];

  const allocation = run({ allocationMethod: 'FEFO', lots: stock, orders: [order('O1', 12)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 10 + L1 2 = 120.00' });
});

test('LOCATION_PRIORITY draws unlisted locations last, the oldest first', () => {
  const stock = [lot('L1', { location: 'W8' }), lot('L2', { location: 'W9' }), lot('L3', { location: 'W1' })];

  const allocation = run({
    allocationMethod: 'LOCATION_PRIORITY',
    locationPriority: ['W1'],
    lots: stock,
    orders: [order('O1', 25)],
  });

  expect(served(allocation)).toEqual({ 'O1/1': 'L3 10 + L1 10 + L2 5 = 250.00' });
});

test('FEWEST_LOTS takes the smallest lot that covers the rest, the older of equal ones', () => {
  const stock = [
    lot('L1', { quantity: 30 }),
    lot('L2', { quantity: 12 }),
    lot('L3', { quantity: 12 }),
    lot('L4', { quantity: 5 }),
  ];

  const allocation = run({ allocationMethod: 'FEWEST_LOTS', lots: stock, orders: [order('O1', 11)] });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 11 = 110.00' });
});

test('FEWEST_LOTS goes by what may be taken of a lot, not by what is protected for others', () => {
  const stock = [lot('L1', { quantity: 10, location: 'W1' }), lot('L2', { quantity: 8, location: 'W2' })];
  const reservations = [{ id: 'R1', sku: 'A', location: 'W1', quantity: 4_000_000n }];

  const allocation = run({ allocationMethod: 'FEWEST_LOTS', lots: stock, orders: [order('O1', 7)], reservations });

  expect(served(allocation)).toEqual({ 'O1/1': 'L2 7 = 70.00' });
});
