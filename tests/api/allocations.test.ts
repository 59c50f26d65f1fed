import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const get = (path: string, query: Record<string, string | number> = {}) => api.call('GET', path, { query });

/** 10 at 12.00 of a SKU of its own, and an order of 12. */
async function anAllocation(body: object = {}) {
  const sku = uuid();
  const lot = await api.call('POST', '/inventories', {
    body: { sku, location: 'W1', quantity: 10, unitCost: '12.00' },
  });
  const order = await api.call('POST', '/orders', { body: { orderNumber: uuid(), lines: [{ sku, quantity: 12 }] } });
  const run = await api.call('POST', '/allocate', { body: { orderIds: [order.body.id], ...body } });
  return { sku, lot: lot.body, order: order.body, run: run.body };
}

it('reads a run with strategy, totals, shortages and explanation', async () => {
  const plain = await anAllocation();
  const explained = await anAllocation({ explain: true, allocationMethod: 'LIFO' });
  const { status, body } = await get(`/allocation-runs/${plain.run.runId}`);

  expect(status).toBe(200);
  expect(body).toEqual({
    id: plain.run.runId,
    strategy: plain.run.strategy,
    ...{ asOf: plain.run.asOf, status: 'COMMITTED', slicesApplied: 0, slicesTotal: 0, createdBy: 'tester' },
    createdAt: body.createdAt,
    totals: { requested: '12', allocated: '10', short: '2', costAmount: '120.00', fillRate: '0.833333' },
    shortages: plain.run.shortages,
    explanation: null,
    failure: null,
  });
  expect((await get(`/allocation-runs/${explained.run.runId}`)).body).toMatchObject({
    strategy: { allocationMethod: 'LIFO' },
    shortages: explained.run.shortages,
    explanation: explained.run.explanation,
  });
  expect(await get(`/allocation-runs/${uuid()}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
});

it('lists runs newest first, page by page', async () => {
  const runs: string[] = [];
  for (let count = 0; count < 5; count++) runs.push((await anAllocation()).run.runId);
  const first = await get('/allocation-runs', { limit: 3 });
  const second = await get('/allocation-runs', { limit: 2, cursor: first.body.nextCursor });
  const { shortages: _, explanation: __, ...summary } = (await get(`/allocation-runs/${runs[4]}`)).body;

  expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(runs.toReversed());
  expect(first.body.items[0]).toEqual(summary);
  const csv = await api.call('GET', '/allocation-runs', { query: { limit: 1 }, headers: { Accept: 'text/csv' } });
  expect(csv.text).toContain(`${runs[4]},`);
});

it('reads a result as the run answered it', async () => {
  const { run } = await anAllocation();
  const [result] = run.results;
  const { status, body } = await get(`/allocation-results/${result.id}`);

  expect(status).toBe(200);
  expect(body).toEqual({
    ...result,
    ...{ runId: run.runId, createdAt: body.createdAt, shippedAt: null, releasedAt: null },
  });
  expect(await get(`/allocation-results/${uuid()}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
});

it('lists results by order, run, SKU, lot, status and costing', async () => {
  const { sku, lot, order, run } = await anAllocation();
  const average = await anAllocation({ allocationMethod: 'TOTAL_AVERAGE' });
  const found = async (query: Record<string, string>) =>
    (await get('/allocation-results', query)).body.items.map(({ id }: { id: string }) => id);
  const [result] = run.results;

  for (const query of [{ orderId: order.id }, { runId: run.runId }, { sku }, { inventoryId: lot.id }]) {
    expect(await found(query)).toEqual([result.id]);
  }
  expect(await found({ sku, status: 'ALLOCATED', costing: 'FINAL' })).toEqual([result.id]);
  expect(await found({ sku, status: 'SHIPPED' })).toEqual([]);
  expect(await found({ costing: 'PROVISIONAL' })).toEqual([average.run.results[0].id]);
  expect(await get('/allocation-results', { orderId: 'x' })).toMatchObject({ status: 422 });
});

it('pages results without a gap or a repeat while results are added', async () => {
  const sku = uuid();
  await api.call('POST', '/inventories', {
    body: Array.from({ length: 13 }, () => ({ sku, location: 'W1', quantity: 1, unitCost: 1 })),
  });
  await api.call('POST', '/inventories', { body: { sku, location: 'W1', quantity: 100, unitCost: 1 } });
  const allocate = async (quantity: number) => {
    const order = await api.call('POST', '/orders', { body: { orderNumber: uuid(), lines: [{ sku, quantity }] } });
    return (await api.call('POST', '/allocate', { body: { orderIds: [order.body.id] } })).body;
  };
  const { results } = await allocate(13);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await get('/allocation-results', { sku, limit: 4, ...(cursor ? { cursor } : {}) });
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
    await allocate(1);
  }

  expect(seen).toEqual(results.map(({ id }: { id: string }) => id).toReversed());
});

it('shows an order what it got', async () => {
  const { order } = await anAllocation();

  expect((await get(`/orders/${order.id}`)).body).toMatchObject({
    ...{ status: 'PARTIALLY_ALLOCATED', version: 1 },
    lines: [{ status: 'PARTIALLY_ALLOCATED', allocatedQuantity: '10', backorderQuantity: '2' }],
  });
});
