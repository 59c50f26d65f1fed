import { type Database, findInventory, listInventories, receiveLots } from '@inventory/database';
import type { Inventory } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, millionths, NOW } from '../factories.ts';
import { everyPage } from './pages.ts';

describe.each(['postgres', 'data-api'] as const)('lots over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const store = (lots: readonly Inventory[]) =>
    receiveLots(database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });

  it('reads a lot as it was received', async () => {
    const plain = aLot();
    const full = aLot({
      lotSequence: 1_770_000_000_000_001,
      receiptNumber: `GR-${uuid()}`,
      sku: 'ÄÖ 🍊',
      lotNumber: 'L\\"1"',
      location: 'W {1}',
      quantity: millionths(123456.000001),
      unitCost: millionths(0.333333),
      totalCost: 10n ** 15n,
      openValue: 10n ** 15n,
      receivedAt: '2025-12-31T23:59:59.999Z',
      expiresOn: '2026-06-30',
      status: 'ON_HOLD',
    });
    await store([plain, full]);

    expect(await findInventory(database, plain.id)).toEqual(plain);
    expect(await findInventory(database, full.id)).toEqual(full);
    expect(await findInventory(database, uuid())).toBeNull();
  });

  it('lists newest first, page by page, while lots are received', async () => {
    const sku = `SKU-${uuid()}`;
    const lots = Array.from({ length: 25 }, () => aLot({ sku }));
    await store(lots);
    const seen = await everyPage(
      (page) => listInventories(database, { sku }, page),
      () => store([aLot({ sku })]),
    );

    expect(seen).toEqual(lots.toReversed());
  });

  it('filters by every member, and by all of them', async () => {
    const sku = `SKU-${uuid()}`;
    const receiptNumber = `GR-${uuid()}`;
    const lots = [
      aLot({ sku, receiptNumber, location: 'W2', lotNumber: 'L-1', expiresOn: '2026-03-31', status: 'ON_HOLD' }),
      aLot({ sku, expiresOn: '2026-04-01' }),
      aLot({ sku }),
    ];
    await store(lots);
    const found = async (filters: Parameters<typeof listInventories>[1]) =>
      (await listInventories(database, { sku, ...filters }, { limit: 10, after: null })).items.map(({ id }) => id);
    const [first, second, third] = lots.map(({ id }) => id);

    expect(await found({ location: 'W1' })).toEqual([third, second]);
    expect(await found({ status: 'ON_HOLD' })).toEqual([first]);
    expect(await found({ lotNumber: 'L-1' })).toEqual([first]);
    expect(await found({ receiptNumber })).toEqual([first]);
    expect(await found({ expiringBefore: '2026-04-01' })).toEqual([first]);
    expect(await found({ expiringBefore: '2026-04-02' })).toEqual([second, first]);
    expect(await found({ expiringBefore: '2026-04-02', status: 'AVAILABLE', lotNumber: null })).toEqual([second]);
  });
});

it('reads a page of the widest lots by one call', async () => {
  const opened = await openTestDatabase();
  const wide = '🍊'.repeat(100);
  const lots = Array.from({ length: 201 }, (_, i) =>
    aLot({ sku: wide, location: wide, lotNumber: wide, receiptNumber: `${i}`.padStart(4, '0') + '🍊'.repeat(96) }),
  );
  await receiveLots(opened.database, { lots, actor: wide, at: NOW, timeZone: 'UTC', keyed: null });
  opened.emulator.resetStats();

  const page = await listInventories(opened.database, { sku: wide }, { limit: 200, after: null });

  expect(page.items).toHaveLength(200);
  expect(opened.emulator.stats.calls).toBe(1);
  await opened.close();
});
