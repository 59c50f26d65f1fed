import { expect } from 'vitest';
import type { Functions } from './deployment.ts';

/**
 * What a day brings, once: stock comes, orders come, they are allocated, shipped and released, and the books agree. SKUs
 * and order numbers begin with `prefix`. Answers what the orders were told, so that two releases can be compared.
 */
export async function runCoreFlows({ call }: Functions, prefix: string): Promise<object> {
  const sku = `${prefix}-SKU`;
  const lots = [
    { sku, location: 'W1', quantity: 10, unitCost: '12.00', receivedAt: '2026-01-01T00:00:00Z' },
    { sku, location: 'W2', quantity: 5, unitCost: '10.00', receivedAt: '2026-01-05T00:00:00Z' },
  ];
  const orders = [
    { orderNumber: `${prefix}-1`, lines: [{ sku, quantity: 12 }] },
    { orderNumber: `${prefix}-2`, lines: [{ sku, quantity: 10 }] },
  ];

  const received = await call('POST', '/inventories', { body: lots });
  const created = await call('POST', '/orders', { body: orders, key: `${prefix}-orders` });
  const again = await call('POST', '/orders', { body: orders, key: `${prefix}-orders` });
  const compared = await call('POST', '/allocate/compare', {
    body: { orderNumbers: [`${prefix}-1`], methods: ['FIFO', 'LIFO', 'MOVING_AVERAGE'] },
  });
  const run = await call('POST', '/allocate', { body: { orderNumbers: [`${prefix}-1`, `${prefix}-2`] } });
  const [shipped, released] = run.body.results;
  const ship = await call('POST', `/allocation-results/${shipped.id}/ship`, { body: { quantity: '4' } });
  const release = await call('POST', `/allocation-results/${released.id}/release`, { body: { quantity: '1' } });
  const orderId = run.body.results[0].orderId;
  const order = await call('GET', `/orders/${orderId}`);
  const listed = await call('GET', `/orders?limit=5`);
  const movements = await call('GET', `/movements?sku=${sku}`);
  const integrity = await call('GET', '/integrity');
  const health = await call('GET', '/health/database');

  expect([received, created, again].map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(again.body).toEqual(created.body);
  expect([compared, run, ship, release].map(({ status }) => status)).toEqual([200, 201, 200, 200]);
  expect([order, listed, movements, health].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(integrity.body).toEqual({ differences: [] });
  return {
    allocated: run.body.results.map(
      ({ quantity, costAmount }: Record<string, string>) => `${quantity} for ${costAmount}`,
    ),
    status: order.body.status,
    movements: movements.body.items.map(({ kind }: { kind: string }) => kind).sort(),
  };
}
