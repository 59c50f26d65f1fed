import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it('creates an order and reads it', async () => {
  const created = await api.call('POST', '/orders', {
    body: { orderNumber: 'SO-1', lines: [{ sku: 'A', quantity: '2' }] },
  });
  const read = await api.call('GET', `/orders/${created.body.id}`);

  expect(created).toMatchObject({ status: 201 });
  expect(read.body).toEqual(created.body);
});
