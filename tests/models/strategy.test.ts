import { allocationMethods, pickNames, resolveStrategy, type StrategyRequest } from '@inventory/models';
import { expect, test } from 'vitest';
import { refusal } from './given.ts';

const ALL = ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'] as const;
const resolve = (request: StrategyRequest) => resolveStrategy(request, ALL);

test('no method is FIFO at the lot cost, by PRIORITY, PARTIAL', () => {
  expect(resolve({})).toEqual({
    ...{ allocationMethod: 'FIFO', pick: 'FIFO', cost: 'LOT', sequence: 'PRIORITY', fulfilment: 'PARTIAL' },
  });
});

test.each(pickNames)('%s is a preset for the pick of that name and the cost LOT', (allocationMethod) => {
  expect(resolve({ allocationMethod })).toMatchObject({ allocationMethod, pick: allocationMethod, cost: 'LOT' });
});

test.each(['MOVING_AVERAGE', 'TOTAL_AVERAGE'] as const)('%s picks by FIFO unless another pick is given', (method) => {
  expect(resolve({ allocationMethod: method })).toMatchObject({ allocationMethod: method, pick: 'FIFO', cost: method });
  expect(resolve({ allocationMethod: method, pick: 'LIFO' })).toMatchObject({ allocationMethod: method, pick: 'LIFO' });
  expect(resolve({ cost: method, pick: 'FEFO' })).toMatchObject({
    allocationMethod: method,
    pick: 'FEFO',
    cost: method,
  });
});

test('there are ten methods', () => {
  expect(allocationMethods).toHaveLength(10);
});

test.each<[StrategyRequest, string]>([
  [{ allocationMethod: 'FIFO', pick: 'LIFO' }, '/pick'],
  [{ allocationMethod: 'FIFO', cost: 'MOVING_AVERAGE' }, '/cost'],
  [{ allocationMethod: 'MOVING_AVERAGE', cost: 'LOT' }, '/cost'],
  [{ allocationMethod: 'MOVING_AVERAGE', cost: 'TOTAL_AVERAGE' }, '/cost'],
  [{ sequence: 'PRO_RATA', fulfilment: 'LINE_COMPLETE' }, '/fulfilment'],
  [{ sequence: 'PRO_RATA', fulfilment: 'ORDER_COMPLETE' }, '/fulfilment'],
])('%j contradicts itself', (request, pointer) => {
  const { code, errors } = refusal(() => resolve(request));

  expect([code, errors[0]?.pointer]).toEqual(['INVALID_COMBINATION', pointer]);
});

test('a cost basis outside the policy of the stack is refused', () => {
  const { code, errors } = refusal(() => resolveStrategy({ allocationMethod: 'FIFO' }, ['MOVING_AVERAGE']));

  expect([code, errors[0]?.pointer]).toEqual(['COST_NOT_ALLOWED', '/allocationMethod']);
});
