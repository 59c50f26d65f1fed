import { expect, test } from 'vitest';
import { decimal, lot, order, pick, refusal, run, short } from './given.ts';

const shares = (asked: Omit<Parameters<typeof run>[0], 'sequence'>) =>
  run({ ...asked, sequence: 'PRO_RATA' }).change.orderLines.map(
    ({ id, allocatedDelta }) => `${id} ${decimal(allocatedDelta)}`,
  );

test('8.18 and 6.82 become 8 and 7', () => {
  const lots = [lot('L1', { quantity: 15 })];

  expect(shares({ lots, orders: [order('O1', 12), order('O2', 10)] })).toEqual(['O1/1 8', 'O2/1 7']);
});

test('a share that reaches its demand is given exactly, and the excess is shared again', () => {
  const orders = [order('O1', 1.5), order('O2', 20), order('O3', 20)];

  const weights = new Map([
    ['O1', 8_000_000n],
    ['O2', 1_000_000n],
    ['O3', 1_000_000n],
  ]);
  expect(shares({ lots: [lot('L1')], orders, weights })).toEqual(['O1/1 1.5', 'O2/1 4', 'O3/1 4']);
});

test('a share that reaches all that its usable lots hold is given exactly', () => {
  const lots = [lot('L1', { quantity: 6.5, expiresOn: '01-22' }), lot('L2', { quantity: 2.5, receivedAt: '01-02' })];
  const orders = [order('O1', [{ wants: 10, minShelfLifeDays: 30 }]), order('O2', 10)];

  expect(shares({ lots, orders })).toEqual(['O1/1 2.5', 'O2/1 6']);
});

test('less than a step stays, and the smallest step can be set', () => {
  const orders = [order('O1', 10), order('O2', 10)];

  expect(shares({ lots: [lot('L1', { quantity: 5 })], orders, quantityStep: 2 })).toEqual(['O1/1 2', 'O2/1 2']);
  expect(shares({ lots: [lot('L1', { quantity: 5 })], orders, quantityStep: 0.5 })).toEqual(['O1/1 2.5', 'O2/1 2.5']);
});

test('a leftover step goes to the largest remainder that can take one, ties by PRIORITY sequence', () => {
  const orders = [order('O1', 3), order('O2', 3, { priority: 1 }), order('O3', 3)];

  expect(shares({ lots: [lot('L1', { quantity: 4 })], orders })).toEqual(['O2/1 2', 'O1/1 1', 'O3/1 1']);
});

test('weights are given per order and divided over its lines of the SKU by open quantity; weight 0 gets nothing', () => {
  const lots = [lot('L1', { quantity: 12 })];
  const orders = [order('O1', [{ wants: 20 }, { wants: 10 }]), order('O2', 30), order('O3', 30)];
  const weights = new Map([
    ['O1', 3_000_000n],
    ['O2', 1_000_000n],
    ['O3', 0n],
  ]);

  expect(shares({ lots, orders, weights })).toEqual(['O1/1 6', 'O1/2 3', 'O2/1 3']);
});

test('an order without a weight weighs its open quantity', () => {
  const orders = [order('O1', 6), order('O2', 30)];
  const weights = new Map([['O2', 2_000_000n]]);

  expect(shares({ lots: [lot('L1', { quantity: 4 })], orders, weights })).toEqual(['O1/1 3', 'O2/1 1']);
});

test('thousands of weights over awkward quantities are shared out at once, and to the last step', () => {
  const orders = Array.from({ length: 3_000 }, (_, index) =>
    order(`O${index}`, [{ wants: 100 + (index * 7_919) / 1_000_000 }, { wants: 200 + (index * 104_729) / 1_000_000 }]),
  );
  const weights = new Map(orders.map(({ id }, index) => [id, 1_000_000n + BigInt(index)]));

  const { totals } = run({ lots: [lot('L1', { quantity: 10_000 })], orders, weights, sequence: 'PRO_RATA' });

  expect(totals.allocated).toBe(10_000_000_000n);
});

test('SPECIFIC shares out what is named: a line can have no more than its picks', () => {
  const lots = [lot('L1', { quantity: 10 }), lot('L2', { quantity: 10, receivedAt: '01-02' })];
  const orders = [
    order('O1', [{ wants: 10, picks: [pick('L1', 2)] }]),
    order('O2', [{ wants: 10, picks: [pick('L1', 10)] }]),
  ];

  expect(shares({ lots, orders, allocationMethod: 'SPECIFIC' })).toEqual(['O1/1 2', 'O2/1 8']);
});

test('reasons are measured after the run', () => {
  const lots = [lot('L1', { quantity: 5.5 }), lot('L2', { status: 'ON_HOLD', quantity: 1 })];

  const allocation = run({ lots, orders: [order('O1', 4), order('O2', 4)], sequence: 'PRO_RATA' });

  expect(short(allocation)).toEqual({
    'O1/1': 'short 1: ON_HOLD 1',
    'O2/1': 'short 2: ON_HOLD 1, ALLOCATED_TO_OTHERS 1',
  });
});

test.each(['LINE_COMPLETE', 'ORDER_COMPLETE'] as const)('is refused with %s', (fulfilment) => {
  const { code } = refusal(() => run({ lots: [], orders: [], sequence: 'PRO_RATA', fulfilment }));

  expect(code).toBe('INVALID_COMBINATION');
});
