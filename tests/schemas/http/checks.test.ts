import { contracts } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { endpoint } from '../../../functions/http/endpoint.ts';
import { processorTime } from '../../cpu.ts';
import { aLine, anId, anOrder, aRun } from '../given.ts';
import { echo, json, shell } from './shell.ts';

const { allocate, compare, createOrders, importOrders, listOrders, readDatabaseHealth, readHealth, readOrder } =
  contracts;
const { releaseResult } = contracts;
const send = shell([
  ...[allocate, compare, createOrders, importOrders, listOrders, readDatabaseHealth, readHealth, readOrder].map((one) =>
    echo(one),
  ),
  echo(releaseResult),
]);
const post = { method: 'POST', resource: '/orders', scope: 'orders:write' };
const large = Buffer.alloc(4 * 1024 * 1024 + 1, ' ');

describe('the order of checks', () => {
  const codeOf = async (sent: Parameters<typeof send>[0]) => {
    const answered = await send(sent);
    return [answered.status, json(answered).code];
  };

  test('401 before all: who may not know what exists is told nothing', async () => {
    expect(await codeOf({ method: 'GET', resource: '/{proxy+}', scope: null })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf({ method: 'DELETE', resource: '/orders', scope: null })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf({ ...post, scope: null, body: large })).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('then 404 and 405 of the route', async () => {
    expect(await codeOf({ method: 'GET', resource: '/{proxy+}' })).toEqual([404, 'NOT_FOUND']);
    expect(await codeOf({ method: 'DELETE', resource: '/orders', body: large })).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  test('then 403', async () => {
    expect(await codeOf({ ...post, scope: 'orders:read', body: large })).toEqual([403, 'FORBIDDEN_SCOPE']);
  });

  test('then 413', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await codeOf({ ...post, headers, body: large })).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('then 415', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await codeOf({ ...post, headers, body: '{' })).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  test('then 400', async () => {
    expect(await codeOf({ ...post, query: { x: '1' }, body: '{' })).toEqual([400, 'MALFORMED_JSON']);
    const list = { method: 'GET', resource: '/orders', scope: 'orders:read' };
    expect(await codeOf({ ...list, query: { cursor: 'x', limit: '0' } })).toEqual([400, 'INVALID_CURSOR']);
  });

  test('then 422 of query and body together', async () => {
    const answered = await send({ ...post, query: { x: '1' }, headers: { 'Idempotency-Key': 'a b' }, body: {} });

    expect(answered.status).toBe(422);
    expect(json(answered)).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [
        { pointer: '/query/x', detail: 'is not known here' },
        { pointer: '/header/Idempotency-Key', detail: 'must have 1 to 255 visible ASCII characters' },
        { pointer: '/orderNumber', detail: 'is required' },
        { pointer: '/lines', detail: 'is required' },
      ],
    });
  });

  test('then 404 of an id that cannot exist', async () => {
    const resource = '/allocation-results/{resultId}/release';
    const release = { method: 'POST', resource, params: { resultId: 'nonsense' }, scope: 'allocate:run' };

    expect(await codeOf({ ...release, body: { quantity: 0 } })).toEqual([422, 'VALIDATION_FAILED']);
    expect(await codeOf({ ...release, body: {} })).toEqual([404, 'NOT_FOUND']);
  });
});

describe('scopes', () => {
  const run = (scope: string, body: unknown) =>
    send({ method: 'POST', resource: '/allocate', scope, body }).then(({ status }) => status);

  test('may have the prefix of a resource server', async () => {
    expect((await send({ ...post, scope: 'openid inventory/orders:write', body: anOrder() })).status).toBe(200);
    expect((await send({ ...post, scope: '', body: anOrder() })).status).toBe(403);
  });

  test('a dry run needs allocate:simulate, a commit allocate:run, which may do both', async () => {
    expect(await run('allocate:simulate', aRun({ dryRun: true }))).toBe(200);
    expect(await run('allocate:run', aRun({ dryRun: true }))).toBe(200);
    expect(await run('allocate:run', aRun())).toBe(200);
    expect(await run('allocate:simulate', aRun())).toBe(403);
    expect(await run('allocate:simulate', aRun({ dryRun: 'true' }))).toBe(403);
    expect(await run('orders:write', aRun({ dryRun: true }))).toBe(403);
  });

  test('any valid token asks for the health of the database; no token for that of the function', async () => {
    const database = { method: 'GET', resource: '/health/database' };

    expect((await send({ ...database, scope: '' })).status).toBe(200);
    expect((await send({ ...database, scope: null })).status).toBe(401);
    expect((await send({ method: 'GET', resource: '/health', scope: null })).status).toBe(200);
    expect((await send({ method: 'POST', resource: '/health', scope: null })).status).toBe(405);
  });

  test('what is refused says what it needs', async () => {
    const refused = await send({ ...post, scope: 'orders:read' });

    expect(refused.headers['WWW-Authenticate']).toBe('Bearer error="insufficient_scope"');
    expect(json(refused).detail).toBe('The token needs the scope orders:write');
    expect((await send({ ...post, scope: null })).headers['WWW-Authenticate']).toBe('Bearer');
  });
});

describe('methods', () => {
  test('HEAD answers as GET, without the body', async () => {
    const list = { resource: '/orders', scope: 'orders:read', headers: { 'accept-encoding': 'gzip' } };
    const [head, get] = [await send({ ...list, method: 'HEAD' }), await send({ ...list, method: 'GET' })];

    expect(head).toEqual({ ...get, text: '', isBase64Encoded: false });
    expect((await send({ ...list, method: 'HEAD', scope: '' })).status).toBe(403);
    expect((await send({ method: 'HEAD', resource: '/allocate' })).status).toBe(405);
  });

  test('another one is 405, with those that are allowed', async () => {
    const refused = await send({ method: 'PUT', resource: '/orders' });

    expect(refused.status).toBe(405);
    expect(refused.headers.Allow).toBe('POST, GET, HEAD, OPTIONS');
  });

  test('OPTIONS says which are allowed', async () => {
    const answered = await send({ method: 'OPTIONS', resource: '/allocate' });

    expect(answered).toMatchObject({ status: 204, text: '', headers: { Allow: 'POST, OPTIONS' } });
  });
});

describe('the media type', () => {
  const statusOf = (contentType: string, body: unknown = anOrder()) =>
    send({ ...post, headers: { 'content-type': contentType }, body }).then(({ status }) => status);

  test.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"'])(
    '%s is accepted',
    async (contentType) => {
      expect(await statusOf(contentType)).toBe(200);
    },
  );

  test.each([
    'text/json',
    'text/csv',
    'application/json; charset=iso-8859-1',
    'application/jsonp',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    ' ',
  ])('%j is not', async (contentType) => {
    expect(await statusOf(contentType)).toBe(415);
  });

  test('of an import is CSV', async () => {
    const csv = {
      method: 'POST',
      resource: '/imports/orders',
      scope: 'orders:write',
      body: 'orderNumber,sku,quantity\nA,X,1',
    };

    expect((await send({ ...csv, headers: { 'content-type': 'text/csv' } })).status).toBe(200);
    expect((await send({ ...csv, headers: { 'content-type': 'application/json' } })).status).toBe(415);
  });
});

describe('a body', () => {
  const statusOf = (body: unknown) => send({ ...post, body }).then(({ status }) => status);

  test('may have 4 MiB, not a byte more', async () => {
    const order = JSON.stringify(anOrder());
    const filled = Buffer.from(order.padEnd(4 * 1024 * 1024));

    expect(await statusOf(filled)).toBe(200);
    expect(await statusOf(Buffer.concat([filled, Buffer.from(' ')]))).toBe(413);
  });

  test('may be base64, with a byte order mark', async () => {
    expect(await statusOf(Buffer.from(`\ufeff${JSON.stringify(anOrder())}`))).toBe(200);
  });

  test('is UTF-8', async () => {
    expect(await statusOf(Buffer.from([0x22, 0xff, 0x22]))).toBe(400);
    expect(await statusOf(Buffer.from('"é"', 'latin1'))).toBe(400);
  });

  test('that is empty is no JSON, unless it may be left out', async () => {
    const release = { method: 'POST', resource: '/allocation-results/{resultId}/release', params: { resultId: anId } };

    expect(await statusOf('')).toBe(400);
    expect((await send({ ...release, scope: 'allocate:run' })).status).toBe(200);
    expect((await send({ ...release, scope: 'allocate:run', body: '' })).status).toBe(200);
  });

  test.each([
    ['deep', '{"lines":'.repeat(100_000), 400],
    ['with a key twice', '{"orderNumber":"A","orderNumber":"B","lines":[{"sku":"A","quantity":1}]}', 400],
    ['of another shape', `[${'0,'.repeat(2_000_000)}0]`, 422],
    ['with many wrong lines', { orderNumber: 'A', lines: Array.from({ length: 2_000 }, () => ({})) }, 422],
    ['with many unknown members', Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`k${at}`, 0])), 422],
    ['with a prototype', '{"__proto__":{"orderNumber":"A"},"lines":[]}', 422],
    ['with a long number', `{"orderNumber":"A","lines":[{"sku":"A","quantity":${'9'.repeat(1_000_000)}}]}`, 422],
    ['with a long text', anOrder({ orderNumber: 'x'.repeat(4_000_000) }), 422],
    ['with lone surrogates', '{"orderNumber":"\\ud800","lines":[{"sku":"A","quantity":1}]}', 422],
  ])('that is hostile, %s, is refused in a moment', async (_, body, status) => {
    const took = await processorTime(async () => {
      const answered = await send({ ...post, body });

      expect(answered.status).toBe(status);
      expect(answered.text.length).toBeLessThan(1_000_000);
    });

    expect(took).toBeLessThan(2_000);
  });

  test('keeps its digits', async () => {
    const order = '{"orderNumber":"A","lines":[{"sku":"A","quantity":123456789012.123456}]}';

    expect(json(await send({ ...post, body: order })).body.lines[0].quantity).toBe('123456789012123456');
  });
});

describe('an Idempotency-Key', () => {
  const keyOf = async (more: object, key = 'k-1') =>
    json(await send({ ...post, body: anOrder(), headers: { 'Idempotency-Key': key }, ...more })).idempotency;

  test.each(['k', 'a'.repeat(255), '!~', '550e8400-e29b-41d4-a716-446655440000'])('may be %j', async (key) => {
    expect(await keyOf({}, key)).toEqual({
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      requestHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test.each(['', ' ', 'a b', 'é', 'a\tb', 'a'.repeat(256)])('may not be %j', async (key) => {
    const answered = await send({ ...post, body: anOrder(), headers: { 'Idempotency-Key': key } });

    expect(answered.status).toBe(422);
    expect(json(answered).errors).toEqual([
      { pointer: '/header/Idempotency-Key', detail: 'must have 1 to 255 visible ASCII characters' },
    ]);
  });

  test('belongs to caller, method and path; the hash is that of the body', async () => {
    const first = await keyOf({});
    const release = { resource: '/allocation-results/{resultId}/release', scope: 'allocate:run', body: {} };
    const keys = [
      await keyOf({ sub: 'another' }),
      await keyOf({}, 'k-2'),
      await keyOf({ ...release, params: { resultId: anId } }),
      await keyOf({ ...release, params: { resultId: anId.replace('a', 'b') } }),
    ];

    expect(await keyOf({})).toEqual(first);
    expect(new Set([first, ...keys].map(({ key }) => key)).size).toBe(5);
    expect(await keyOf({ body: anOrder({ lines: [aLine({ quantity: '13' })] }) })).toEqual({
      key: first.key,
      requestHash: expect.not.stringContaining(first.requestHash),
    });
  });

  test('is null where the caller sent none, and for what writes nothing', async () => {
    const comparison = {
      resource: '/allocate/compare',
      scope: 'allocate:simulate',
      body: { filter: {}, methods: ['FIFO'] },
    };

    expect(json(await send({ ...post, body: anOrder() })).idempotency).toBeNull();
    expect(await keyOf({ ...comparison, method: 'POST' })).toBeNull();
  });

  test('is demanded where the stack demands it', async () => {
    const strict = shell([echo(createOrders), echo(listOrders)], { idempotencyKeyRequired: true });
    const headers = { 'Idempotency-Key': 'k' };

    expect(json(await strict({ ...post, body: {} })).code).toBe('MISSING_IDEMPOTENCY_KEY');
    expect((await strict({ ...post, body: anOrder(), headers })).status).toBe(200);
    expect((await strict({ method: 'GET', resource: '/orders', scope: 'orders:read' })).status).toBe(200);
  });
});

test('a use case gets what the caller is and how long it may take', async () => {
  const asked: { caller: string; left: number }[] = [];
  const remember = endpoint(readOrder, ({ caller, deadline }) => {
    asked.push({ caller, left: deadline - Date.now() });
    return { status: 200, body: {} };
  });
  const sent = { method: 'GET', resource: '/orders/{orderId}', params: { orderId: anId }, scope: 'orders:read' };

  await shell([remember])(sent);
  await shell([remember], {}, () => 10_000)(sent);
  await shell([remember], {}, () => 900_000)(sent);

  const seconds = asked.map(({ left }) => Math.round(left / 1_000));
  expect(seconds).toEqual([25, 10, 25]);
  expect(asked[0]?.caller).toBe('tester');
});
