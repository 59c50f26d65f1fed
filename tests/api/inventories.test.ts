import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const aLot = (given: object = {}) => ({ sku: 'A', location: 'W1', quantity: '10', unitCost: '12', ...given });
const post = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/inventories', { body, headers });
const refusal = ({ status, body }: Answer) => ({
  ...{ status, code: body.code },
  pointers: body.errors?.map(({ pointer }: { pointer: string }) => pointer),
});

describe('POST /inventories', () => {
  it('receives a lot by unit cost, and answers what GET answers', async () => {
    const created = await post(aLot({ quantity: '3', unitCost: '0.335' }));
    const { id, lotSequence, receivedAt } = created.body;

    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ location: `/inventories/${id}`, etag: '"1"' });
    expect(created.body).toEqual({
      ...{ id, lotSequence, receiptNumber: null, sku: 'A', lotNumber: null, location: 'W1', quantity: '3' },
      ...{
        unitCost: '0.335000',
        totalCost: null,
        receivedAt,
        expiresOn: null,
        status: 'AVAILABLE',
        remainingQuantity: '3',
      },
      ...{ allocatedQuantity: '0', availableQuantity: '3', openValue: '1.01', returnOf: null, version: 1 },
    });
    const read = await api.call('GET', `/inventories/${id}`);
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe('"1"');
  });

  it('receives a lot by total cost, with every member', async () => {
    const given = {
      ...{ sku: 'B', location: 'W 2', quantity: '3', totalCost: '100.00', receivedAt: '2026-01-02T03:04:05.678Z' },
      ...{ receiptNumber: `GR-${uuid()}`, lotNumber: 'L-1', expiresOn: '2026-01-31', status: 'ON_HOLD' },
    };
    const { body } = await post(given);

    expect(body).toMatchObject({ ...given, unitCost: '33.333333', openValue: '100.00', availableQuantity: '0' });
    expect((await api.call('GET', `/inventories/${body.id}`)).body).toEqual(body);
  });

  it('is not available after the last good day', async () => {
    const { body } = await post([aLot({ expiresOn: '2026-01-01' }), aLot({ expiresOn: '2999-01-01' })]);

    expect(body.map(({ availableQuantity }: { availableQuantity: string }) => availableQuantity)).toEqual(['0', '10']);
  });

  it('receives an array in its order, with ascending ids and sequences', async () => {
    const { status, body } = await post(Array.from({ length: 50 }, (_, index) => aLot({ lotNumber: `${index}` })));
    const sequences = body.map(({ lotSequence }: { lotSequence: number }) => lotSequence);
    const ids = body.map(({ id }: { id: string }) => id);

    expect(status).toBe(201);
    expect(body.map(({ lotNumber }: { lotNumber: string }) => Number(lotNumber))).toEqual(
      sequences.map((_: number, index: number) => index),
    );
    expect(new Set(sequences).size).toBe(50);
    expect(sequences).toEqual(sequences.toSorted((a: number, b: number) => a - b));
    expect(ids).toEqual(ids.toSorted());
  });

  it('writes the receipt into the ledger and the pool', async () => {
    const sku = `SKU-${uuid()}`;
    const { body } = await post([aLot({ sku }), aLot({ sku, quantity: '1', receivedAt: '2026-01-01T00:00:00Z' })]);
    const { body: ledger } = await api.call('GET', '/movements', { query: { sku } });

    expect(ledger.items.toReversed()).toMatchObject([
      { kind: 'RECEIPT', inventoryId: body[0].id, quantityDelta: '10', valueDelta: '120.00', actor: 'tester' },
      { kind: 'RECEIPT', quantityDelta: '1', valueDelta: '12.00', effectiveAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });

  it('refuses a receipt number that exists or is given twice, and writes nothing', async () => {
    const receiptNumber = `GR-${uuid()}`;
    const [first, second] = [aLot({ receiptNumber: `GR-${uuid()}` }), aLot({ receiptNumber })];
    await post(first);

    expect(refusal(await post(first))).toEqual({
      ...{ status: 409, code: 'DUPLICATE_RECEIPT_NUMBER', pointers: ['/receiptNumber'] },
    });
    expect(refusal(await post([second, aLot(), first, second]))).toEqual({
      ...{ status: 409, code: 'DUPLICATE_RECEIPT_NUMBER' },
      pointers: ['/0/receiptNumber', '/2/receiptNumber', '/3/receiptNumber'],
    });
    const found = await api.call('GET', '/inventories', { query: { receiptNumber } });
    expect(found.body.items).toEqual([]);
  });

  it('refuses a future receipt, a value above 10^15, no cost, two costs, a return', async () => {
    const wrong = { status: 422, code: 'VALIDATION_FAILED' };
    expect(refusal(await post(aLot({ receivedAt: '2999-01-01T00:00:00Z' })))).toEqual({
      ...wrong,
      pointers: ['/receivedAt'],
    });
    expect(refusal(await post([aLot(), aLot({ quantity: '999999999999', unitCost: '999999999999' })]))).toEqual({
      ...{ ...wrong, pointers: ['/1/unitCost'] },
    });
    expect(refusal(await post({ ...aLot(), unitCost: null }))).toEqual({ ...wrong, pointers: ['/unitCost'] });
    expect(refusal(await post(aLot({ totalCost: '1' })))).toEqual({ ...wrong, pointers: ['/totalCost'] });
    expect(refusal(await post(aLot({ returnOf: uuid() })))).toEqual({ ...wrong, pointers: ['/returnOf'] });
    expect((await api.call('POST', '/inventories', { body: aLot(), scopes: ['inventory:read'] })).status).toBe(403);
  });

  it('adds every one of many receipts of one SKU at once', async () => {
    const sku = `SKU-${uuid()}`;
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => post([aLot({ sku }), aLot({ sku: `${sku}-2` })])),
    );

    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect((await api.call('GET', '/availability', { query: { sku } })).body).toMatchObject({
      onHand: '300',
      available: '300',
    });
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });
});

describe('GET /inventories', () => {
  it('is 404 for an id that nothing has, or that is no id', async () => {
    expect(await api.call('GET', `/inventories/${uuid()}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await api.call('GET', '/inventories/x')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('pages newest first without a gap or a repeat while lots are received', async () => {
    const sku = `SKU-${uuid()}`;
    const created = await post(Array.from({ length: 23 }, () => aLot({ sku })));
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = { sku, limit: 5, ...(cursor ? { cursor } : {}) };
      const page = await api.call('GET', '/inventories', { query });
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
      await post(aLot({ sku }));
    } while (cursor);

    expect(seen).toEqual(created.body.toReversed());
  });

  it('filters by every parameter', async () => {
    const sku = `SKU-${uuid()}`;
    const receiptNumber = `GR-${uuid()}`;
    const { body } = await post([
      aLot({ sku, receiptNumber, location: 'W2', lotNumber: 'L-1', expiresOn: '2026-03-31', status: 'ON_HOLD' }),
      aLot({ sku, expiresOn: '2026-04-01' }),
    ]);
    const found = async (query: object) =>
      (await api.call('GET', '/inventories', { query: { sku, ...query } })).body.items;

    for (const query of [
      { location: 'W2' },
      { status: 'ON_HOLD' },
      { lotNumber: 'L-1' },
      { receiptNumber },
      { expiringBefore: '2026-04-01' },
    ]) {
      expect(await found(query)).toEqual([body[0]]);
    }
    expect(await found({})).toEqual(body.toReversed());
    expect(await api.call('GET', '/inventories', { query: { expiringBefore: '2026-02-30' } })).toMatchObject({
      status: 422,
    });
  });

  it('exports CSV', async () => {
    const sku = `SKU-${uuid()}`;
    await post([aLot({ sku, lotNumber: '@risk' }), aLot({ sku })]);
    const { text } = await api.call('GET', '/inventories', { query: { sku }, headers: { Accept: 'text/csv' } });
    const [header, newest, oldest] = text.split('\r\n').map((line) => line.split(','));

    expect(header).toContain('lotNumber');
    expect(newest?.[header!.indexOf('lotNumber')]).toBe('');
    expect(oldest?.[header!.indexOf('lotNumber')]).toBe("'@risk");
    expect(oldest?.[header!.indexOf('openValue')]).toBe('120.00');
  });
});
