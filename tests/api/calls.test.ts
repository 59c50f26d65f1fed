import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
const made: Record<string, string> = {};
const order = () => ({ orderNumber: uuid(), lines: [{ sku: 'A', quantity: 1 }] });
const lot = () => ({ sku: 'A', location: 'W1', quantity: 10, unitCost: 1 });
const headers = { 'Idempotency-Key': uuid() };
const again = order();

beforeAll(async () => {
  api = await openApi();
  const inventory = await api.call('POST', '/inventories', { body: lot() });
  const created = await api.call('POST', '/orders', { body: again, headers });
  const run = await api.call('POST', '/allocate', { body: { orderIds: [created.body.id], explain: true } });
  Object.assign(made, {
    ...{ order: created.body.id, lot: inventory.body.id, run: run.body.runId, result: run.body.results[0].id },
  });
});
afterAll(() => api.close());

/** Calls of the Data API, which are what a request costs (design.md 10). */
it.each([
  ['creating an order', () => api.call('POST', '/orders', { body: order() })],
  ['creating orders', () => api.call('POST', '/orders', { body: Array.from({ length: 1000 }, order) })],
  ['receiving a lot', () => api.call('POST', '/inventories', { body: lot() })],
  ['receiving lots', () => api.call('POST', '/inventories', { body: Array.from({ length: 1000 }, lot) })],
  ['creating with a key', () => api.call('POST', '/orders', { body: order(), headers: { 'Idempotency-Key': uuid() } })],
  ['a replay', () => api.call('POST', '/orders', { body: again, headers })],
  ['a duplicate', () => api.call('POST', '/orders', { body: again })],
  [
    'importing',
    () =>
      api.call('POST', '/imports/orders', {
        body: `orderNumber,sku,quantity\n${uuid()},A,1\n`,
        headers: { 'Content-Type': 'text/csv' },
      }),
  ],
  ['reading an order', () => api.call('GET', `/orders/${made.order}`)],
  ['reading a lot', () => api.call('GET', `/inventories/${made.lot}`)],
  ['reading a run', () => api.call('GET', `/allocation-runs/${made.run}`)],
  ['reading a result', () => api.call('GET', `/allocation-results/${made.result}`)],
  ['listing orders', () => api.call('GET', '/orders', { query: { limit: 200 } })],
  ['listing lots', () => api.call('GET', '/inventories', { query: { limit: 200, sku: 'A', status: 'AVAILABLE' } })],
  ['listing runs', () => api.call('GET', '/allocation-runs')],
  ['listing results', () => api.call('GET', '/allocation-results', { query: { status: 'ALLOCATED' } })],
  ['listing movements', () => api.call('GET', '/movements', { query: { limit: 200 } })],
  ['the change feed', () => api.call('GET', '/movements', { query: { order: 'OLDEST' } })],
  ['availability', () => api.call('GET', '/availability')],
  ['availability of a SKU', () => api.call('GET', '/availability', { query: { sku: 'A' } })],
  ['integrity', () => api.call('GET', '/integrity')],
  ['health of the database', () => api.call('GET', '/health/database')],
])('%s is one call', async (_, send) => {
  api.emulator.resetStats();

  const { status } = await send();

  expect(status).toBeOneOf([200, 201, 409]);
  expect(api.emulator.stats.calls).toBe(1);
});
