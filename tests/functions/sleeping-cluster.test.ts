import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Handler } from '../../functions/http/router.ts';
import { openApi, type TestApi } from '../api/api.ts';
import { lambdaWith } from './caller.ts';

let api: TestApi;
let main: Handler;
let allocation: Handler;
beforeAll(async () => {
  api = await openApi();
  ({ handler: main } = await import('../../functions/main/handler.ts'));
  const { handler } = await import('../../functions/allocation/handler.ts');
  allocation = (event, lambda) => handler(event, lambda);
});
afterAll(() => api.close());

const send = (method: string, path: string, body: unknown, seconds: number) => {
  const event: Partial<APIGatewayProxyEvent> = {
    ...{ httpMethod: method, path, resource: path, body: JSON.stringify(body), isBase64Encoded: false },
    headers: { 'Content-Type': 'application/json' },
    requestContext: { requestId: 'r', authorizer: { sub: 'tester', scope: 'orders:write allocate:run' } } as never,
  };
  const to = path.startsWith('/allocate') ? allocation : main;
  return to(event as APIGatewayProxyEvent, lambdaWith(seconds) as never); // the members that the handlers read
};
const read = (seconds: number) => send('GET', '/health/database', null, seconds);

describe.each([
  ['a read', 'GET', '/health/database', null, 200],
  ['a write', 'POST', '/orders', { orderNumber: 'SLEEP', lines: [{ sku: 'SLEEP', quantity: 1 }] }, 201],
  ['an allocation', 'POST', '/allocate', { filter: { sku: 'SLEEP' } }, 201],
] as const)('%s that finds the cluster asleep', (_, method, path, body, status) => {
  it('is 503 with Retry-After in time to say so, and answered when it is sent again', async () => {
    api.emulator.sleep(300);
    const started = Date.now();

    const first = await send(method, path, body, 5.2);
    const took = Date.now() - started;
    const second = await send(method, path, body, 20);

    expect(first).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '15' } });
    expect(JSON.parse(first.body)).toMatchObject({ code: 'RETRY_LATER' });
    expect(took).toBeLessThan(1_500);
    expect(second.statusCode).toBe(status);
  });
});

it('a request is answered by itself when the cluster wakes in time', async () => {
  api.emulator.sleep(200);

  expect((await read(20)).statusCode).toBe(200);
});

it.each(['UNAVAILABLE', 'INTERNAL_ERROR', 'CUT_BEFORE', 'LOST_ANSWER'] as const)(
  'a statement that meets %s is sent once: whether it ran, nobody knows',
  async (fault) => {
    api.emulator.resetStats();
    api.emulator.fail(fault);

    const answer = await read(20);

    expect(answer.statusCode).toBe(503);
    expect(api.emulator.stats.calls).toBe(1);
  },
);
