import { compareCodePoints, type OrderDemand, type Sequence } from '@inventory/models';
import { expect, test } from 'vitest';
import { at, lot, order, run } from './given.ts';

const orders: readonly OrderDemand[] = [
  order('late', 1, { priority: 1, orderedAt: at('01-09'), requestedShipDate: '2026-03-01' }),
  order('undated', 1, { priority: 1, orderedAt: at('01-01'), requestedShipDate: null }),
  order('early', 1, { priority: 1, orderedAt: at('01-10'), requestedShipDate: '2026-02-01' }),
  order('minor', 1, { priority: 9, orderedAt: at('01-01'), requestedShipDate: '2026-02-01' }),
  order('a', 1, { orderedAt: at('01-05') }),
  order('B', 1, { orderedAt: at('01-05') }),
];

const servedBy = (sequence: Sequence) =>
  run({ lots: [lot('L1', { quantity: 100 })], orders, sequence }).results.map(({ orderId }) => orderId);

test.each<[Sequence, string[]]>([
  ['PRIORITY', ['early', 'late', 'undated', 'B', 'a', 'minor']],
  ['SHIP_DATE', ['early', 'minor', 'late', 'undated', 'B', 'a']],
  ['ORDER_DATE', ['minor', 'undated', 'B', 'a', 'late', 'early']],
  ['PRO_RATA', ['early', 'late', 'undated', 'B', 'a', 'minor']],
])('%s serves %j', (sequence, expected) => {
  expect(servedBy(sequence)).toEqual(expected);
});

test('lines of an order go by lineNumber', () => {
  const two = order('O1', [
    { wants: 1, lineNumber: 2 },
    { wants: 1, lineNumber: 1 },
  ]);

  const { results } = run({ lots: [lot('L1')], orders: [two] });

  expect(results.map(({ lineNumber }) => lineNumber)).toEqual([1, 2]);
});

test('order numbers compare by code point: U+FFFD comes before U+1F600, and a beginning before the whole', () => {
  const numbers = ['😀', '\uFFFD', 'ab', 'a', 'B', '10', '9'];

  expect(numbers.toSorted(compareCodePoints)).toEqual(['10', '9', 'B', 'a', 'ab', '\uFFFD', '😀']);
});
