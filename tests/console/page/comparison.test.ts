import { expect, test } from 'vitest';
import type { Compared } from '../../../functions/console/page/answers.ts';
import { bestRows, type Measure } from '../../../functions/console/page/plan/best.ts';

const row = (
  allocationMethod: Compared['allocationMethod'],
  allocated: string,
  costAmount: string,
  lotsUsed = 1,
): Compared => ({
  allocationMethod,
  strategy: { allocationMethod, pick: 'FIFO', cost: 'LOT', sequence: 'PRIORITY', fulfilment: 'PARTIAL' },
  totals: { requested: '10', allocated, short: '0', costAmount, fillRate: '1.000000' },
  shortages: [],
  lotsUsed,
  expiryWaste: '0',
});

const best = (measure: Measure, ...rows: readonly Compared[]) =>
  [...bestRows(rows, measure)].map(({ allocationMethod }) => allocationMethod);

test('the cheapest is the best, by value and not by text', () => {
  expect(best('cost', row('FIFO', '10', '99.00'), row('LIFO', '10', '100.00'))).toEqual(['FIFO']);
});

test('what fills less is not cheaper', () => {
  const rows = [row('FIFO', '10', '99.00'), row('LIFO', '10', '100.00'), row('SPECIFIC', '0', '0.00', 0)];

  expect(best('cost', ...rows)).toEqual(['FIFO']);
  expect(best('lots', ...rows)).toEqual([]);
  expect(best('filled', ...rows)).toEqual(['FIFO', 'LIFO']);
});

test('where all are alike none is the best', () => {
  expect(best('cost', row('FIFO', '10', '99.00'), row('LIFO', '10', '99.00'))).toEqual([]);
});
