import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const anOrder = (given: object = {}) => ({
  orderNumber: `SO-${uuid()}`,
  lines: [{ sku: 'A', quantity: '2' }],
  ...given,
});
const post = (body: unknown, headers: Record<string, string> = {}) => api.call('POST', '/orders', { body, headers });
const refusal = ({ status, body }: Answer) => ({ status, code: body.code, pointers: pointersOf(body) });
const pointersOf = (body: { errors?: { pointer: string }[] }) => body.errors?.map(({ pointer }) => pointer) ?? [];

describe('POST /orders', () => {
  it('creates an order with defaults, and answers what GET answers', async () => {
    const before = new Date().toISOString();
    const orderNumber = `SO-${uuid()}`;
    const created = await post({ orderNumber, lines: [{ sku: 'A', quantity: 1.5 }] });
    const { id, orderedAt, createdAt, lines } = created.body;

    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ location: `/orders/${id}`, etag: '"1"' });
    expect(created.body).toEqual({
      ...{ id, orderNumber, customerId: null, priority: 5, orderedAt, requestedShipDate: null, status: 'OPEN' },
      ...{ version: 1, createdAt },
      lines: [
        {
          ...{ id: lines[0].id, lineNumber: 1, sku: 'A', quantity: '1.5', minShelfLifeDays: null, picks: null },
          ...{ reservationId: null, status: 'OPEN', allocatedQuantity: '0', shippedQuantity: '0' },
          ...{ cancelledQuantity: '0', backorderQuantity: '1.5' },
        },
      ],
    });
    expect(orderedAt).toBe(createdAt);
    expect(orderedAt >= before).toBe(true);
    const read = await api.call('GET', `/orders/${id}`);
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe('"1"');
  });

  it('stores every member as it was given', async () => {
    const given = {
      ...{
        orderNumber: `SO-'"\\ 🍊 ${uuid()}`,
        customerId: 'C-7',
        priority: 9,
        orderedAt: '2026-01-02T03:04:05+02:00',
      },
      requestedShipDate: '2026-12-24',
      lines: [
        { lineNumber: 20, sku: 'B', quantity: '999999999999.999999', minShelfLifeDays: 0 },
        { lineNumber: 10, sku: 'A', quantity: '0.000001' },
      ],
    };
    const { body } = await post(given);

    expect(body).toMatchObject({ ...given, orderedAt: '2026-01-02T01:04:05.000Z', lines: given.lines.toReversed() });
    expect((await api.call('GET', `/orders/${body.id}`)).body).toEqual(body);
  });

  it('creates an array in its order, with ascending ids', async () => {
    const given = Array.from({ length: 30 }, () =>
      anOrder({
        lines: [
          { sku: 'A', quantity: 1 },
          { sku: 'B', quantity: 2 },
        ],
      }),
    );
    const { status, headers, body } = await post(given);
    const ids = body.flatMap((order: { id: string; lines: { id: string }[] }) => [
      order.id,
      ...order.lines.map(({ id }) => id),
    ]);

    expect(status).toBe(201);
    expect(headers).not.toHaveProperty('etag');
    expect(body.map(({ orderNumber }: { orderNumber: string }) => orderNumber)).toEqual(
      given.map(({ orderNumber }) => orderNumber),
    );
    expect(ids).toEqual(ids.toSorted());
  });

  it('refuses an order number that exists, and writes nothing of the request', async () => {
    const [first, second] = [anOrder(), anOrder()];
    await post(first);
    const single = await post(first);
    const many = await post([second, first, anOrder(), second]);

    expect(refusal(single)).toEqual({ status: 409, code: 'DUPLICATE_ORDER_NUMBER', pointers: ['/orderNumber'] });
    expect(refusal(many)).toEqual({
      ...{ status: 409, code: 'DUPLICATE_ORDER_NUMBER' },
      pointers: ['/0/orderNumber', '/1/orderNumber', '/3/orderNumber'],
    });
    const found = await api.call('GET', '/orders', { query: { orderNumber: second.orderNumber } });
    expect(found.body.items).toEqual([]);
  });

  it('lets one of many equal orders at once succeed', async () => {
    const order = anOrder();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(order)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'DUPLICATE_ORDER_NUMBER')).toHaveLength(19);
  });

  it('refuses picks of lots that are unknown or of another SKU', async () => {
    const lots = await api.call('POST', '/inventories', {
      body: ['A', 'B'].map((sku) => ({ sku, location: 'W1', quantity: 10, unitCost: 1 })),
    });
    const [ofA, ofB] = lots.body.map(({ id }: { id: string }) => id);
    const picking = (inventoryId: string) =>
      anOrder({
        lines: [
          { lineNumber: 2, sku: 'Z', quantity: 1 },
          { lineNumber: 1, sku: 'A', quantity: 2, picks: [{ inventoryId, quantity: 2 }] },
        ],
      });
    const pointers = ['/lines/1/picks/0/inventoryId'];

    expect(await post(picking(ofA))).toMatchObject({ status: 201 });
    expect(refusal(await post(picking(ofB)))).toEqual({ status: 422, code: 'PICK_SKU_MISMATCH', pointers });
    expect(refusal(await post(picking(uuid())))).toEqual({ status: 422, code: 'VALIDATION_FAILED', pointers });
  });

  describe('with reservations', () => {
    const reserve = async (sku: string, given: { status?: string; seconds?: number } = {}) => {
      const id = uuid();
      await api.test.administrator.query({
        text: `INSERT INTO reservations (id, sku, quantity, owner, expires_at, status, created_at, created_by) VALUES
          (CAST($1 AS uuid), CAST($2 AS text), 1, 'test', now() + CAST($3 AS interval), CAST($4 AS text), now(), 'test')`,
        values: [id, sku, `${given.seconds ?? 60} seconds`, given.status ?? 'ACTIVE'],
      });
      return id;
    };
    const naming = (...ids: string[]) =>
      anOrder({ lines: ids.map((reservationId) => ({ sku: 'A', quantity: 1, reservationId })) });

    it('takes an active one of the same SKU, once, and replays that', async () => {
      const reservationId = await reserve('A');
      const order = naming(reservationId);
      const headers = { 'Idempotency-Key': uuid() };
      const created = await post(order, headers);

      expect(created).toMatchObject({ status: 201, body: { lines: [{ reservationId }] } });
      expect((await post(order, headers)).text).toBe(created.text);
      expect(refusal(await post(naming(reservationId)))).toEqual({
        ...{ status: 409, code: 'STATE_CONFLICT', pointers: ['/lines/0/reservationId'] },
      });
      expect(refusal(await post(naming(reservationId), headers))).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    });

    it('refuses any other', async () => {
      const pointers = ['/lines/0/reservationId'];
      const wrong = { status: 422, code: 'VALIDATION_FAILED', pointers };
      const inactive = { status: 409, code: 'STATE_CONFLICT', pointers };
      expect(refusal(await post(naming(uuid())))).toEqual(wrong);
      expect(refusal(await post(naming(await reserve('B'))))).toEqual(wrong);
      expect(refusal(await post(naming(await reserve('A', { seconds: -1 }))))).toEqual(inactive);
      expect(refusal(await post(naming(await reserve('A', { status: 'RELEASED' }))))).toEqual(inactive);

      const twice = await reserve('A');
      expect(refusal(await post([naming(twice), naming(twice)]))).toEqual({
        ...{ status: 409, code: 'STATE_CONFLICT', pointers: ['/1/lines/0/reservationId'] },
      });
    });
  });

  it('refuses what the contract refuses, with all wrong fields at once', async () => {
    const wrong = {
      orderNumber: '',
      priority: 0,
      orderedAt: 'yesterday',
      status: 'OPEN',
      lines: [{ sku: 'A', quantity: 0 }],
    };

    expect(refusal(await post(wrong))).toEqual({
      ...{ status: 422, code: 'VALIDATION_FAILED' },
      pointers: expect.arrayContaining(['/orderNumber', '/priority', '/orderedAt', '/status', '/lines/0/quantity']),
    });
    expect(refusal(await post([])).status).toBe(422);
    expect((await api.call('POST', '/orders', { body: anOrder(), scopes: ['orders:read'] })).status).toBe(403);
  });
});

describe('GET /orders', () => {
  it('is 404 for an id that nothing has, or that is no id', async () => {
    expect(await api.call('GET', `/orders/${uuid()}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await api.call('GET', '/orders/1')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('pages newest first without a gap or a repeat while orders are added', async () => {
    const customerId = `C-${uuid()}`;
    const created = await post(Array.from({ length: 23 }, () => anOrder({ customerId })));
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = { customerId, limit: 5, ...(cursor ? { cursor } : {}) };
      const page = await api.call('GET', '/orders', { query });
      expect(page.status).toBe(200);
      seen.push(...page.body.items);
      cursor = page.body.nextCursor;
      await post(anOrder({ customerId }));
    } while (cursor);

    expect(seen).toEqual(created.body.toReversed());
  });

  it('filters by status and SKU', async () => {
    const sku = `SKU-${uuid()}`;
    const { body } = await post(anOrder({ lines: [{ sku, quantity: 1 }] }));
    const found = async (query: Record<string, string>) => (await api.call('GET', '/orders', { query })).body.items;

    expect(await found({ sku, status: 'OPEN' })).toEqual([body]);
    expect(await found({ sku, status: 'ALLOCATED' })).toEqual([]);
    expect(await api.call('GET', '/orders', { query: { status: 'open' } })).toMatchObject({ status: 422 });
    expect(await api.call('GET', '/orders', { query: { colour: 'red' } })).toMatchObject({ status: 422 });
  });

  it('refuses a cursor that was changed or that belongs to other filters', async () => {
    const customerId = `C-${uuid()}`;
    await post([anOrder({ customerId }), anOrder({ customerId })]);
    const { body } = await api.call('GET', '/orders', { query: { customerId, limit: 1 } });
    const cursor: string = body.nextCursor;

    for (const query of [{ cursor }, { customerId, cursor: `${cursor}A` }, { customerId, cursor: 'x' }]) {
      expect(await api.call('GET', '/orders', { query })).toMatchObject({
        status: 400,
        body: { code: 'INVALID_CURSOR' },
      });
    }
  });

  it('exports CSV', async () => {
    const customerId = `=1+${uuid()}`;
    const { body } = await post(anOrder({ customerId }));
    const { text, headers } = await api.call('GET', '/orders', {
      query: { customerId },
      headers: { Accept: 'text/csv' },
    });

    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')[1]).toContain(`${body.id},${body.orderNumber},'${customerId},5,`);
  });
});
