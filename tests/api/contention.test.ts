import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const counted = (statuses: readonly number[]) =>
  Object.fromEntries([...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]));

async function receive(sku: string, quantity: number) {
  await api.call('POST', '/inventories', { body: { sku, location: 'W1', quantity, unitCost: '3.33' } });
}

async function order(lines: readonly { sku: string; quantity: number }[], count: number): Promise<string[]> {
  const orders = Array.from({ length: count }, (_, index) => ({ orderNumber: `${lines[0]!.sku}-${index}`, lines }));
  return (await api.call('POST', '/orders', { body: orders })).body.map(({ id }: { id: string }) => id);
}

it('gives the last unit to exactly one of 64 callers', async () => {
  await receive('LAST', 1);
  const orders = await order([{ sku: 'LAST', quantity: 1 }], 64);

  const before = api.emulator.stats.calls;
  const answers = await Promise.all(
    orders.map((id) => api.call('POST', '/allocate', { body: { orderIds: [id], onShortage: 'FAIL' } })),
  );

  expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: 63 });
  expect((api.emulator.stats.calls - before) / 64).toBeLessThanOrEqual(5);
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
});

it('serves 64 callers of one SKU with all they want, to the cent', async () => {
  await receive('HOT', 100);
  const orders = await order([{ sku: 'HOT', quantity: 1 }], 64);

  const answers = await Promise.all(orders.map((id) => api.call('POST', '/allocate', { body: { orderIds: [id] } })));

  const costs = answers.map(({ body }) => Math.round(Number(body.totals.costAmount) * 100));
  expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 64 });
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(Math.round(333 * 64));
  expect((await api.call('GET', '/availability', { query: { sku: 'HOT' } })).body).toMatchObject({
    allocated: '64',
    available: '36',
  });
});

it('serves runs over the same two orders and crossing SKUs without a deadlock', async () => {
  for (const sku of ['X', 'Y', 'Z']) await receive(sku, 200);
  const skus = [
    ['X', 'Y'],
    ['Y', 'Z'],
    ['Z', 'X'],
  ];
  const orders = (
    await Promise.all(
      skus.map(([first, second]) =>
        order(
          [
            { sku: first!, quantity: 2 },
            { sku: second!, quantity: 2 },
          ],
          8,
        ),
      ),
    )
  ).flat();

  const answers = await Promise.all(
    orders.flatMap((id, index) => {
      const pair = [id, orders[(index + 1) % orders.length]];
      return [pair, pair.toReversed()].map((orderIds) => api.call('POST', '/allocate', { body: { orderIds } }));
    }),
  );

  expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 48 });
  const { items } = (await api.call('GET', '/orders', { query: { limit: 200, sku: 'X' } })).body;
  expect(new Set(items.map(({ status }: { status: string }) => status))).toEqual(new Set(['ALLOCATED']));
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
});

it('applies 20 equal requests with one key once, and gives all the same bytes', async () => {
  await receive('KEY', 10);
  const [id] = await order([{ sku: 'KEY', quantity: 4 }], 1);
  const call = { body: { orderIds: [id] }, headers: { 'Idempotency-Key': 'the-same' } };

  const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('POST', '/allocate', call)));
  const other = await api.call('POST', '/allocate', { ...call, body: { orderIds: [id], dryRun: false } });

  expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 20 });
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
  expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  expect((await api.call('GET', '/availability', { query: { sku: 'KEY' } })).body.allocated).toBe('4');
});

it('replays an answer that is larger than one answer of the Data API', async () => {
  const sku = `LARGE-${'x'.repeat(90)}`;
  const lots = Array.from({ length: 1000 }, (_, index) => ({ sku, location: `W${index}`, quantity: 1, unitCost: 1 }));
  for (let part = 0; part < 4; part++) await api.call('POST', '/inventories', { body: lots });
  const [id] = await order([{ sku, quantity: 4000 }], 1);
  const call = { body: { orderIds: [id] }, headers: { 'Idempotency-Key': 'large' } };

  const first = await api.call('POST', '/allocate', call);
  const again = await api.call('POST', '/allocate', call);

  expect(first.body.results).toHaveLength(4000);
  expect(first.text.length).toBeGreaterThan(1_500_000);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.text === first.text).toBe(true);
});

it('serves a caller whose SKU is received at the same time', async () => {
  await receive('MIXED', 5);
  const orders = await order([{ sku: 'MIXED', quantity: 5 }], 12);

  const [answers] = await Promise.all([
    Promise.all(orders.map((id) => api.call('POST', '/allocate', { body: { orderIds: [id] } }))),
    ...Array.from({ length: 12 }, () => receive('MIXED', 5)),
  ]);

  expect(counted(answers.map(({ status }) => status))).toEqual({ 201: 12 });
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
});
