import {
  type AvailabilityView,
  type Database,
  findAvailability,
  listAvailability,
  receiveLots,
} from '@inventory/database';
import type { Inventory } from '@inventory/models';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../database-fixture.ts';
import { aLot, millionths, NOW } from '../factories.ts';
import { anAllocation } from './an-allocation.ts';

const view: AvailabilityView = { location: null, asOf: NOW, today: '2026-02-01', now: NOW };
const at = (location: string) => ({ ...view, location });

describe.each(['postgres', 'data-api'] as const)('availability over %s', (via) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await openTestDatabase({ via });
    database = opened.database;
  });
  afterAll(() => opened.close());

  const receive = (lots: readonly Inventory[]) =>
    receiveLots(database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });

  const reserve = (
    sku: string,
    quantity: number,
    given: { location?: string; expiresAt?: string; status?: string } = {},
  ) =>
    opened.administrator.query({
      text: `INSERT INTO reservations (id, sku, location, quantity, owner, expires_at, status, created_at, created_by)
        VALUES (CAST($1 AS uuid), CAST($2 AS text), CAST($3 AS text), CAST($4 AS numeric), 'test', CAST($5 AS timestamptz),
          CAST($6 AS text), now(), 'test')`,
      values: [
        uuid(),
        sku,
        given.location ?? null,
        quantity,
        given.expiresAt ?? '2026-02-01T12:00:00.001Z',
        given.status ?? 'ACTIVE',
      ],
    });

  /** onHand, allocated, reserved, onHold, expired, available, in units. */
  const of = async (sku: string, seen = view) => {
    const { sku: _, ...quantities } = await findAvailability(database, sku, seen);
    return Object.values(quantities).map((quantity) => Number(quantity) / 1e6);
  };

  it('is nothing for a SKU that was never received', async () => {
    expect(await findAvailability(database, 'NEVER', view)).toEqual({
      ...{ sku: 'NEVER', onHand: 0n, allocated: 0n, reserved: 0n, onHold: 0n, expired: 0n, available: 0n },
    });
  });

  it('counts what is here by its state, held before expired', async () => {
    const sku = 'STATES';
    const { lot } = await anAllocation(database, sku);
    await receive([
      aLot({ sku, quantity: millionths(1.5) }),
      aLot({ sku, quantity: millionths(2), status: 'ON_HOLD' }),
      aLot({ sku, quantity: millionths(4), expiresOn: '2026-01-31' }),
      aLot({ sku, quantity: millionths(8), expiresOn: '2026-01-31', status: 'ON_HOLD' }),
      aLot({ sku, quantity: millionths(16), expiresOn: '2026-02-01' }),
    ]);
    expect(lot.quantity).toBe(millionths(10));
    expect(await of(sku)).toEqual([41.5, 10, 0, 10, 4, 17.5]);
  });

  it('moves expiry and receipts with asOf, and reservations with the clock only', async () => {
    const sku = 'AS-OF';
    await receive([
      aLot({ sku, quantity: millionths(1), receivedAt: '2026-01-01T00:00:00.000Z', expiresOn: '2026-01-31' }),
      aLot({ sku, quantity: millionths(2), receivedAt: '2026-01-20T00:00:00.000Z' }),
    ]);
    await reserve(sku, 0.5, { expiresAt: '2026-02-01T12:00:00.001Z' });
    await reserve(sku, 5, { expiresAt: NOW });
    await reserve(sku, 5, { status: 'RELEASED' });
    await reserve(sku, 5, { status: 'CONVERTED' });

    expect(await of(sku)).toEqual([3, 0, 0.5, 0, 1, 1.5]);
    expect(await of(sku, { ...view, asOf: '2026-01-10T00:00:00.000Z', today: '2026-01-10' })).toEqual([
      1, 0, 0.5, 0, 0, 0.5,
    ]);
    expect(await of(sku, { ...view, asOf: '2026-01-20T00:00:00.000Z', today: '2026-01-20' })).toEqual([
      3, 0, 0.5, 0, 0, 2.5,
    ]);
    expect(await of(sku, { ...view, now: '2026-02-01T12:00:00.001Z' })).toEqual([3, 0, 0, 0, 1, 2]);
  });

  it('gives at a location what neither its own reservations nor those of anywhere need', async () => {
    const sku = 'PLACES';
    await receive([
      aLot({ sku, quantity: millionths(5), location: 'W1' }),
      aLot({ sku, quantity: millionths(5), location: 'W2' }),
    ]);
    await reserve(sku, 2, { location: 'W1' });
    expect(await of(sku)).toEqual([10, 0, 2, 0, 0, 8]);
    expect(await of(sku, at('W1'))).toEqual([5, 0, 2, 0, 0, 3]);
    expect(await of(sku, at('W2'))).toEqual([5, 0, 0, 0, 0, 5]);
    expect(await of(sku, at('W3'))).toEqual([0, 0, 0, 0, 0, 0]);

    await reserve(sku, 6);
    expect(await of(sku)).toEqual([10, 0, 8, 0, 0, 2]);
    expect(await of(sku, at('W1'))).toEqual([5, 0, 2, 0, 0, 2]);
    expect(await of(sku, at('W2'))).toEqual([5, 0, 0, 0, 0, 2]);
  });

  it('is never negative where reservations are no longer covered', async () => {
    const sku = 'UNCOVERED';
    await receive([
      aLot({ sku, quantity: millionths(1), location: 'W1' }),
      aLot({ sku, quantity: millionths(4), location: 'W2' }),
    ]);
    await reserve(sku, 3, { location: 'W1' });

    expect(await of(sku, at('W1'))).toEqual([1, 0, 3, 0, 0, 0]);
    expect(await of(sku)).toEqual([5, 0, 3, 0, 0, 2]);

    await reserve(sku, 9);
    expect(await of(sku)).toEqual([5, 0, 12, 0, 0, 0]);
  });

  it('lists every SKU by code point, page by page', async () => {
    const skus = ['a', 'B', 'ä', '🍊', '\uffee', 'A-2', 'A_1'].map((name) => `LIST ${name}`);
    await receive(skus.map((sku) => aLot({ sku })));
    const seen: string[] = [];
    let after: string | null = 'LIST';
    do {
      const page = await listAvailability(database, view, { limit: 3, after });
      seen.push(...page.items.map(({ sku }) => sku).filter((sku) => sku.startsWith('LIST ')));
      after = page.next;
    } while (after);

    expect(seen).toEqual(['A-2', 'A_1', 'B', 'a', 'ä', '\uffee', '🍊'].map((name) => `LIST ${name}`));
    expect(await listAvailability(database, view, { limit: 1, after: 'LIST a' })).toMatchObject({
      items: [await findAvailability(database, 'LIST ä', view)],
      next: 'LIST ä',
    });
  });
});

it('reads 200 SKUs by one call', async () => {
  const opened = await openTestDatabase();
  const lots = Array.from({ length: 600 }, (_, index) => aLot({ sku: '🍊'.repeat(95) + (index % 201) }));
  await receiveLots(opened.database, { lots, actor: 'test', at: NOW, timeZone: 'UTC', keyed: null });
  opened.emulator.resetStats();

  const page = await listAvailability(opened.database, view, { limit: 200, after: null });

  expect(page.items).toHaveLength(200);
  expect(opened.emulator.stats.calls).toBe(1);
  await opened.close();
});
