import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const get = async (path: string, query: Record<string, string | number> = {}) =>
  (await api.call('GET', path, { query })).body;

const receive = async (...lots: object[]) =>
  (
    await api.call('POST', '/inventories', {
      body: lots.map((lot) => ({ location: 'W1', quantity: 10, unitCost: '12.00', ...lot })),
    })
  ).body;

const allocate = async (sku: string, quantity: number) => {
  const order = await api.call('POST', '/orders', { body: { orderNumber: uuid(), lines: [{ sku, quantity }] } });
  return (await api.call('POST', '/allocate', { body: { orderIds: [order.body.id] } })).body;
};

describe('GET /availability', () => {
  it('counts by state: 41.5 on hand, 10 allocated, 10 held, 4 expired, 17.5 available', async () => {
    const sku = uuid();
    await receive({ sku, receivedAt: '2026-01-01T00:00:00Z' });
    await allocate(sku, 12);
    await receive(
      { sku, quantity: 1.5 },
      { sku, quantity: 2, status: 'ON_HOLD' },
      { sku, quantity: 4, expiresOn: '2026-01-31' },
      { sku, quantity: 8, expiresOn: '2026-01-31', status: 'ON_HOLD' },
      { sku, quantity: 16, expiresOn: '2999-01-01', location: 'W2' },
    );

    expect(await get('/availability', { sku })).toEqual({
      ...{ sku, onHand: '41.5', allocated: '10', reserved: '0', onHold: '10', expired: '4', available: '17.5' },
    });
    expect(await get('/availability', { sku, location: 'W2' })).toMatchObject({ onHand: '16', available: '16' });
    expect(await get('/availability', { sku, asOf: '2026-01-31T23:59:59Z' })).toMatchObject({
      ...{ onHand: '10', allocated: '10', expired: '0', available: '0' },
    });
    expect(await get('/availability', { sku, asOf: '2999-01-02T00:00:00Z' })).toMatchObject({
      expired: '20',
      available: '1.5',
    });
    expect(await get('/availability', { sku: 'NEVER' })).toMatchObject({ sku: 'NEVER', onHand: '0', available: '0' });
  });

  it('judges expiry by the date in the zone of the stack', async () => {
    const sku = uuid();
    await receive({ sku, receivedAt: '2026-01-01T00:00:00Z', expiresOn: '2026-03-31' });

    expect(await get('/availability', { sku, asOf: '2026-03-31T23:59:59.999Z' })).toMatchObject({ available: '10' });
    expect(await get('/availability', { sku, asOf: '2026-04-01T00:00:00.000Z' })).toMatchObject({
      available: '0',
      expired: '10',
    });
  });

  it('pages all SKUs by code point while SKUs are added', async () => {
    const prefix = `~${uuid()}`;
    const skus = ['a', 'B', 'ä', '🍊', 'A-2'].map((name) => `${prefix} ${name}`);
    await receive(...skus.map((sku) => ({ sku })));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { sku: string }[]; nextCursor: string | null } = await get('/availability', {
        ...{ limit: 2, ...(cursor ? { cursor } : {}) },
      });
      seen.push(...page.items.map(({ sku }) => sku));
      cursor = page.nextCursor;
      await receive({ sku: `!${uuid()}` });
    }

    expect(seen.filter((sku) => sku.startsWith(prefix))).toEqual(
      ['A-2', 'B', 'a', 'ä', '🍊'].map((name) => `${prefix} ${name}`),
    );
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('exports CSV', async () => {
    const { text } = await api.call('GET', '/availability', { query: { limit: 1 }, headers: { Accept: 'text/csv' } });

    expect(text.split('\r\n')[0]).toBe('sku,onHand,allocated,reserved,onHold,expired,available');
  });
});

describe('GET /movements', () => {
  it('shows the ledger newest first, by SKU, kind and lot', async () => {
    const sku = uuid();
    const [lot] = await receive({ sku });
    const { results } = await allocate(sku, 4);
    const { items } = await get('/movements', { sku });

    expect(items).toMatchObject([
      {
        kind: 'ALLOCATE',
        quantityDelta: '-4',
        valueDelta: '-48.00',
        reference: results[0].id,
        inventoryId: lot.id,
        sku,
      },
      { kind: 'RECEIPT', quantityDelta: '10', valueDelta: '120.00', actor: 'tester', reference: null },
    ]);
    expect(items[0].entryNumber).toBeGreaterThan(items[1].entryNumber);
    expect((await get('/movements', { kind: 'ALLOCATE', inventoryId: lot.id })).items).toEqual([items[0]]);
    expect((await get('/movements', { sku, kind: 'SHIP' })).items).toEqual([]);
    expect(await api.call('GET', '/movements', { query: { kind: 'GIFT' } })).toMatchObject({ status: 422 });
  });

  it('pages newest first while entries are added', async () => {
    const sku = uuid();
    const lots = await receive(...Array.from({ length: 11 }, () => ({ sku })));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { inventoryId: string }[]; nextCursor: string | null } = await get('/movements', {
        ...{ sku, limit: 3, ...(cursor ? { cursor } : {}) },
      });
      seen.push(...page.items.map(({ inventoryId }) => inventoryId));
      cursor = page.nextCursor;
      await receive({ sku });
    }

    expect(seen).toEqual(lots.map(({ id }: { id: string }) => id).toReversed());
  });

  it('is a change feed oldest first: always says where to go on, and goes on there', async () => {
    const sku = uuid();
    const first = await receive(...Array.from({ length: 5 }, () => ({ sku })));
    const seen: string[] = [];
    let cursor = '';
    const readUntil = async (count: number) => {
      // A transaction in any database of the server holds the feed back for a while, and other tests have some.
      for (const end = Date.now() + 20_000; seen.length < count && Date.now() < end; ) {
        const page = await get('/movements', { sku, order: 'OLDEST', limit: 2, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ inventoryId }: { inventoryId: string }) => inventoryId));
        cursor = page.nextCursor;
        expect(cursor).toEqual(expect.any(String));
      }
    };
    await readUntil(5);
    const second = await receive({ sku }, { sku });
    await readUntil(7);

    expect(seen).toEqual([...first, ...second].map(({ id }: { id: string }) => id));
    expect(await get('/movements', { sku, cursor })).toMatchObject({ code: 'INVALID_CURSOR' });
  });
});

describe('GET /integrity', () => {
  it('is sound after receipts, allocations, a release and a shipment, and finds a counter that was manipulated', async () => {
    const sku = uuid();
    const lots = await receive({ sku }, { sku });
    const { results } = await allocate(sku, 15);
    await api.call('POST', `/allocation-results/${results[0].id}/release`, { body: { quantity: 3 } });
    await api.call('POST', `/allocation-results/${results[1].id}/ship`, { body: { quantity: 2 } });
    expect(await get('/integrity')).toEqual({ differences: [] });

    await api.test.administrator.query({
      text: `UPDATE inventories SET open_value = open_value + 1, allocated_quantity = 6.5 WHERE id = CAST($1 AS uuid)`,
      values: [lots[0].id],
    });

    expect(await get('/integrity')).toEqual({
      differences: [
        { entity: 'INVENTORY', id: lots[0].id, counter: 'allocatedQuantity', stored: '6.5', expected: '7' },
        { entity: 'INVENTORY', id: lots[0].id, counter: 'openValue', stored: '36.01', expected: '36.00' },
      ],
    });
  });
});

it('tells of the database that it is up and migrated, to any valid token', async () => {
  expect(await api.call('GET', '/health/database', { scopes: [] })).toMatchObject({
    ...{ status: 200, body: { status: 'OK', migrationsPending: [] } },
  });
  expect(await api.call('GET', '/health/database', { scopes: null })).toMatchObject({ status: 401 });
  api.emulator.resetStats();
  expect(await api.call('GET', '/health', { scopes: null })).toMatchObject({ status: 200, body: { status: 'OK' } });
  expect(api.emulator.stats.calls).toBe(0);
});
