import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { connect } from '@inventory/database';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, readEventFile, type Stack, startStack } from './stack.ts';

/** What Lambda hands back at most, in bytes. */
const LARGEST_ANSWER = 6 * 1024 * 1024;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack(inject('build'));
  const migrations = await readEventFile<object>('migrate-create.json');
  await stack.invoke('MigrateFunction', { ...migrations, ResponseURL: `${stack.aws.url}/answer` });
});
afterAll(() => stack?.stop());

const event = async (file: string, change: Partial<APIGatewayProxyEvent> = {}): Promise<APIGatewayProxyEvent> => ({
  ...(await readEventFile<APIGatewayProxyEvent>(file)),
  ...change,
});

const withHeaders = (headers: Record<string, string>) => ({ headers, multiValueHeaders: {} });

describe('a cold start', () => {
  test('answers, and is spared the next requests', async () => {
    const cold = await stack.start('MainFunction');

    const answers = [
      await ask(cold, await event('read-health.json')),
      await ask(cold, await event('list-orders.json')),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(cold.log().match(/Init Duration/g), cold.log()).toHaveLength(1);
  });

  test('without a setting ends with what is missing', async () => {
    const broken = await stack.start('MainFunction', { environment: { CLUSTER_ARN: '' } });

    const answer = await broken.invoke(await event('read-health.json'));

    expect(answer).toMatchObject({ errorMessage: 'The environment variable CLUSTER_ARN is missing' });
  });
});

describe('an error', () => {
  test('of nobody is a bare 500, and is logged', async () => {
    const administrator = connect({ kind: 'postgres', url: stack.postgres.url });
    const rename = (from: string, to: string) =>
      administrator.query({ text: `ALTER TABLE ${from} RENAME TO ${to}`, values: [] });
    await rename('movements', 'movements_away');

    const { statusCode, body } = await stack.ask('MainFunction', await event('list-movements.json'));
    await rename('movements_away', 'movements');
    await administrator.close();

    expect([statusCode, JSON.parse(body)]).toEqual([500, expect.objectContaining({ title: 'Internal server error' })]);
    expect(body).not.toMatch(/movements_|relation|SELECT/);
    expect(stack.log('MainFunction')).toContain('A request failed');
  });

  test('of the database is 503, and over with the next request', async () => {
    stack.emulator.fail('UNAVAILABLE');

    const refused = await stack.ask('MainFunction', await event('list-orders.json'));
    const answered = await stack.ask('MainFunction', await event('list-orders.json'));

    expect([refused.statusCode, JSON.parse(refused.body).code]).toEqual([503, 'RETRY_LATER']);
    expect(answered.statusCode).toBe(200);
  });
});

describe('time that runs out', () => {
  test('for a sleeping cluster is 503 in time; the client asks again and is answered', async () => {
    const main = await stack.start('MainFunction', { timeoutSeconds: 7 });
    stack.emulator.sleep(4_000);

    const start = Date.now();
    const refused = await ask(main, await event('list-orders.json'));
    const seconds = (Date.now() - start) / 1_000;
    await new Promise((resolve) => setTimeout(resolve, 4_500 - (Date.now() - start)));
    const answered = await ask(main, await event('list-orders.json'));

    expect([refused.statusCode, refused.headers?.['Retry-After']]).toEqual([503, '15']);
    expect(seconds).toBeLessThan(4);
    expect(answered.statusCode).toBe(200);
  });

  test('for a slow answer is 503 before Lambda ends the function', async () => {
    const main = await stack.start('MainFunction', { timeoutSeconds: 2 });
    stack.emulator.setLatency(10_000);

    const { statusCode, body } = await ask(main, await event('list-orders.json'));
    stack.emulator.setLatency(0);

    expect([statusCode, JSON.parse(body).code]).toEqual([503, 'RETRY_LATER']);
  });

  describe('outside of our hands', () => {
    let silent: Server;
    beforeAll(async () => {
      silent = createServer(() => {}).listen(0, '127.0.0.1');
      await new Promise((resolve) => silent.once('listening', resolve));
    });
    afterAll(() => {
      silent.close();
      silent.closeAllConnections();
    });

    test('is told by Lambda itself', async () => {
      const JWT_ISSUER = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const authorizer = await stack.start('AuthorizerFunction', { timeoutSeconds: 1, environment: { JWT_ISSUER } });
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: '1' })).toString('base64url');
      const question = await readEventFile<object>('authorizer.json');

      const answer = await authorizer.invoke({ ...question, authorizationToken: `Bearer ${header}.e30.e30` });

      expect(JSON.stringify(answer)).toMatch(/timed out|Timeout/i);
    });
  });
});

describe('a large answer', () => {
  const orders = Array.from({ length: 100 }, (_, order) => ({
    orderNumber: `LARGE-${order}`,
    lines: Array.from({ length: 300 }, (_, line) => ({ sku: `SKU-${line}`, quantity: '1' })),
  }));

  const create = async (headers: Record<string, string>) =>
    stack.ask(
      'MainFunction',
      await event('create-orders.json', { body: JSON.stringify(orders), ...withHeaders(headers) }),
    );

  test('that Lambda would refuse comes compressed, whether asked for or not', async () => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'large' };

    const first = await create(headers);
    const again = await create({ ...headers, 'Accept-Encoding': 'gzip' });

    for (const { statusCode, isBase64Encoded, headers, body } of [first, again]) {
      expect([statusCode, isBase64Encoded, headers?.['Content-Encoding']]).toEqual([201, true, 'gzip']);
      const text = gunzipSync(Buffer.from(body, 'base64')).toString();
      expect(text.length).toBeGreaterThan(LARGEST_ANSWER);
      expect(JSON.parse(text)).toHaveLength(orders.length);
    }
  });

  test('of a list is cut, and read on by its cursor', async () => {
    const query = { multiValueQueryStringParameters: { limit: ['200'] }, queryStringParameters: { limit: '200' } };

    const { statusCode, body } = await stack.ask('MainFunction', await event('list-orders.json', query));

    const text = gunzipSync(Buffer.from(body, 'base64')).toString();
    const { items, nextCursor } = JSON.parse(text);
    expect([statusCode, typeof nextCursor]).toEqual([200, 'string']);
    expect(items.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(LARGEST_ANSWER);
  });
});
