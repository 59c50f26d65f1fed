import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** 300 orders of 4 lines over 40 SKUs: 1,200 lines, more than are answered at once. */
async function day(name: string, unitsPerSku: number) {
  const skus = Array.from({ length: 40 }, (_, index) => `${name}-${index}`);
  await api.call('POST', '/inventories', {
    body: skus.flatMap((sku) =>
      [1, 2].map((half) => ({ sku, location: `W${half}`, quantity: unitsPerSku / 2, unitCost: half })),
    ),
  });
  const orders = await api.call('POST', '/orders', {
    body: Array.from({ length: 300 }, (_, index) => ({
      orderNumber: `${name}-${index}`,
      customerId: name,
      lines: [0, 1, 2, 3].map((line) => ({ sku: skus[(index * 4 + line) % 40], quantity: 1 })),
    })),
  });
  return orders.body.map(({ id }: { id: string }) => id) as string[];
}

async function ended({ body }: Answer): Promise<Answer> {
  for (;;) {
    const run = await api.call('GET', `/allocation-runs/${body.id}`);
    if (run.body.status !== 'PENDING' && run.body.status !== 'RUNNING') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run of more than 1,000 lines', () => {
  it('is answered by 202 and worked off in the background', async () => {
    const orderIds = await day('BACK', 20);

    const accepted = await api.call('POST', '/allocate', { body: { orderIds } });
    const run = await ended(accepted);

    expect(accepted).toMatchObject({ status: 202, headers: { location: `/allocation-runs/${accepted.body.id}` } });
    expect(run.body).toMatchObject({
      status: 'COMMITTED',
      totals: { requested: '1200', allocated: '800', short: '400', costAmount: '1200.00' },
    });
    expect(run.body.slicesApplied).toBe(run.body.slicesTotal);
    expect(run.body.shortages).toHaveLength(400);
    const results = await api.call('GET', '/allocation-results', { query: { runId: accepted.body.id, limit: 200 } });
    expect(results.body.items).toHaveLength(200);
    expect(results.body.nextCursor).not.toBeNull();
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });

  it('gives nothing the second time', async () => {
    const orderIds = await day('SECOND', 30);
    await ended(await api.call('POST', '/allocate', { body: { orderIds } }));

    const again = await api.call('POST', '/allocate', { body: { orderIds } });

    expect(again).toMatchObject({
      status: 201,
      body: { results: [], totals: { requested: '0', fillRate: '1.000000' } },
    });
  });

  it('serves complete orders only, by ORDER_COMPLETE, in one transaction', async () => {
    const orderIds = await day('COMPLETE', 20);

    const run = await ended(
      await api.call('POST', '/allocate', {
        body: { orderIds, fulfilment: 'ORDER_COMPLETE', allocationMethod: 'MOVING_AVERAGE' },
      }),
    );

    expect(run.body).toMatchObject({ status: 'COMMITTED', totals: { requested: '1200', allocated: '800' } });
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });

  it('fails as a whole where a shortage is to be refused, and says what was short', async () => {
    const orderIds = await day('FAIL', 20);

    const run = await ended(await api.call('POST', '/allocate', { body: { orderIds, onShortage: 'FAIL' } }));

    expect(run.body).toMatchObject({ status: 'FAILED', failure: { code: 'INSUFFICIENT_STOCK' } });
    expect(run.body.totals).toEqual({
      ...{ requested: '1200', allocated: '0', short: '1200', costAmount: '0.00', fillRate: '0.000000' },
    });
    expect(run.body.shortages).toHaveLength(400);
    expect((await api.call('GET', '/availability', { query: { sku: 'FAIL-0' } })).body.allocated).toBe('0');
  });

  it('is not stored where an order does not exist', async () => {
    const orderIds = await day('UNKNOWN', 20);
    const nobody = '01a215b2-7209-7002-818a-074c013b453b';

    const refused = await api.call('POST', '/allocate', { body: { orderIds: [...orderIds, nobody] } });

    expect(refused).toMatchObject({ status: 422, body: { code: 'UNKNOWN_ORDER' } });
    expect(refused.body.errors).toEqual([{ pointer: '/orderIds/300', detail: `no order has ${nobody}` }]);
  });

  it('is one run for two equal requests', async () => {
    const orderIds = await day('EQUAL', 40);
    const call = { body: { orderIds }, headers: { 'Idempotency-Key': 'large-run' } };

    const answers = await Promise.all([api.call('POST', '/allocate', call), api.call('POST', '/allocate', call)]);
    const run = await ended(answers[0]!);

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[0]!.text).toBe(answers[1]!.text);
    expect(run.body.totals.allocated).toBe('1200');
  });

  it('takes its share beside orders that others allocate at the same time', async () => {
    const orderIds = await day('BESIDE', 30);

    const accepted = await api.call('POST', '/allocate', { body: { orderIds } });
    const others = await Promise.all(
      orderIds.slice(0, 20).map((id) => api.call('POST', '/allocate', { body: { orderIds: [id] } })),
    );
    await ended(accepted);

    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([201]));
    const { items } = (await api.call('GET', '/orders', { query: { customerId: 'BESIDE', limit: 200 } })).body;
    expect(new Set(items.map(({ status }: { status: string }) => status))).toEqual(new Set(['ALLOCATED']));
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });

  it('can be explained and simulated only in parts', async () => {
    const orderIds = await day('PARTS', 20);

    const explained = await api.call('POST', '/allocate', { body: { orderIds, explain: true } });
    const simulated = await api.call('POST', '/allocate', { body: { orderIds, dryRun: true } });

    expect(explained).toMatchObject({ status: 422, body: { errors: [{ pointer: '/explain' }] } });
    expect(simulated).toMatchObject({ status: 200, body: { totals: { requested: '1200' } } });
  });
});
