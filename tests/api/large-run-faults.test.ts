import { type Queryable, unfinishedRuns } from '@inventory/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workOff } from '../../functions/allocation-worker/work.ts';
import { deliverRunsTo, processContext } from '../../functions/http/process-context.ts';
import { type Answer, openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** 1,200 lines over 6 SKUs with 150 units each: 900 are served and 300 short, for 333.00. */
async function day(name: string) {
  const skus = Array.from({ length: 6 }, (_, index) => `${name}-${index}`);
  const lots = await api.call('POST', '/inventories', {
    body: skus.map((sku) => ({ sku, location: 'W1', quantity: 150, unitCost: '0.37' })),
  });
  const orders = await api.call('POST', '/orders', {
    body: Array.from({ length: 300 }, (_, index) => ({
      orderNumber: `${name}-${index}`,
      customerId: name,
      lines: [0, 1, 2, 3].map((line) => ({ sku: skus[(index + line) % 6], quantity: 1 })),
    })),
  });
  return { orders: orders.body, lots: lots.body };
}

async function asked(body: object): Promise<string> {
  // The queue delivers, the worker is the test's.
  deliverRunsTo(async () => {});
  const run = await api.call('POST', '/allocate', { body });
  expect(run.status).toBe(202);
  return run.body.id;
}

async function accepted(name: string): Promise<string> {
  const { orders } = await day(name);
  return asked({ orderIds: orders.map(({ id }: { id: string }) => id) });
}

/** The worker dies when it is about to write the slice of that number, counted from one. */
async function dyingAtSlice(runId: string, number: number, rowsPerSlice = 300) {
  const dying = worker();
  let applied = 0;
  const mortal = <Connection extends Queryable>(connection: Connection): Connection => ({
    ...connection,
    query: async (statement) => {
      if (statement.text.includes('new_slice') && ++applied === number) throw new Error('the worker died');
      return connection.query(statement);
    },
  });
  const database = {
    ...mortal(dying.database),
    transaction: <Result>(work: (transaction: Queryable) => Promise<Result>) =>
      dying.database.transaction((transaction) => work(mortal(transaction))),
  };
  await expect(workOff(runId, { ...dying, database, rowsPerSlice })).rejects.toThrow('the worker died');
}

const worker = () => {
  const { database, settings, newId } = processContext();
  return { database, settings, newId, now: Date.now };
};

async function expectCommitted(runId: string) {
  const { body } = await api.call('GET', `/allocation-runs/${runId}`);
  expect(body).toMatchObject({
    status: 'COMMITTED',
    totals: { requested: '1200', allocated: '900', short: '300', costAmount: '333.00' },
  });
  expect(body.shortages).toHaveLength(300);
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
}

it('goes on where a worker died, and is finished once', async () => {
  const runId = await accepted('DIED');
  await dyingAtSlice(runId, 3);
  const half = await api.call('GET', `/allocation-runs/${runId}`);

  expect(await unfinishedRuns(worker().database)).toContain(runId);
  await workOff(runId, worker());
  await workOff(runId, worker());

  expect(half.body).toMatchObject({ status: 'RUNNING', slicesApplied: 2 });
  expect(half.body.slicesTotal).toBeGreaterThan(2);
  await expectCommitted(runId);
});

it('goes on with the orders that it has filled in part, where their status was what chose them', async () => {
  await day('STATUS');
  const runId = await asked({ filter: { customerId: 'STATUS', status: 'OPEN' } });

  await dyingAtSlice(runId, 3);
  await workOff(runId, worker());

  await expectCommitted(runId);
});

it('goes on with named lots, where a filter no longer chooses the orders that it has filled', async () => {
  const { orders, lots } = await day('NAMED');
  const picks = orders.flatMap(({ id, lines }: { id: string; lines: { lineNumber: number; sku: string }[] }) =>
    lines.map(({ lineNumber, sku }) => ({
      orderId: id,
      lineNumber,
      inventoryId: lots.find((lot: { sku: string }) => lot.sku === sku).id,
      quantity: 1,
    })),
  );
  const runId = await asked({ filter: { customerId: 'NAMED' }, allocationMethod: 'SPECIFIC', picks });

  await dyingAtSlice(runId, 6);
  await workOff(runId, worker());

  await expectCommitted(runId);
});

it('shares out once, however its slices are cut and whenever its worker dies', async () => {
  const sku = 'SHARED';
  await api.call('POST', '/inventories', { body: { sku, location: 'W1', quantity: 1_500, unitCost: 1 } });
  const lines = Array.from({ length: 1_200 }, () => ({ sku, quantity: 2 }));
  const order = await api.call('POST', '/orders', { body: { orderNumber: sku, lines } });
  const runId = await asked({ orderIds: [order.body.id], sequence: 'PRO_RATA', quantityStep: '0.25' });

  await dyingAtSlice(runId, 3);
  await workOff(runId, worker());

  const { body } = await api.call('GET', `/orders/${order.body.id}`);
  const given = new Set(body.lines.map((line: { allocatedQuantity: string }) => line.allocatedQuantity));
  expect(given).toEqual(new Set(['1.25']));
});

it('finds a slice again whose answer was lost', async () => {
  const runId = await accepted('LOST');

  api.emulator.fail('LOST_ANSWER', { when: ({ sql }) => sql.includes('new_slice') });
  await workOff(runId, { ...worker(), rowsPerSlice: 300 });

  await expectCommitted(runId);
});

it('is worked off once by two workers at the same time', async () => {
  const runId = await accepted('TWO');

  await Promise.all([
    workOff(runId, { ...worker(), rowsPerSlice: 200 }),
    workOff(runId, { ...worker(), rowsPerSlice: 500 }),
  ]);

  await expectCommitted(runId);
});

it('plans again what is received in between', async () => {
  const runId = await accepted('MOVED');
  const slow = worker();
  let moved = false;
  const query: typeof slow.database.query = async (statement) => {
    if (statement.text.includes('new_slice') && !moved) {
      moved = true;
      const body = Array.from({ length: 6 }, (_, sku) => ({
        sku: `MOVED-${sku}`,
        location: 'W2',
        quantity: 50,
        unitCost: 1,
        receivedAt: '2026-01-01T00:00:00Z',
      }));
      await api.call('POST', '/inventories', { body });
    }
    return slow.database.query(statement);
  };

  await workOff(runId, { ...slow, database: { ...slow.database, query } });

  const { body } = await api.call('GET', `/allocation-runs/${runId}`);
  expect(body).toMatchObject({ status: 'COMMITTED', totals: { allocated: '1200', short: '0' }, shortages: [] });
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
});

it.each([
  { sequence: 'PRIORITY', fulfilment: 'PARTIAL' },
  { sequence: 'SHIP_DATE', fulfilment: 'LINE_COMPLETE', allocationMethod: 'LIFO' },
  { sequence: 'ORDER_DATE', fulfilment: 'PARTIAL', allocationMethod: 'MOVING_AVERAGE' },
  { sequence: 'PRO_RATA', fulfilment: 'PARTIAL', allocationMethod: 'TOTAL_AVERAGE', pick: 'FEWEST_LOTS' },
])('decides by groups of SKUs what a dry run decides as a whole: $sequence, $fulfilment', async (choices) => {
  const { sequence } = choices;
  const skus = Array.from({ length: 30 }, (_, index) => `${sequence}-${index % 2 ? 'é' : 'z'}${index}`);
  await api.call('POST', '/inventories', {
    body: skus.flatMap((sku, index) =>
      [1, 2, 3].map((lot) => ({ sku, location: `W${lot}`, quantity: 7 + index, unitCost: `${lot}.37` })),
    ),
  });
  await api.call('POST', '/orders', {
    body: Array.from({ length: 300 }, (_, index) => ({
      orderNumber: `${sequence}-${(index * 7) % 300}`,
      customerId: sequence,
      priority: 1 + (index % 9),
      requestedShipDate: index % 3 ? `2027-01-0${1 + (index % 5)}` : null,
      lines: [0, 1, 2, 3].map((line) => ({ sku: skus[(index * 5 + line * 7) % 30], quantity: 1 + (index % 3) })),
    })),
  });
  const body = { filter: { customerId: sequence }, ...choices };
  const { body: simulated } = await api.call('POST', '/allocate', { body: { ...body, dryRun: true } });

  const runId = await asked(body);
  await workOff(runId, { ...worker(), rowsPerSlice: 150 });

  const { body: run } = await api.call('GET', `/allocation-runs/${runId}`);
  expect(run.slicesTotal).toBeGreaterThan(9);
  expect(run).toMatchObject({ status: 'COMMITTED', totals: simulated.totals, shortages: simulated.shortages });
  expect(bySku(await resultsOf(runId))).toEqual(bySku(simulated.results));
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
});

it('reads each group once, though the orders that it reads are moved by the groups before', async () => {
  const runId = await accepted('ONCE');
  const reading = worker();
  let [reads, slices] = [0, 0];
  const query: typeof reading.database.query = async (statement) => {
    if (statement.text.includes('listed')) reads++;
    if (statement.text.includes('new_slice')) slices++;
    return reading.database.query(statement);
  };

  await workOff(runId, { ...reading, database: { ...reading.database, query }, rowsPerSlice: 420 });

  expect([reads, slices]).toEqual([6, 6]);
  await expectCommitted(runId);
});

it('leaves the orders that come while it goes on to the next run', async () => {
  await day('LATE');
  const runId = await asked({ filter: { customerId: 'LATE' } });
  const slow = worker();
  const lines = Array.from({ length: 6 }, (_, sku) => ({ sku: `LATE-${sku}`, quantity: 1 }));
  let order: Answer | undefined;
  const query: typeof slow.database.query = async (statement) => {
    if (statement.text.includes('new_slice')) {
      order ??= await api.call('POST', '/orders', {
        body: { orderNumber: 'LATE', customerId: 'LATE', priority: 1, lines },
      });
    }
    return slow.database.query(statement);
  };

  await workOff(runId, { ...slow, database: { ...slow.database, query }, rowsPerSlice: 300 });

  await expectCommitted(runId);
  expect((await api.call('GET', `/orders/${order?.body.id}`)).body.status).toBe('OPEN');
});

it('locks what moves again and again, and nothing else', async () => {
  const { orders } = await day('HOT');
  const runId = await asked({ orderIds: orders.map(({ id }: { id: string }) => id) });
  const slow = worker();
  let attempts = 0;
  const query: typeof slow.database.query = async (statement) => {
    const isHot = statement.text.includes('new_slice') && String(statement.values).includes('HOT-3');
    if (isHot) {
      attempts++;
      await api.call('POST', '/inventories', {
        body: { sku: 'HOT-3', location: 'W9', quantity: 1, unitCost: '0.37', status: 'ON_HOLD' },
      });
    }
    return slow.database.query(statement);
  };
  const locked: string[][] = [];
  const transaction: typeof slow.database.transaction = (work) =>
    slow.database.transaction((connection) =>
      work({
        query: (statement) => {
          if (statement.text.includes('locked_position') && !statement.text.includes('new_slice')) {
            locked.push(statement.values.at(-1) as string[]);
          }
          return connection.query(statement);
        },
      }),
    );

  await workOff(runId, { ...slow, database: { ...slow.database, query, transaction }, rowsPerSlice: 300 });

  expect(attempts).toBe(2);
  expect(locked).toEqual([['HOT-3']]);
  await expectCommitted(runId);
});

/** Oldest first, which is the order of allocation. */
async function resultsOf(runId: string): Promise<Result[]> {
  const found: Result[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { runId, limit: 200, ...(cursor && { cursor }) };
    const { body } = await api.call('GET', '/allocation-results', { query });
    found.push(...body.items);
    cursor = body.nextCursor;
  }
  return found.reverse();
}

type Result = Readonly<Record<'orderId' | 'lineNumber' | 'inventoryId' | 'sku' | 'quantity' | 'costAmount', unknown>>;

/** The results of each SKU in the order of allocation: within a SKU it is the same however SKUs are grouped. */
const bySku = (results: readonly Result[]) =>
  Object.fromEntries(
    [...Map.groupBy(results, ({ sku }) => String(sku))].map(([sku, rows]) => [
      sku,
      rows.map(({ orderId, lineNumber, inventoryId, quantity, costAmount }) =>
        [orderId, lineNumber, inventoryId, quantity, costAmount].join(' '),
      ),
    ]),
  );
