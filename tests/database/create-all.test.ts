import {
  connect,
  createOrders,
  type Database,
  findAnswer,
  findOrder,
  type KeyedAnswer,
  receiveLots,
} from '@inventory/database';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, anOrder, millionths, NOW } from '../factories.ts';

const common = { actor: 'test', at: NOW, timeZone: 'UTC' };

describe.each(['postgres', 'data-api'] as const)('creation over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const count = async (table: string) =>
    Number((await opened.administrator.query({ text: `SELECT count(*) AS n FROM ${table}`, values: [] }))[0]?.n);

  const lotsOf = (length: number, text: string) =>
    Array.from({ length }, (_, index) =>
      aLot({
        sku: `${text}${index % 100}`,
        location: text,
        lotNumber: text,
        receiptNumber: `${text.slice(0, 86)}${index}`,
      }),
    );

  it('receives lots that are larger than a request, all or none', async () => {
    const lots = lotsOf(4_000, '"'.repeat(95));
    const [before, entries] = [await count('inventories'), await count('movements')];

    const taken = lots.slice(3_000, 3_002);
    await receiveLots(database, { ...common, lots: taken, keyed: null });
    const refused = await receiveLots(database, { ...common, lots, keyed: null });
    expect(refused).toEqual({
      kind: 'DUPLICATE',
      numbers: expect.arrayContaining(taken.map((lot) => lot.receiptNumber)),
    });
    expect([await count('inventories'), await count('movements')]).toEqual([before + 2, entries + 2]);

    const fresh = lotsOf(4_000, `é${'"'.repeat(94)}`);
    expect(await receiveLots(database, { ...common, lots: fresh, keyed: null })).toEqual({ kind: 'CREATED' });
    expect([await count('inventories'), await count('movements')]).toEqual([before + 4_002, entries + 4_002]);
  });

  it('refuses lots that would make the stock of a SKU worth more than can be counted, and writes nothing', async () => {
    const before = await count('inventories');
    const receiving = (...skus: string[]) =>
      receiveLots(database, {
        ...{ ...common, keyed: null },
        lots: skus.map((sku) => aLot({ sku, openValue: 2n ** 62n })),
      });
    const refusal = { name: 'DomainError', code: 'VALIDATION_FAILED' };

    await receiving('GOLD');

    await expect(receiving('GOLD')).rejects.toMatchObject(refusal);
    await expect(receiving('SILVER', 'SILVER')).rejects.toMatchObject(refusal);
    expect(await count('inventories')).toBe(before + 1);
  });

  it('creates orders that are larger than a request, with an answer that is larger too, and replays it', async () => {
    const picks = () => Array.from({ length: 1_000 }, () => ({ inventoryId: uuid(), quantity: millionths(1) }));
    const orders = Array.from({ length: 10 }, () =>
      anOrder({ lines: Array.from({ length: 10 }, () => ({ sku: '"'.repeat(100), picks: picks() })) }),
    );
    const body = Array.from({ length: 120_000 }, () => uuid()).join();
    const keyed: KeyedAnswer = {
      ...{ key: uuid(), requestHash: 'hash', at: NOW },
      answer: { status: 201, headers: { ETag: '"1"' }, body },
    };

    expect(await createOrders(database, { ...common, orders, keyed })).toEqual({ kind: 'CREATED' });
    const replayed = { requestHash: 'hash', answer: keyed.answer };
    expect(await createOrders(database, { ...common, orders, keyed })).toEqual({ kind: 'REPLAY', ...replayed });
    expect(await findAnswer(database, keyed.key, NOW)).toEqual(replayed);
    expect(await findOrder(database, orders[9]!.id)).toEqual(orders[9]);
  });

  it('tells numbers that are given twice, beside those that exist', async () => {
    const [exists, twice] = [`SO-${uuid()}`, `SO-${uuid()}`];
    await createOrders(database, { ...common, orders: [anOrder({ orderNumber: exists })], keyed: null });

    const orders = [exists, twice, `SO-${uuid()}`, twice].map((orderNumber) => anOrder({ orderNumber }));

    const creation = await createOrders(database, { ...common, orders, keyed: null });
    expect(creation).toEqual({ kind: 'DUPLICATE', numbers: expect.arrayContaining([exists, twice]) });
    expect(await findOrder(database, orders[2]!.id)).toBeNull();
  });

  it('tells a number that another request writes at the same moment as a duplicate', async () => {
    const order = anOrder();
    const other = connect({ kind: 'postgres', url: opened.url });
    const [commit, committed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = other.transaction(async (transaction) => {
      await transaction.query({
        text: `INSERT INTO orders (id, order_number, priority, ordered_at, quantity, created_at, created_by)
          VALUES (CAST($1 AS uuid), CAST($2 AS text), 5, now(), 1, now(), 'other')`,
        values: [uuid(), order.orderNumber],
      });
      committed.resolve();
      await commit.promise;
    });
    await committed.promise;

    const creating = createOrders(database, { ...common, orders: [anOrder(), order], keyed: null });
    await isWaitingForALock(opened.administrator);
    commit.resolve();

    expect(await creating).toEqual({ kind: 'DUPLICATE', numbers: [order.orderNumber] });
    await writing;
    await other.close();
  });

  it('survives requests that write the same numbers in opposite orders', async () => {
    const numbers = Array.from({ length: 400 }, () => `SO-${uuid()}`);
    const request = (ordered: readonly string[]) =>
      createOrders(database, {
        ...{ ...common, keyed: null },
        orders: ordered.map((orderNumber) => anOrder({ orderNumber })),
      });

    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => request(index % 2 ? numbers : numbers.toReversed())),
    );

    expect(outcomes.filter(({ kind }) => kind === 'CREATED')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'DUPLICATE')).toHaveLength(7);
  });

  it('lets one reservation serve one line', async () => {
    const reservationId = uuid();
    await createOrders(database, { ...common, orders: [anOrder({ lines: [{ reservationId }] })], keyed: null });

    const again = createOrders(database, { ...common, orders: [anOrder({ lines: [{ reservationId }] })], keyed: null });

    await expect(again).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

async function isWaitingForALock(administrator: Database): Promise<void> {
  for (;;) {
    const [row] = await administrator.query({
      text: `SELECT count(*) AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      values: [],
    });
    if (row?.waiting !== '0') return;
  }
}
