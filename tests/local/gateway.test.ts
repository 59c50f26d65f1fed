import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TokenRefused } from '../../functions/authorizer/verify.ts';
import { logger } from '../../functions/http/logger.ts';
import { type Api, createGateway, type Handler } from '../../functions/local/gateway.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A gateway whose functions answer as `main` says, and what it handed them. */
async function start(main: (event: APIGatewayProxyEvent, context: Context) => APIGatewayProxyResult) {
  const events: { event: APIGatewayProxyEvent; context: Context }[] = [];
  const handler: Handler = async (event, context) => {
    events.push({ event, context });
    return main(event, context);
  };
  const api: Api = {
    issuer: {
      '/oauth2/token': ({ parameters, address }) => ok(JSON.stringify([...parameters, address])),
    },
    stageVariables: { ConsoleClientId: 'console' },
    routes: [
      { resource: '/orders', function: 'main', open: false },
      { resource: '/orders/{orderId}', function: 'main', open: false },
      { resource: '/health', function: 'main', open: true },
    ],
    handlers: { main: handler, allocation: handler, console: handler },
    verify: async (token) => {
      if (token === 'good') return { sub: 'planner', scopes: ['orders:read', 'ship'] };
      if (token === 'unreachable') throw new Error('no issuer');
      throw new TokenRefused(token === 'old' ? 'The token has expired' : 'The token is not valid', {
        expired: token === 'old',
      });
    },
  };
  const server = createGateway(Promise.resolve(api)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close() && server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { url, port, events, call: (path: string, init?: RequestInit) => fetch(url + path, init) };
}

const ok = (body = '{}'): APIGatewayProxyResult => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body,
});
const authorization = { authorization: 'Bearer good' };

describe('a request becomes the event of API Gateway', () => {
  test('with path, query, headers, body and caller', async () => {
    const { call, events } = await start(() => ok());

    await call('/orders/a%20b?sku=A&sku=B&note=x+y%26z&empty=', {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json', 'X-Note': 'one' },
      body: '{"name":"é"}',
    });

    const { event } = events[0]!;
    expect(event).toMatchObject({
      resource: '/orders/{orderId}',
      path: '/orders/a%20b',
      httpMethod: 'POST',
      pathParameters: { orderId: 'a b' },
      queryStringParameters: { sku: 'B', note: 'x y&z', empty: '' },
      multiValueQueryStringParameters: { sku: ['A', 'B'], note: ['x y&z'], empty: [''] },
      headers: { 'content-type': 'application/json', 'X-Note': 'one' },
      multiValueHeaders: { 'X-Note': ['one'] },
      isBase64Encoded: true,
      requestContext: {
        authorizer: { sub: 'planner', scope: 'orders:read ship' },
        identity: { sourceIp: '127.0.0.1' },
        resourcePath: '/orders/{orderId}',
      },
    });
    expect(Buffer.from(event.body ?? '', 'base64').toString()).toBe('{"name":"é"}');
    expect(event.requestContext.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('with null for what is not there', async () => {
    const { call, events } = await start(() => ok());

    await call('/health');

    expect(events[0]!.event).toMatchObject({
      body: null,
      isBase64Encoded: false,
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { authorizer: null },
    });
  });

  test('with every value of a repeated header', async () => {
    const { port, events } = await start(() => ok());

    await raw(port, 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n');

    expect(events[0]!.event.multiValueHeaders['X-A']).toEqual(['1', '2']);
    expect(events[0]!.event.headers['X-A']).toBe('2');
  });

  test('with names that are traps in JavaScript', async () => {
    const { call, events } = await start(() => ok());

    await call('/health?__proto__=a&constructor=b');

    const query = events[0]!.event.queryStringParameters!;
    expect(Object.entries(query)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  test('with the bytes of a binary body as they came', async () => {
    const { call, events } = await start(() => ok());
    const bytes = gzipSync('hello');

    await call('/orders', { method: 'POST', headers: authorization, body: bytes });

    expect(Buffer.from(events[0]!.event.body ?? '', 'base64').equals(bytes)).toBe(true);
  });

  test('with the variables of the stage', async () => {
    const { call, events } = await start(() => ok());

    await call('/health');

    expect(events[0]!.event.stageVariables).toEqual({ ConsoleClientId: 'console' });
  });

  test('with a deadline before that of the gateway', async () => {
    const { call, events } = await start(() => ok());

    await call('/health');

    const left = events[0]!.context.getRemainingTimeInMillis();
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(25_000);
  });

  test('on a route that does not exist, for the function to say so', async () => {
    const { call, events } = await start(() => ok());

    await call('/nowhere/at/all', { headers: authorization });

    expect(events[0]!.event).toMatchObject({ resource: '/{proxy+}', pathParameters: { proxy: 'nowhere/at/all' } });
  });
});

describe('the result becomes the answer', () => {
  test('with status, headers and body', async () => {
    const { call } = await start(() => ({
      statusCode: 201,
      headers: { 'content-type': 'text/plain', location: '/orders/1' },
      multiValueHeaders: { 'x-many': ['1', '2'] },
      body: 'é',
    }));

    const response = await call('/health');

    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/orders/1');
    expect(response.headers.get('x-many')).toBe('1, 2');
    expect(response.headers.get('content-length')).toBe('2');
    expect(await response.text()).toBe('é');
  });

  test('with the bytes of a compressed body', async () => {
    const { port } = await start(() => ({
      statusCode: 200,
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('hello').toString('base64'),
      isBase64Encoded: true,
    }));

    const { body } = await raw(port, 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');

    expect(gunzipSync(body).toString()).toBe('hello');
  });

  test('without the body for HEAD, but with its length', async () => {
    const { call } = await start(() => ok('{"a":1}'));

    const response = await call('/health', { method: 'HEAD' });

    expect(response.headers.get('content-length')).toBe('7');
    expect(await response.text()).toBe('');
  });

  test('of a function that throws is a bare 500', async () => {
    const log = vi.spyOn(logger, 'error').mockReturnValue();
    const { call } = await start(() => {
      throw new Error('secret');
    });

    const response = await call('/health');

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

describe('who may come in', () => {
  test.each([
    ['without a token', {}, 'Bearer'],
    ['with another scheme', { authorization: 'Basic abc' }, 'Bearer'],
    [
      'with a bad token',
      { authorization: 'Bearer bad' },
      'Bearer error="invalid_token", error_description="The token is not valid"',
    ],
    [
      'with an old token',
      { authorization: 'Bearer old' },
      'Bearer error="invalid_token", error_description="The token has expired"',
    ],
  ])('not %s', async (_, headers: Record<string, string>, challenge) => {
    const { call, events } = await start(() => ok());

    const response = await call('/orders?a=1', { headers });

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', instance: '/orders' });
    expect(events).toEqual([]);
  });

  test('not to a route that does not exist either', async () => {
    const { call } = await start(() => ok());

    expect((await call('/nowhere')).status).toBe(401);
  });

  test('anyone where the route is open, even with a bad token', async () => {
    const { call } = await start(() => ok());

    expect((await call('/health', { headers: { authorization: 'Bearer bad' } })).status).toBe(200);
    expect((await call('/oauth2/token')).status).toBe(200);
  });

  test.each([
    ['localhost', 'localhost'],
    ['127.0.0.1', '127.0.0.1'],
    ['a name that was made to lead here', '127.0.0.1', 'evil.example'],
  ])('by the issuer, at the address that the browser knows: %s', async (_, known, host = known) => {
    const { port } = await start(() => ok());
    const form = 'grant_type=refresh_token&refresh_token=a%20b';

    const { body } = await raw(
      port,
      `POST /oauth2/token HTTP/1.1\r\nHost: ${host}:${port}\r\nContent-Length: ${form.length}\r\nConnection: close\r\n\r\n${form}`,
    );

    expect(JSON.parse(body.toString())).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'a b'],
      `http://${known}:${port}`,
    ]);
  });

  test('nobody while the keys cannot be read', async () => {
    const log = vi.spyOn(logger, 'error').mockReturnValue();
    const { call, events } = await start(() => ok());

    const response = await call('/orders', { headers: { authorization: 'Bearer unreachable' } });

    expect(response.status).toBe(500);
    expect(events).toEqual([]);
    log.mockRestore();
  });
});

describe('a body of any size', () => {
  const limit = 4 * 1024 * 1024;
  const lengthSeen = ({ body }: APIGatewayProxyEvent) => ok(String(Buffer.from(body ?? '', 'base64').length));

  test('comes whole up to 4 MiB', async () => {
    const { call } = await start(lengthSeen);

    const response = await call('/orders', { method: 'POST', headers: authorization, body: Buffer.alloc(limit) });

    expect(await response.text()).toBe(String(limit));
  });

  test('is read one byte beyond, and answered while it still comes', async () => {
    const { port } = await start((event) => ({ ...lengthSeen(event), statusCode: 413 }));
    const upload = httpRequest({ port, host: '127.0.0.1', path: '/orders', method: 'POST', headers: authorization });
    const answered = once(upload, 'response');

    upload.write(Buffer.alloc(limit + 1000)); // and never an end
    const [response] = await answered;

    expect(response.statusCode).toBe(413);
    expect(Buffer.concat(await response.toArray()).toString()).toBe(String(limit + 1));
    upload.on('error', () => {}).destroy();
  });

  test('is answered cleanly although 64 MiB of it are still to come', async () => {
    const { call } = await start((event) => ({ ...lengthSeen(event), statusCode: 413 }));

    const response = await call('/orders', {
      method: 'POST',
      headers: authorization,
      body: Buffer.alloc(64 * 1024 * 1024),
    });

    expect(response.status).toBe(413);
  });

  test('that breaks off does no harm', async () => {
    const { call, port, events } = await start(() => ok());
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'ready');
    await new Promise((done) => setTimeout(done, 50));
    socket.destroy();

    const response = await call('/health');

    expect(response.status).toBe(200);
    expect(events.map(({ event }) => event.path)).toEqual(['/health']);
  });
});

/** Writes bytes to the port and returns head and body of what comes back until the other side closes. */
async function raw(port: number, text: string) {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const answer = Buffer.concat(await socket.toArray());
  const end = answer.indexOf('\r\n\r\n');
  return { head: answer.subarray(0, end).toString(), body: answer.subarray(end + 4) };
}
