import { backorderQuantity, orderStatus, orderTotals } from '@inventory/models';
import { expect, test } from 'vitest';

const quantities = ([quantity, cancelledQuantity, allocatedQuantity, shippedQuantity]: readonly number[]) => ({
  quantity: BigInt(quantity ?? 0),
  cancelledQuantity: BigInt(cancelledQuantity ?? 0),
  allocatedQuantity: BigInt(allocatedQuantity ?? 0),
  shippedQuantity: BigInt(shippedQuantity ?? 0),
});

test.each([
  [[10, 10, 0, 0], 'CANCELLED', 0],
  [[10, 2, 0, 8], 'SHIPPED', 0],
  [[10, 0, 9, 1], 'PARTIALLY_SHIPPED', 0],
  [[10, 4, 6, 0], 'ALLOCATED', 0],
  [[10, 4, 5, 0], 'PARTIALLY_ALLOCATED', 1],
  [[10, 4, 0, 0], 'OPEN', 6],
] as const)('ordered, cancelled, allocated, shipped %j is %s with a back-order of %s', (given, status, backorder) => {
  expect(orderStatus(quantities(given))).toBe(status);
  expect(backorderQuantity(quantities(given))).toBe(BigInt(backorder));
});

test('an order is the same rule over the totals of its lines', () => {
  const lines = [quantities([10, 0, 0, 10]), quantities([5, 5, 0, 0]), quantities([1, 0, 1, 0])];

  expect(orderTotals(lines)).toEqual(quantities([16, 5, 1, 10]));
  expect(orderStatus(orderTotals(lines))).toBe('PARTIALLY_SHIPPED');
});
