import { afterEach, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
afterEach(() => api.close());

it('counts in a currency without minor units', async () => {
  api = await openApi({ CURRENCY: 'JPY', CURRENCY_DIGITS: '0' });
  const post = (lot: object) =>
    api.call('POST', '/inventories', { body: { sku: 'A', location: 'W1', quantity: '3', ...lot } });

  const byUnit = await post({ unitCost: '33.5' });
  const byTotal = await post({ totalCost: '100' });

  expect(byUnit.body).toMatchObject({ unitCost: '33.500000', totalCost: null, openValue: '101' });
  expect(byTotal.body).toMatchObject({ unitCost: '33.333333', totalCost: '100', openValue: '100' });
  expect(await post({ totalCost: '100.5' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/totalCost' }] },
  });
  const { body } = await api.call('GET', '/movements');
  expect(body.items.map(({ valueDelta }: { valueDelta: string }) => valueDelta)).toEqual(['100', '101']);
});

it('takes dates and months in the zone of the stack', async () => {
  api = await openApi({ TIME_ZONE: 'Asia/Tokyo' });
  await api.test.administrator.query({
    text: `INSERT INTO costing_periods (period, status, closed_at) VALUES ('2025-12', 'CLOSED', now()), ('2026-01', 'CLOSED', now())`,
    values: [],
  });
  const lot = { sku: 'A', location: 'W1', quantity: 1, unitCost: 1, expiresOn: '2026-03-31' };
  await api.call('POST', '/inventories', {
    body: ['2025-12-31T00:00:00Z', '2026-01-31T14:59:59.999Z', '2026-01-31T15:00:00Z', '2026-02-07T00:00:00Z'].map(
      (receivedAt) => ({ ...lot, receivedAt }),
    ),
  });
  const { items } = (await api.call('GET', '/movements')).body;

  // February begins in Tokyo at 15:00 UTC on 31 January; what lies in a closed month counts from then.
  expect(items.map(({ effectiveAt }: { effectiveAt: string }) => effectiveAt).toReversed()).toEqual([
    ...['2026-01-31T15:00:00.000Z', '2026-01-31T15:00:00.000Z', '2026-01-31T15:00:00.000Z', '2026-02-07T00:00:00.000Z'],
  ]);
  const available = async (asOf: string) =>
    (await api.call('GET', '/availability', { query: { sku: 'A', asOf } })).body.available;
  expect(await available('2026-03-31T14:59:59.999Z')).toBe('4');
  expect(await available('2026-03-31T15:00:00.000Z')).toBe('0');
});

it('demands keys where the stack does', async () => {
  api = await openApi({ REQUIRE_IDEMPOTENCY_KEY: 'true' });
  const body = { orderNumber: 'SO-1', lines: [{ sku: 'A', quantity: 1 }] };

  expect(await api.call('POST', '/orders', { body })).toMatchObject({
    ...{ status: 400, body: { code: 'MISSING_IDEMPOTENCY_KEY' } },
  });
  expect(await api.call('POST', '/orders', { body, headers: { 'Idempotency-Key': 'k' } })).toMatchObject({
    status: 201,
  });
});
