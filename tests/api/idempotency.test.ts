import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const order = (given: object = {}) => ({ orderNumber: `SO-${uuid()}`, lines: [{ sku: 'A', quantity: 1 }], ...given });
const lot = (given: object = {}) => ({
  sku: 'A',
  location: 'W1',
  quantity: 1,
  unitCost: 1,
  lotNumber: uuid(),
  ...given,
});

describe.each([
  ['/orders', order],
  ['/inventories', lot],
] as const)('POST %s with an Idempotency-Key', (path, make) => {
  const post = (body: unknown, key: string, caller = 'tester') =>
    api.call('POST', path, { body, caller, headers: { 'Idempotency-Key': key } });
  const countAll = async () => {
    const text = `SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM inventories) AS count`;
    return (await api.test.administrator.query({ text, values: [] }))[0]?.count;
  };

  it('answers the same bytes again', async () => {
    const [body, key] = [make(), uuid()];
    const first = await post(body, key);
    const second = await post(body, key);

    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second).toMatchObject({ status: 201, text: first.text, headers: { 'idempotent-replayed': 'true' } });
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.headers.etag).toBe('"1"');
  });

  it('answers the same bytes again for an array of 1,000', async () => {
    const [body, key] = [Array.from({ length: 1_000 }, () => make()), uuid()];
    const first = await post(body, key);
    const second = await post(body, key);

    expect(first).toMatchObject({ status: 201, body: { length: 1_000 } });
    expect(second.text).toBe(first.text);
  });

  it('refuses another body', async () => {
    const key = uuid();
    await post(make(), key);
    const before = await countAll();

    expect(await post(make(), key)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await countAll()).toBe(before);
  });

  it('is another key for another caller and at another path', async () => {
    const key = uuid();
    const answers = [await post(make(), key), await post(make(), key, 'somebody else')];
    const elsewhere = await api.call('POST', path === '/orders' ? '/inventories' : '/orders', {
      ...{ body: path === '/orders' ? lot() : order(), headers: { 'Idempotency-Key': key } },
    });

    expect([...answers, elsewhere].map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  it('has one effect and equal answers for 20 equal requests at once', async () => {
    const [body, key] = [make({ ...(path === '/inventories' ? { sku: uuid() } : {}) }), uuid()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, key)));

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    if ('sku' in body) {
      expect((await api.call('GET', '/availability', { query: { sku: String(body.sku) } })).body.onHand).toBe('1');
    }
  });

  it('stores no refusal', async () => {
    const [body, key] = [make(), uuid()];
    const refused = await post({ ...body, colour: 'red' }, key);
    const accepted = await post(body, key);

    expect([refused.status, accepted.status]).toEqual([422, 201]);
  });

  it('forgets a key after 24 hours', async () => {
    const [body, key] = [make(), uuid()];
    await post(body, key);
    await api.test.administrator.query({
      text: `UPDATE idempotency_keys SET created_at = created_at - interval '24 hours' - interval '1 second'`,
      values: [],
    });
    const again = await post(make(), key);

    expect(again.status).toBe(201);
    expect(again.headers).not.toHaveProperty('idempotent-replayed');
  });
});

it('tells a reused key before a duplicate, and replays before it', async () => {
  const [body, key] = [order(), uuid()];
  const post = (sent: unknown) => api.call('POST', '/orders', { body: sent, headers: { 'Idempotency-Key': key } });
  await post(body);

  expect(await post(body)).toMatchObject({ status: 201 });
  expect(await post([body, body])).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
});
