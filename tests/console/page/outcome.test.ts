import { expect, test } from 'vitest';
import type { Allocated, Shortage } from '../../../functions/console/page/answers.ts';
import { outcomeByOrder } from '../../../functions/console/page/plan/outcome.ts';

const result = (orderId: string, lineNumber: number, inventoryId: string): Allocated => ({
  id: null,
  orderId,
  orderLineId: `${orderId}-${lineNumber}`,
  lineNumber,
  inventoryId,
  sku: 'TEA',
  location: 'W1',
  quantity: '1',
  unitCost: '1.000000',
  lotUnitCost: '1.000000',
  costAmount: '1.00',
  costing: 'FINAL',
  status: 'ALLOCATED',
});
const shortage = (orderId: string, lineNumber: number): Shortage => ({
  orderId,
  lineNumber,
  requested: '2',
  allocated: '1',
  short: '1',
  reasons: [{ code: 'NO_STOCK', quantity: '1' }],
});

test('what orders got and did not get stands together, in the order of their turn', () => {
  const outcome = outcomeByOrder({
    results: [result('O2', 2, 'L1'), result('O2', 2, 'L2'), result('O2', 1, 'L3')],
    shortages: [shortage('O1', 1), shortage('O2', 2)],
    explanation: [
      { orderId: 'O1', lineNumber: 1, candidates: [] },
      { orderId: 'O2', lineNumber: 2, candidates: [] },
    ],
  });

  expect(outcome.map(({ orderId }) => orderId)).toEqual(['O1', 'O2']);
  expect(
    outcome[1]?.lines.map(({ lineNumber, results, shortage }) => [lineNumber, results.length, shortage?.short]),
  ).toEqual([
    [1, 1, undefined],
    [2, 2, '1'],
  ]);
  expect(outcome[0]?.lines[0]).toMatchObject({ sku: null, results: [], explanation: { candidates: [] } });
});
