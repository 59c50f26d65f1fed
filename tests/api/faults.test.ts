import type { Fault } from '@inventory/database/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

async function stocked(sku: string) {
  await api.call('POST', '/inventories', { body: { sku, location: 'W1', quantity: 10, unitCost: '1.50' } });
  const order = await api.call('POST', '/orders', { body: { orderNumber: sku, lines: [{ sku, quantity: 4 }] } });
  return order.body.id as string;
}

const isApply = ({ sql }: { sql: string }) => sql.includes('want_order');

describe.each<[Fault, string]>([
  ['LOST_ANSWER', 'is written once'],
  ['CUT_BEFORE', 'is written by the second'],
  ['UNAVAILABLE', 'is written by the second'],
])('an allocation whose statement meets %s', (fault) => {
  it('is 503 and, sent again with its key, applied exactly once', async () => {
    const sku = `FAULT-${fault}`;
    const call = { body: { orderIds: [await stocked(sku)] }, headers: { 'Idempotency-Key': sku } };

    api.emulator.fail(fault, { when: isApply });
    const first = await api.call('POST', '/allocate', call);
    const second = await api.call('POST', '/allocate', call);

    expect(first).toMatchObject({ status: 503, body: { code: 'RETRY_LATER' } });
    expect(first.headers['retry-after']).toMatch(/^\d+$/);
    expect(second).toMatchObject({ status: 201, body: { totals: { allocated: '4', costAmount: '6.00' } } });
    expect((await api.call('GET', '/availability', { query: { sku } })).body.allocated).toBe('4');
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });
});

it('sends a throttled statement again by itself', async () => {
  const orderIds = [await stocked('THROTTLED')];

  api.emulator.fail('THROTTLED', { times: 2, when: isApply });
  const answer = await api.call('POST', '/allocate', { body: { orderIds } });

  expect(answer.status).toBe(201);
});

it('answers an unexpected failure with a bare 500 and changes nothing', async () => {
  const orderIds = [await stocked('BROKEN')];

  api.emulator.fail('INTERNAL_ERROR', { when: isApply });
  const answer = await api.call('POST', '/allocate', { body: { orderIds } });

  expect([500, 503]).toContain(answer.status);
  expect(answer.text).not.toMatch(/SELECT|arn:|at .*\.ts/);
  expect((await api.call('GET', '/availability', { query: { sku: 'BROKEN' } })).body.allocated).toBe('0');
});
