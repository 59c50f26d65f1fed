import { connect, type Database, listMovements, type Queryable, readFeed, receiveLots } from '@inventory/database';
import type { Inventory, Movement } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, millionths, NOW } from '../factories.ts';
import { anAllocation } from './an-allocation.ts';
import { everyPage } from './pages.ts';

const FROM_THE_START = { limit: 200, after: null };

describe.each(['postgres', 'data-api'] as const)('movements over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const receive = (lots: readonly Inventory[], target: Database = database) =>
    receiveLots(target, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });

  it('shows what an allocation wrote', async () => {
    const { lot, result } = await anAllocation(database, 'WRITTEN');
    const { items } = await listMovements(database, { sku: 'WRITTEN' }, FROM_THE_START);
    const always = { sku: 'WRITTEN', inventoryId: lot.id, actor: 'test', at: NOW, effectiveAt: NOW };

    expect(items).toMatchObject([
      { ...always, kind: 'ALLOCATE', quantityDelta: millionths(-10), valueDelta: -12000n, reference: result.id },
      { ...always, kind: 'RECEIPT', quantityDelta: millionths(10), valueDelta: 12000n, reference: null },
    ]);
    expect(await listMovements(database, { kind: 'ALLOCATE', inventoryId: lot.id }, FROM_THE_START)).toEqual({
      items: items.slice(0, 1),
      next: null,
    });
    expect((await listMovements(database, { sku: 'OTHER' }, FROM_THE_START)).items).toEqual([]);
  });

  it('lists newest first, page by page, while entries are added', async () => {
    const sku = `SKU-${uuid()}`;
    const lots = Array.from({ length: 13 }, () => aLot({ sku }));
    await receive(lots);
    const seen = await everyPage(
      (page) => listMovements(database, { sku }, page),
      () => receive([aLot({ sku })]),
    );

    expect(seen.map(({ inventoryId }) => inventoryId)).toEqual(lots.map(({ id }) => id).toReversed());
  });

  it('feeds oldest first, says where to go on, and goes on there', async () => {
    const sku = `SKU-${uuid()}`;
    const lots = Array.from({ length: 5 }, () => aLot({ sku }));
    for (const lot of lots) await receive([lot]);
    const first = await feed(database, { sku, limit: 2, after: null, until: 5 });
    expect(first.seen.map(({ inventoryId }) => inventoryId)).toEqual(lots.map(({ id }) => id));

    const later = aLot({ sku });
    await receive([later]);

    const second = await feed(database, { sku, limit: 2, after: first.after, until: 1 });
    expect(second.seen.map(({ inventoryId }) => inventoryId)).toEqual([later.id]);
  });

  it('never skips an entry whose transaction commits late', async () => {
    const skus = { early: `SKU-${uuid()}`, late: `SKU-${uuid()}` };
    const other = connect({ kind: 'postgres', url: opened.url });
    const start = await endOfFeed(opened);
    const [commit, committed] = pausable();

    // The late transaction takes its entry number first, and is still open when a later one has committed.
    const [written, isWritten] = pausable();
    const late = other.transaction(async (transaction) => {
      await receiveIn(transaction, aLot({ sku: skus.late }));
      isWritten();
      await commit;
    });
    await written;
    await receive([aLot({ sku: skus.early })]);
    const during = await readFeed(database, {}, { limit: 10, after: start });
    committed();
    await late;
    const { seen, after } = await feed(database, { limit: 10, after: during.next, until: 2 });

    expect(during.items).toEqual([]);
    expect(seen.map(({ sku }) => sku)).toEqual([skus.late, skus.early]);
    expect((await readFeed(database, {}, { limit: 10, after })).items).toEqual([]);
    await other.close();
  });

  const receiveIn = (transaction: Queryable, lot: Inventory) =>
    transaction.query({
      text: `INSERT INTO movements (kind, sku, inventory_id, quantity_delta, value_delta, actor, at, effective_at)
        VALUES ('RECEIPT', CAST($1 AS text), CAST($2 AS uuid), 1, 1, 'test', now(), now())`,
      values: [lot.sku, lot.id],
    });
});

it('feeds every entry exactly once to a reader that asks while many write', async () => {
  const opened = await openTestDatabase();
  const writer = connect({ kind: 'postgres', url: opened.url });
  const writing = Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 15; count++) {
        const lots = [aLot({ sku: uuid() }), aLot({ sku: uuid() })];
        await receiveLots(writer, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
      }
    }),
  );

  const { seen: entries, after } = await feed(opened.database, { limit: 7, after: null, until: 240 });
  const seen = entries.map(({ entryNumber }) => entryNumber);
  await writing;
  expect((await readFeed(opened.database, {}, { limit: 7, after })).items).toEqual([]);

  expect(seen).toHaveLength(240);
  expect(new Set(seen).size).toBe(240);
  await writer.close();
  await opened.close();
});

/**
 * Asks for page after page until so many entries were seen. A transaction in any database of the server holds the feed
 * back, and other tests have some.
 */
async function feed(database: Database, of: { sku?: string; limit: number; after: string | null; until: number }) {
  const seen: Movement[] = [];
  let after = of.after;
  for (const end = Date.now() + 20_000; seen.length < of.until && Date.now() < end; ) {
    const page = await readFeed(database, { sku: of.sku ?? null }, { limit: of.limit, after });
    seen.push(...page.items);
    after = page.next;
  }
  return { seen, after };
}

async function endOfFeed({ database, administrator }: TestDatabase) {
  const [row] = await administrator.query({ text: 'SELECT count(*) AS entries FROM movements', values: [] });
  return (await feed(database, { limit: 1000, after: null, until: Number(row?.entries) })).after;
}

/** A promise and what fulfils it. */
function pausable(): [Promise<void>, () => void] {
  const { promise, resolve } = Promise.withResolvers<void>();
  return [promise, resolve];
}
