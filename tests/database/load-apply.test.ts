import {
  apply,
  createOrders,
  type Database,
  type KeyedAnswer,
  load,
  type Reach,
  receiveLots,
  type Write,
} from '@inventory/database';
import { noChange } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, anOrder, millionths, NOW } from '../factories.ts';
import { aDecision } from './an-allocation.ts';

describe.each(['postgres', 'data-api'] as const)('load and apply over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  test('a load reads the orders, their open lines and the stock that these can reach', async () => {
    const sku = 'REACH';
    const order = await orderOne(database, [{ sku, quantity: 12 }]);
    const [first, second, third] = await lots(database, [
      { sku, receivedAt: '2026-01-01T00:00:00.000Z', quantity: 10 },
      { sku, receivedAt: '2026-01-05T00:00:00.000Z', quantity: 10 },
      { sku, receivedAt: '2026-01-10T00:00:00.000Z', quantity: 10 },
    ]);

    const loaded = await load(database, { choice: { orderIds: [order.id] }, reach: fifo, idempotencyKey: null });

    expect(loaded.answer).toBeNull();
    expect(loaded.closedThrough).toBeNull();
    expect(loaded.orders).toEqual([
      {
        id: order.id,
        orderNumber: order.orderNumber,
        priority: 5,
        orderedAt: NOW,
        requestedShipDate: null,
        revision: 1,
        lines: [
          {
            id: order.lines[0]!.id,
            lineNumber: 1,
            sku,
            quantity: 12_000_000n,
            openQuantity: 12_000_000n,
            minShelfLifeDays: null,
            picks: null,
            reservationId: null,
            holdings: [],
          },
        ],
      },
    ]);
    expect(loaded.stock.positions).toEqual([{ sku, version: 1, poolQuantity: 30_000_000n, poolValue: 36000n }]);
    expect(loaded.stock.lots.map(({ id }) => id)).toEqual([first!.id, second!.id]);
    expect(loaded.stock.rest).toEqual([
      {
        sku,
        location: third!.location,
        status: 'AVAILABLE',
        expiresOn: null,
        openQuantity: 10_000_000n,
        allocatedQuantity: 0n,
      },
    ]);
  });

  test('a load for an explanation reads lots that are not received yet, and those that nothing is left of', async () => {
    const sku = 'EVERY';
    const order = await orderOne(database, [{ sku, quantity: 1 }]);
    const received = await lots(database, [
      { sku, receivedAt: '2026-01-01T00:00:00.000Z', quantity: 1 },
      { sku, receivedAt: '2026-01-05T00:00:00.000Z', quantity: 1 },
    ]);
    await opened.administrator.query({
      text: `UPDATE inventories SET remaining_quantity = 0, open_value = 0 WHERE id = CAST($1 AS uuid)`,
      values: [received[0]!.id],
    });
    const reach = { ...fifo, asOf: '2026-01-02T00:00:00.000Z', ranking: null, every: true };

    const loaded = await load(database, {
      choice: { orderIds: [order.id] },
      reach,
      idempotencyKey: null,
      linesAtMost: 10,
    });

    expect(loaded.stock.lots.map(({ id }) => id).toSorted()).toEqual(received.map(({ id }) => id).toSorted());
  });

  test('a change is written whole: counters, results, ledger, run, key', async () => {
    const { order, lot, write: unkeyed } = await aDecision(database, 'WHOLE');
    const write = { ...unkeyed, keyed: aKey() };

    const outcome = await apply(database, write);

    expect(outcome).toEqual({ kind: 'APPLIED' });
    const after = await load(database, {
      choice: { orderIds: [order.id] },
      reach: { ...fifo, ranking: null },
      idempotencyKey: write.keyed.key,
    });
    expect(after.answer).toEqual({ requestHash: 'hash', answer: write.keyed.answer });
    const [stored] = await opened.administrator.query({
      text: `SELECT o.status, o.revision, l.allocated_quantity AS line, i.allocated_quantity AS lot, i.open_value, p.version, p.pool_quantity, p.pool_value,
        (SELECT string_agg(kind || ' ' || quantity_delta || ' ' || value_delta, ', ' ORDER BY entry_number) FROM movements m WHERE m.sku = l.sku) AS ledger,
        (SELECT status || ' ' || cost_amount FROM allocation_runs WHERE id = CAST($3 AS uuid)) AS run,
        (SELECT reasons FROM shortages WHERE run_id = CAST($3 AS uuid)) AS shortage
        FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN inventories i ON i.id = CAST($2 AS uuid) JOIN positions p ON p.sku = l.sku WHERE o.id = CAST($1 AS uuid)`,
      values: [order.id, lot.id, write.run!.kind === 'WHOLE' ? write.run!.run.id : ''],
    });
    expect(stored).toEqual({
      status: 'PARTIALLY_ALLOCATED',
      revision: '2',
      line: '10.000000',
      lot: '10.000000',
      open_value: '0',
      version: '2',
      pool_quantity: '0.000000',
      pool_value: '0',
      ledger: 'RECEIPT 10.000000 12000, ALLOCATE -10.000000 -12000',
      run: 'COMMITTED 12000',
      shortage: 'NO_STOCK 2',
    });
  });

  test('a change that relied on a version that has moved writes nothing and says which', async () => {
    const write = { ...(await aDecision(database, 'STALE')).write, keyed: aKey() };
    await lots(database, [{ sku: 'STALE', receivedAt: NOW, quantity: 1 }]);

    const outcome = await apply(database, write);

    expect(outcome).toEqual({ kind: 'MOVED', orders: [], skus: ['STALE'] });
    expect(await count(opened, 'allocation_results', write)).toBe('0');
    expect(await count(opened, 'idempotency_keys', write)).toBe('0');
  });

  test('a change that relied on a revision of an order that has moved writes nothing and says which', async () => {
    const { order, write: unkeyed } = await aDecision(database, 'STALE ORDER');
    const write = { ...unkeyed, keyed: aKey() };
    await opened.administrator.query({
      text: 'UPDATE orders SET revision = revision + 1 WHERE id = CAST($1 AS uuid)',
      values: [order.id],
    });

    const outcome = await apply(database, write);

    expect(outcome).toEqual({ kind: 'MOVED', orders: [order.id], skus: [] });
    expect(await count(opened, 'allocation_results', write)).toBe('0');
  });

  test('a change that relied on what is not there writes nothing and says what', async () => {
    const write = { ...(await aDecision(database, 'GONE')).write, keyed: aKey() };
    const [order] = write.change.orders;
    const [position] = write.change.positions;
    const gone = uuid();

    const outcome = await apply(database, {
      ...write,
      change: {
        ...write.change,
        orders: [order!, { ...order!, id: gone }],
        positions: [position!, { ...position!, sku: 'NEVER THERE' }],
      },
    });

    expect(outcome).toEqual({ kind: 'MOVED', orders: [gone], skus: ['NEVER THERE'] });
    expect(await count(opened, 'allocation_results', write)).toBe('0');
  });

  test('the second of two equal requests writes nothing', async () => {
    const write = { ...(await aDecision(database, 'TWICE')).write, keyed: aKey() };

    const outcomes = [await apply(database, write), await apply(database, { ...write, change: noChange, run: null })];

    expect(outcomes).toEqual([{ kind: 'APPLIED' }, { kind: 'REPEATED' }]);
  });

  test('a load that does not fit into one answer of the service is read in pages', async () => {
    const skus = Array.from({ length: 3000 }, (_, i) => `PAGE-${String(i).padStart(5, '0')}-${'x'.repeat(60)}`);
    await lots(
      database,
      skus.flatMap((sku) => [1, 2].map((day) => ({ sku, receivedAt: `2026-01-0${day}T00:00:00.000Z`, quantity: 5 }))),
    );
    const orders = await orderMany(
      database,
      skus.map((sku) => [{ sku, quantity: 7 }]),
    );

    const loaded = await load(database, {
      choice: { orderIds: orders.map(({ id }) => id) },
      reach: fifo,
      idempotencyKey: null,
    });

    expect(loaded.orders.map(({ id }) => id)).toEqual(orders.map(({ id }) => id));
    expect(loaded.orders.every(({ lines }) => lines.length === 1)).toBe(true);
    expect(loaded.stock.positions.map(({ sku }) => sku).sort()).toEqual(skus);
    expect(loaded.stock.lots).toHaveLength(6000);
    expect(loaded.stock.rest).toEqual([]);
  });

  test('an order that does not fit into one answer of the service is read in pages', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => ({ sku: `WIDE-${i}-${'値'.repeat(85)}`, quantity: 1 }));
    const order = await orderOne(database, lines);

    const loaded = await load(database, {
      choice: { orderIds: [order.id] },
      reach: fifo,
      idempotencyKey: null,
      linesAtMost: 5000,
    });

    expect(loaded.orders[0]!.lines.map(({ sku }) => sku)).toEqual(lines.map(({ sku }) => sku));
    expect(loaded.stock.positions).toHaveLength(2000);
  });

  test('the stock of one SKU that does not fit into one answer is read in pages', async () => {
    const sku = `GIANT-${'x'.repeat(80)}`;
    await lots(
      database,
      Array.from({ length: 6000 }, () => ({ sku, receivedAt: NOW, quantity: 1 })),
    );
    const order = await orderOne(database, [{ sku, quantity: 6000 }]);

    const loaded = await load(database, {
      choice: { orderIds: [order.id] },
      reach: { ...fifo, ranking: null },
      idempotencyKey: null,
    });

    expect(new Set(loaded.stock.lots.map(({ id }) => id)).size).toBe(6000);
    expect(loaded.stock.positions).toHaveLength(1);
  });
});

const fifo: Reach = {
  asOf: NOW,
  today: '2026-02-01',
  now: NOW,
  ranking: [
    { key: 'receivedAt', direction: 'asc' },
    { key: 'lotSequence', direction: 'asc' },
  ],
  locations: null,
  locationPriority: [],
  named: [],
  every: false,
};

async function lots(database: Database, wanted: readonly { sku: string; receivedAt: string; quantity: number }[]) {
  const made = wanted.map(({ quantity, ...given }) => aLot({ ...given, quantity: millionths(quantity) }));
  const creation = await receiveLots(database, { lots: made, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
  expect(creation.kind).toBe('CREATED');
  return made;
}

async function orderMany(database: Database, wanted: readonly (readonly { sku: string; quantity: number }[])[]) {
  const orders = wanted.map((lines) =>
    anOrder({ lines: lines.map(({ sku, quantity }) => ({ sku, quantity: millionths(quantity) })) }),
  );
  const creation = await createOrders(database, { orders, actor: 'test', at: NOW, keyed: null });
  expect(creation.kind).toBe('CREATED');
  return orders;
}

const orderOne = async (database: Database, lines: readonly { sku: string; quantity: number }[]) =>
  (await orderMany(database, [lines]))[0]!;

const aKey = () => ({
  key: uuid(),
  requestHash: 'hash',
  at: NOW,
  answer: { status: 201, headers: {}, body: '{"a":1}' },
});

async function count(opened: TestDatabase, table: string, write: Write & { keyed: KeyedAnswer }) {
  const where =
    table === 'idempotency_keys' ? `key = '${write.keyed.key}'` : `order_id = '${write.change.orders[0]!.id}'`;
  const [row] = await opened.administrator.query({
    text: `SELECT count(*) AS n FROM ${table} WHERE ${where}`,
    values: [],
  });
  return row!.n;
}
