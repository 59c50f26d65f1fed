import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** The stock of product.md 5: 30 units, 390.00. The expiry lies ahead of whatever day it is. */
async function stocked(sku: string) {
  const lots = [
    { quantity: 10, unitCost: '12.00', receivedAt: '2026-01-01T00:00:00Z', expiresOn: '2996-06-30', location: 'W1' },
    { quantity: 10, unitCost: '10.00', receivedAt: '2026-01-05T00:00:00Z', expiresOn: '2996-03-31', location: 'W2' },
    { quantity: 10, unitCost: '17.00', receivedAt: '2026-01-10T00:00:00Z', expiresOn: '2996-04-30', location: 'W1' },
  ];
  const received = await api.call('POST', '/inventories', { body: lots.map((lot) => ({ sku, ...lot })) });
  const orders = await api.call('POST', '/orders', {
    body: [12, 10].map((quantity, index) => ({ orderNumber: `${sku}-O${index + 1}`, lines: [{ sku, quantity }] })),
  });
  return {
    lots: received.body.map(({ id }: { id: string }) => id) as string[],
    orders: orders.body.map(({ id }: { id: string }) => id) as string[],
  };
}

/** `L1 10 + L2 2 = 140.00` per order, in the order of the answer. */
function served({ body }: Answer, { lots, orders }: { lots: string[]; orders: string[] }): string[] {
  return orders.map((orderId) => {
    const rows = body.results.filter((result: { orderId: string }) => result.orderId === orderId);
    const parts = rows.map(
      (row: { inventoryId: string; quantity: string }) => `L${lots.indexOf(row.inventoryId) + 1} ${row.quantity}`,
    );
    const cents = rows.reduce(
      (sum: number, row: { costAmount: string }) => sum + Math.round(Number(row.costAmount) * 100),
      0,
    );
    return `${parts.join(' + ')} = ${(cents / 100).toFixed(2)}`;
  });
}

const table: [string, object, string, string][] = [
  ['FIFO', {}, 'L1 10 + L2 2 = 140.00', 'L2 8 + L3 2 = 114.00'],
  ['LIFO', {}, 'L3 10 + L2 2 = 190.00', 'L2 8 + L1 2 = 104.00'],
  ['FEFO', {}, 'L2 10 + L3 2 = 134.00', 'L3 8 + L1 2 = 160.00'],
  ['LOWEST_COST', {}, 'L2 10 + L1 2 = 124.00', 'L1 8 + L3 2 = 130.00'],
  ['HIGHEST_COST', {}, 'L3 10 + L1 2 = 194.00', 'L1 8 + L2 2 = 116.00'],
  ['LOCATION_PRIORITY', { locationPriority: ['W1', 'W2'] }, 'L1 10 + L3 2 = 154.00', 'L3 8 + L2 2 = 156.00'],
  ['FEWEST_LOTS', {}, 'L1 10 + L2 2 = 140.00', 'L3 10 = 170.00'],
  ['MOVING_AVERAGE', {}, 'L1 10 + L2 2 = 156.00', 'L2 8 + L3 2 = 130.00'],
  ['TOTAL_AVERAGE', {}, 'L1 10 + L2 2 = 156.00', 'L2 8 + L3 2 = 130.00'],
];

describe('POST /allocate', () => {
  it.each(table)(
    'serves the orders of the table by %s, dry first and then for good',
    async (method, more, first, second) => {
      const world = await stocked(`T-${method}`);
      const body = { orderIds: world.orders, allocationMethod: method, ...more };

      const dry = await api.call('POST', '/allocate', { body: { ...body, dryRun: true } });
      const done = await api.call('POST', '/allocate', { body });

      expect([dry.status, dry.body.status, dry.body.runId]).toEqual([200, 'SIMULATED', null]);
      expect([done.status, done.body.status]).toEqual([201, 'COMMITTED']);
      expect(served(done, world)).toEqual([first, second]);
      expect(served(dry, world)).toEqual([first, second]);
      expect(dry.body.totals).toEqual(done.body.totals);
      expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
    },
  );

  it('takes the lots that the request names, by SPECIFIC', async () => {
    const world = await stocked('T-SPECIFIC');
    const [first, second] = world.orders;
    const picks = [
      { orderId: first, lineNumber: 1, inventoryId: world.lots[2], quantity: 5 },
      { orderId: first, lineNumber: 1, inventoryId: world.lots[0], quantity: 7 },
      { orderId: second, lineNumber: 1, inventoryId: world.lots[1], quantity: 10 },
    ];

    const done = await api.call('POST', '/allocate', {
      body: { orderIds: world.orders, allocationMethod: 'SPECIFIC', picks },
    });

    expect(served(done, world)).toEqual(['L3 5 + L1 7 = 169.00', 'L2 10 = 100.00']);
  });

  it('gives a filled order nothing more, and says why a short line is short', async () => {
    const { orders } = await stocked('T-AGAIN');
    const more = await api.call('POST', '/orders', {
      body: { orderNumber: 'T-AGAIN-O3', lines: [{ sku: 'T-AGAIN', quantity: 10 }] },
    });
    await api.call('POST', '/allocate', { body: { orderIds: orders } });

    const again = await api.call('POST', '/allocate', { body: { orderIds: [...orders, more.body.id] } });

    expect(again.body.results.map(({ orderId }: { orderId: string }) => orderId)).toEqual([more.body.id]);
    expect(again.body.shortages).toEqual([
      {
        orderId: more.body.id,
        lineNumber: 1,
        requested: '10',
        allocated: '8',
        short: '2',
        reasons: [{ code: 'ALLOCATED_TO_OTHERS', quantity: '2' }],
      },
    ]);
  });

  it('explains every candidate lot', async () => {
    const { orders, lots } = await stocked('T-EXPLAIN');

    const { body } = await api.call('POST', '/allocate', { body: { orderIds: [orders[0]], explain: true } });
    const run = await api.call('GET', `/allocation-runs/${body.runId}`);

    expect(body.explanation).toEqual([
      {
        orderId: orders[0],
        lineNumber: 1,
        candidates: [
          { rank: 1, inventoryId: lots[0], available: '10', taken: '10', skipped: null },
          { rank: 2, inventoryId: lots[1], available: '10', taken: '2', skipped: null },
          { rank: 3, inventoryId: lots[2], available: '10', taken: '0', skipped: 'NOT_NEEDED' },
        ],
      },
    ]);
    expect(run.body.explanation).toEqual(body.explanation);
    expect(run.body).toMatchObject({ id: body.runId, status: 'COMMITTED', totals: body.totals, shortages: [] });
  });

  it('refuses a shortage as a whole where it is told to', async () => {
    const { orders } = await stocked('T-FAIL');
    const wish = await api.call('POST', '/orders', {
      body: { orderNumber: 'T-FAIL-O3', lines: [{ sku: 'T-FAIL', quantity: 9 }] },
    });

    const refused = await api.call('POST', '/allocate', {
      body: { orderIds: [...orders, wish.body.id], onShortage: 'FAIL' },
    });

    expect(refused).toMatchObject({ status: 409, body: { code: 'INSUFFICIENT_STOCK' } });
    expect(refused.body.shortages).toMatchObject([{ orderId: wish.body.id, short: '1' }]);
    expect((await api.call('GET', '/availability', { query: { sku: 'T-FAIL' } })).body.allocated).toBe('0');
  });

  it.each([
    ['an unknown order', { orderIds: ['01a215b2-7209-7002-818a-074c013b453b'] }, 'UNKNOWN_ORDER', '/orderIds/0'],
    ['an unknown number', { orderNumbers: ['nobody'] }, 'UNKNOWN_ORDER', '/orderNumbers/0'],
    ['two choices', { orderNumbers: ['a'], filter: {} }, 'VALIDATION_FAILED', '/filter'],
    [
      'a contradiction',
      { filter: {}, allocationMethod: 'FIFO', cost: 'MOVING_AVERAGE' },
      'INVALID_COMBINATION',
      '/cost',
    ],
    ['a run in the future', { filter: {}, asOf: '2996-01-01T00:00:00Z' }, 'VALIDATION_FAILED', '/asOf'],
  ])('refuses %s', async (_, body, code, pointer) => {
    const refused = await api.call('POST', '/allocate', { body });

    expect(refused).toMatchObject({ status: 422, body: { code } });
    expect(refused.body.errors[0].pointer).toBe(pointer);
  });

  it('refuses a pick for a line that does not exist, and takes one for a line that is filled', async () => {
    const { orders, lots } = await stocked('T-LINES');
    const picks = (lineNumber: number) => [{ orderId: orders[0], lineNumber, inventoryId: lots[0], quantity: 1 }];
    const body = { orderIds: orders, allocationMethod: 'SPECIFIC' };
    await api.call('POST', '/allocate', { body: { orderIds: orders } });

    const unknown = await api.call('POST', '/allocate', { body: { ...body, picks: picks(7) } });
    const filled = await api.call('POST', '/allocate', { body: { ...body, picks: picks(1) } });

    expect(unknown).toMatchObject({ status: 422, body: { errors: [{ pointer: '/picks/0/lineNumber' }] } });
    expect(filled).toMatchObject({ status: 201, body: { results: [], shortages: [] } });
  });

  it('gives nothing where a filter and its picks are sent again, and refuses picks that the filter does not mean', async () => {
    const { orders, lots } = await stocked('T-SETTLED');
    const other = await stocked('T-ELSEWHERE');
    const pick = { lineNumber: 1, inventoryId: lots[0], quantity: 1 };
    const named = { filter: { sku: 'T-SETTLED' }, picks: [{ orderId: orders[0], ...pick }] };
    const body = { ...named, allocationMethod: 'SPECIFIC' };
    await api.call('POST', '/allocate', { body: { orderIds: orders } });

    const again = await api.call('POST', '/allocate', { body });
    const compared = await api.call('POST', '/allocate/compare', { body: { ...named, methods: ['SPECIFIC'] } });
    const elsewhere = await api.call('POST', '/allocate', {
      body: { ...body, picks: [...body.picks, { orderId: other.orders[0], ...pick }] },
    });

    expect(again).toMatchObject({ status: 201, body: { results: [] } });
    expect(compared.status).toBe(200);
    expect(elsewhere).toMatchObject({ status: 422, body: { errors: [{ pointer: '/picks/1' }] } });
  });

  it('says at which pick it names more than the line, or another SKU', async () => {
    const { orders, lots } = await stocked('T-PICKS');
    const other = await stocked('T-OTHER');
    const picked = (inventoryId: string | undefined, quantity: number) =>
      api.call('POST', '/allocate', {
        body: {
          orderIds: orders,
          allocationMethod: 'SPECIFIC',
          picks: [{ orderId: orders[0], lineNumber: 1, inventoryId, quantity }],
        },
      });

    expect((await picked(lots[0], 13)).body).toMatchObject({
      code: 'PICKS_EXCEED_LINE',
      errors: [{ pointer: '/picks/0' }],
    });
    expect((await picked(other.lots[0], 1)).body).toMatchObject({
      code: 'PICK_SKU_MISMATCH',
      errors: [{ pointer: '/picks/0' }],
    });
  });

  it('lets a planner simulate and not commit', async () => {
    const planner = { scopes: ['allocate:simulate'] };

    const simulated = await api.call('POST', '/allocate', { body: { filter: {}, dryRun: true }, ...planner });
    const refused = await api.call('POST', '/allocate', { body: { filter: {} }, ...planner });

    expect(simulated.status).toBe(200);
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN_SCOPE' } });
  });
});

describe('POST /allocate/compare', () => {
  it('sets the methods side by side and changes nothing', async () => {
    const { orders } = await stocked('T-COMPARE');
    const methods = table.map(([method]) => method);

    const compared = await api.call('POST', '/allocate/compare', {
      body: { orderIds: orders, methods, locationPriority: ['W1', 'W2'] },
    });

    const costs = compared.body.comparison.map(
      (each: { allocationMethod: string; totals: { costAmount: string } }) =>
        `${each.allocationMethod} ${each.totals.costAmount}`,
    );
    expect(costs).toEqual([
      'FIFO 254.00',
      'LIFO 294.00',
      'FEFO 294.00',
      'LOWEST_COST 254.00',
      'HIGHEST_COST 310.00',
      'LOCATION_PRIORITY 310.00',
      'FEWEST_LOTS 310.00',
      'MOVING_AVERAGE 286.00',
      'TOTAL_AVERAGE 286.00',
    ]);
    expect((await api.call('GET', '/availability', { query: { sku: 'T-COMPARE' } })).body.allocated).toBe('0');
  });
});

describe('the calls of the Data API', () => {
  it.each([
    ['allocate', 2, { dryRun: false }],
    ['a dry run', 1, { dryRun: true }],
  ])('%s takes %d', async (name, calls, more) => {
    const { orders } = await stocked(`C-${name}`);

    const before = statements();
    await api.call('POST', '/allocate', { body: { orderIds: orders, ...more } });

    expect(statements() - before).toBe(calls);
  });

  it('a comparison of all methods takes 1', async () => {
    const { orders } = await stocked('C-COMPARE');
    const methods = table.map(([method]) => method);

    const before = statements();
    await api.call('POST', '/allocate/compare', { body: { orderIds: orders, methods, locationPriority: ['W1'] } });

    expect(statements() - before).toBe(1);
  });

  it('a replay takes 1, a ship and a release 2', async () => {
    const { orders } = await stocked('C-REPLAY');
    const sent = { body: { orderIds: orders }, headers: { 'Idempotency-Key': 'C-REPLAY' } };
    const { body } = await api.call('POST', '/allocate', sent);

    const counts: number[] = [];
    for (const call of [
      () => api.call('POST', '/allocate', sent),
      () => api.call('POST', `/allocation-results/${body.results[0].id}/ship`),
      () => api.call('POST', `/allocation-results/${body.results[1].id}/release`),
    ]) {
      const before = statements();
      await call();
      counts.push(statements() - before);
    }

    expect(counts).toEqual([1, 2, 2]);
  });
});

const statements = () => api.emulator.stats.calls;
