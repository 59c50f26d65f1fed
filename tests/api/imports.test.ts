import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const csv = (path: string, body: string, headers: Record<string, string> = {}) =>
  api.call('POST', path, { body, headers: { 'Content-Type': 'text/csv', ...headers } });

describe('POST /imports/orders', () => {
  const send = (body: string, headers?: Record<string, string>) => csv('/imports/orders', body, headers);

  it('makes one order of the rows with one number', async () => {
    const [one, other] = [`SO-${uuid()}`, `SO-${uuid()}`];
    const { status, body } = await send(
      `orderNumber,customerId,priority,requestedShipDate,sku,quantity,minShelfLifeDays
${one},C-1,1,2026-05-01,A,10,
${other},,,,"B, ""best""",0.5,30
${one},C-1,1,,B,2,
`,
    );

    expect({ status, body }).toEqual({
      status: 201,
      body: { rows: 3, created: 2, ids: [expect.any(String), expect.any(String)] },
    });
    expect((await api.call('GET', `/orders/${body.ids[0]}`)).body).toMatchObject({
      ...{ orderNumber: one, customerId: 'C-1', priority: 1, requestedShipDate: '2026-05-01' },
      lines: [
        { lineNumber: 1, sku: 'A', quantity: '10', minShelfLifeDays: null },
        { lineNumber: 2, sku: 'B', quantity: '2' },
      ],
    });
    expect((await api.call('GET', `/orders/${body.ids[1]}`)).body).toMatchObject({
      ...{ orderNumber: other, customerId: null, priority: 5 },
      lines: [{ lineNumber: 1, sku: 'B, "best"', quantity: '0.5', minShelfLifeDays: 30 }],
    });
  });

  it('tells every wrong cell by row and column, and writes nothing', async () => {
    const orderNumber = `SO-${uuid()}`;
    const { status, body } = await send(
      `orderNumber,sku,quantity\n${orderNumber},A,1\n${orderNumber},,x\n${orderNumber}-2,A,-1\n`,
    );

    expect({ status, code: body.code }).toEqual({ status: 422, code: 'VALIDATION_FAILED' });
    expect(body.errors.map(({ row, column }: { row: number; column: string }) => `${row} ${column}`)).toEqual([
      ...['3 sku', '3 quantity', '4 quantity'],
    ]);
    expect((await api.call('GET', '/orders', { query: { orderNumber } })).body.items).toEqual([]);
  });

  it('refuses an unknown column', async () => {
    expect(await send('orderNumber,sku,quantity,colour\nSO-1,A,1,red\n')).toMatchObject({
      ...{ status: 422, body: { code: 'VALIDATION_FAILED', errors: [{ row: 1, column: 'colour' }] } },
    });
  });

  it('tells numbers that exist by row and column, and writes nothing', async () => {
    const [exists, fresh] = [`SO-${uuid()}`, `SO-${uuid()}`];
    await send(`orderNumber,sku,quantity\n${exists},A,1\n`);
    const again = await send(`orderNumber,sku,quantity\n${fresh},A,1\n${fresh},B,1\n${exists},A,1\n`);

    expect(again).toMatchObject({
      status: 409,
      body: {
        code: 'DUPLICATE_ORDER_NUMBER',
        errors: [{ row: 4, column: 'orderNumber', detail: `${exists} exists already` }],
      },
    });
    expect((await api.call('GET', '/orders', { query: { orderNumber: fresh } })).body.items).toEqual([]);
  });

  it('takes 20,000 rows, all or none, and not one more', async () => {
    const prefix = uuid();
    const row = (index: number) => `${prefix}-${index % 4_000},SKU-${index % 500},${(index % 7) + 1}\n`;
    const file = (rows: number) =>
      `orderNumber,sku,quantity\n${Array.from({ length: rows }, (_, index) => row(index)).join('')}`;
    const headers = { 'Idempotency-Key': prefix };

    const created = await send(file(20_000), headers);
    expect(created).toMatchObject({ status: 201, body: { rows: 20_000, created: 4_000 } });
    expect((await send(file(20_000), headers)).text).toBe(created.text);
    expect(await send(file(20_000))).toMatchObject({ status: 409, body: { code: 'DUPLICATE_ORDER_NUMBER' } });
    expect(await send(file(20_001))).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
    const { body } = await api.call('GET', `/orders/${created.body.ids[3_999]}`);
    expect(body).toMatchObject({ orderNumber: `${prefix}-3999`, lines: Array.from({ length: 5 }, () => ({})) });
  });

  it('wants CSV', async () => {
    expect(await api.call('POST', '/imports/orders', { body: {} })).toMatchObject({ status: 415 });
    expect(await send('orderNumber,sku,quantity\n"SO-1,A,1\n')).toMatchObject({ status: 422 });
    expect(await send('')).toMatchObject({ status: 422 });
  });
});

describe('POST /imports/inventories', () => {
  const send = (body: string, headers?: Record<string, string>) => csv('/imports/inventories', body, headers);

  it('makes a lot of each row', async () => {
    const receiptNumber = `GR-${uuid()}`;
    const { status, body } = await send(
      `sku,location,quantity,unitCost,totalCost,receivedAt,receiptNumber,expiresOn,status
A,W1,10,12.00,,,${receiptNumber},2026-06-30,
A,W2,3,,100.00,2026-01-01T00:00:00Z,,,ON_HOLD
`,
    );

    expect({ status, body }).toMatchObject({ status: 201, body: { rows: 2, created: 2 } });
    expect((await api.call('GET', `/inventories/${body.ids[0]}`)).body).toMatchObject({
      ...{ sku: 'A', location: 'W1', quantity: '10', openValue: '120.00', receiptNumber, expiresOn: '2026-06-30' },
    });
    expect((await api.call('GET', `/inventories/${body.ids[1]}`)).body).toMatchObject({
      ...{ location: 'W2', unitCost: '33.333333', totalCost: '100.00', status: 'ON_HOLD', receiptNumber: null },
    });
    expect(
      await send(`sku,location,quantity,unitCost,receiptNumber\nA,W1,1,1,\nA,W1,1,1,${receiptNumber}\n`),
    ).toMatchObject({
      ...{ status: 409, body: { code: 'DUPLICATE_RECEIPT_NUMBER', errors: [{ row: 3, column: 'receiptNumber' }] } },
    });
  });

  it('tells every wrong cell by row and column', async () => {
    const { status, body } = await send(
      'sku,location,quantity,unitCost,totalCost,receivedAt\nA,W1,10,1,1,\nA,,10,1,,2999-01-01T00:00:00Z\nA,W1,1,,,\n',
    );

    expect(status).toBe(422);
    expect(
      body.errors.map(({ row, column }: { row: number; column: string }) => `${row} ${column}`).toSorted(),
    ).toEqual([...['2 totalCost', '3 location', '3 receivedAt', '4 unitCost']]);
  });

  it('takes 20,000 rows of long texts', async () => {
    const [prefix, long] = [uuid(), 'x'.repeat(60)];
    const rows = Array.from(
      { length: 20_000 },
      (_, index) => `SKU-${index % 300},${long},1,1.5,${prefix}-${index},${long}\n`,
    );
    const created = await send(`sku,location,quantity,unitCost,receiptNumber,lotNumber\n${rows.join('')}`);

    expect(created).toMatchObject({ status: 201, body: { rows: 20_000, created: 20_000 } });
    expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  });
});
