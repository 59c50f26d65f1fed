import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** One result of 3 units for 100.00 from a lot of 3. */
async function allocated(sku: string, lot: object = {}) {
  const received = await api.call('POST', '/inventories', {
    body: { sku, location: 'W1', quantity: 3, totalCost: '100.00', receivedAt: '2026-01-01T00:00:00Z', ...lot },
  });
  const order = await api.call('POST', '/orders', { body: { orderNumber: sku, lines: [{ sku, quantity: 3 }] } });
  const run = await api.call('POST', '/allocate', { body: { orderIds: [order.body.id] } });
  return { result: run.body.results[0], orderId: order.body.id as string, lotId: received.body.id as string };
}

const move = (id: string, verb: 'ship' | 'release', body?: object, headers: Record<string, string> = {}) =>
  api.call('POST', `/allocation-results/${id}/${verb}`, { ...(body && { body }), headers });

const state = async ({ orderId, lotId }: { orderId: string; lotId: string }) => {
  const order = (await api.call('GET', `/orders/${orderId}`)).body;
  const lot = (await api.call('GET', `/inventories/${lotId}`)).body;
  const [line] = order.lines;
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  return {
    order: `${order.status} ${line.allocatedQuantity} allocated ${line.shippedQuantity} shipped ${line.backorderQuantity} open`,
    lot: `${lot.remainingQuantity} here ${lot.allocatedQuantity} allocated ${lot.openValue} open`,
    versions: [order.version, lot.version],
  };
};

describe('shipping', () => {
  it('ships all of a result, which keeps its id and its cost', async () => {
    const world = await allocated('SHIP-ALL');

    const shipped = await move(world.result.id, 'ship');

    expect(shipped).toMatchObject({
      status: 200,
      body: { id: world.result.id, quantity: '3', costAmount: '100.00', status: 'SHIPPED', remainder: null },
    });
    expect(await state(world)).toEqual({
      order: 'SHIPPED 0 allocated 3 shipped 0 open',
      lot: '0 here 0 allocated 0.00 open',
      versions: [1, 1],
    });
  });

  it('ships one by one to the cent: 33.33, 33.34, 33.33', async () => {
    const world = await allocated('SHIP-PARTS');

    const parts = [];
    for (let unit = 0; unit < 3; unit++) parts.push((await move(world.result.id, 'ship', { quantity: '1' })).body);

    expect(parts.map(({ costAmount, remainder }) => [costAmount, remainder?.costAmount ?? null])).toEqual([
      ['33.33', '66.67'],
      ['33.34', '33.33'],
      ['33.33', null],
    ]);
    expect(parts[0].id).not.toBe(world.result.id);
    expect(parts[0].remainder.id).toBe(world.result.id);
    expect(parts[2].id).toBe(world.result.id);
    expect((await state(world)).order).toBe('SHIPPED 0 allocated 3 shipped 0 open');
  });

  it('writes a SHIP to the ledger, with the part that moved and when', async () => {
    const { result } = await allocated('SHIP-LEDGER');
    const shippedAt = new Date(
      Date.parse((await api.call('GET', `/allocation-results/${result.id}`)).body.createdAt) + 1,
    );

    const shipped = await move(result.id, 'ship', { quantity: '1', shippedAt: shippedAt.toISOString() });

    const { items } = (await api.call('GET', '/movements', { query: { sku: 'SHIP-LEDGER', kind: 'SHIP' } })).body;
    expect(items).toMatchObject([
      { quantityDelta: '-1', valueDelta: '-33.33', reference: shipped.body.id, effectiveAt: shippedAt.toISOString() },
    ]);
  });

  it.each([
    ['more than there is', { quantity: '3.5' }, 422, 'VALIDATION_FAILED', '/quantity'],
    ['nothing', { quantity: '0' }, 422, 'VALIDATION_FAILED', '/quantity'],
    ['in the future', { shippedAt: '2996-01-01T00:00:00Z' }, 422, 'VALIDATION_FAILED', '/shippedAt'],
    ['before it was allocated', { shippedAt: '2026-01-02T00:00:00Z' }, 422, 'VALIDATION_FAILED', '/shippedAt'],
    ['with what it does not know', { quantty: '1' }, 422, 'VALIDATION_FAILED', '/quantty'],
  ])('refuses to ship %s', async (name, body, status, code, pointer) => {
    const world = await allocated(`REFUSED ${name}`);

    const refused = await move(world.result.id, 'ship', body);

    expect(refused).toMatchObject({ status, body: { code, errors: [{ pointer }] } });
    expect((await state(world)).order).toBe('ALLOCATED 3 allocated 0 shipped 0 open');
  });

  it('refuses what has expired, which can still be released', async () => {
    const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const world = await allocated('EXPIRED', { expiresOn: soon });
    await api.test.administrator.query({
      text: `UPDATE inventories SET expires_on = '2026-01-31' WHERE sku = 'EXPIRED'`,
      values: [],
    });

    const refused = await move(world.result.id, 'ship');
    const released = await move(world.result.id, 'release');

    expect(refused).toMatchObject({ status: 409, body: { code: 'STATE_CONFLICT' } });
    expect(released).toMatchObject({ status: 200, body: { status: 'RELEASED' } });
  });

  it('needs the right to ship', async () => {
    const { result } = await allocated('RIGHT');

    const refused = await api.call('POST', `/allocation-results/${result.id}/ship`, { scopes: ['allocate:run'] });

    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN_SCOPE' } });
  });
});

describe('releasing', () => {
  it('puts back exactly the quantity and the amount', async () => {
    const world = await allocated('RELEASE');

    const part = await move(world.result.id, 'release', { quantity: '1' });
    const between = await state(world);
    const rest = await move(world.result.id, 'release');

    expect(part.body).toMatchObject({
      quantity: '1',
      costAmount: '33.33',
      status: 'RELEASED',
      remainder: { quantity: '2' },
    });
    expect(between).toMatchObject({
      order: 'PARTIALLY_ALLOCATED 2 allocated 0 shipped 1 open',
      lot: '3 here 2 allocated 33.33 open',
    });
    expect(rest.body).toMatchObject({ quantity: '2', costAmount: '66.67', status: 'RELEASED', remainder: null });
    expect(await state(world)).toMatchObject({
      order: 'OPEN 0 allocated 0 shipped 3 open',
      lot: '3 here 0 allocated 100.00 open',
    });
  });

  it('refuses what is not allocated any more, and what does not exist', async () => {
    const { result } = await allocated('TWICE');
    await move(result.id, 'release');

    const again = await move(result.id, 'release');
    const nobody = await move('01a215b2-7209-7002-818a-074c013b453b', 'release');

    expect(again).toMatchObject({ status: 409, body: { code: 'STATE_CONFLICT' } });
    expect(nobody).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('is done once for one key, and a replay comes before every other check', async () => {
    const { result } = await allocated('KEYED');

    const first = await move(result.id, 'release', {}, { 'Idempotency-Key': 'release-once' });
    const again = await move(result.id, 'release', {}, { 'Idempotency-Key': 'release-once' });

    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it('is done once by 16 callers at the same moment', async () => {
    const world = await allocated('RACE');

    const answers = await Promise.all(
      Array.from({ length: 16 }, () => move(world.result.id, 'release', { quantity: '1' })),
    );

    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(new Set(statuses.slice(3))).toEqual(new Set([409]));
    expect((await state(world)).lot).toBe('3 here 0 allocated 100.00 open');
  });
});
