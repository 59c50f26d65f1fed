import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logger } from '../../functions/http/logger.ts';
import { openApi, type TestApi } from './api.ts';

let api: TestApi;
beforeAll(async () => {
  // A request that is put off is logged as a warning, which is what is wanted here.
  logger.setLogLevel('ERROR');
  api = await openApi();
});
afterAll(() => api.close());

const paths = [
  ...[
    '/orders',
    '/inventories',
    '/allocation-runs',
    '/allocation-results',
    '/availability',
    '/movements',
    '/integrity',
  ],
  ...['/orders', '/inventories', '/allocation-runs', '/allocation-results'].map((path) => `${path}/${uuid()}`),
  ...['/health/database', '/movements?order=OLDEST'],
];

it.each(paths)('GET %s is 503 while the database is not reachable', async (target) => {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  const read = () => api.call('GET', pathname, { query: Object.fromEntries(searchParams) });

  for (const fault of ['UNAVAILABLE', 'CUT_BEFORE'] as const) {
    api.emulator.fail(fault);
    const answer = await read();

    expect(answer).toMatchObject({ status: 503, body: { code: 'RETRY_LATER' } });
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  }
  expect([200, 404]).toContain((await read()).status);
});

it('wakes a sleeping cluster and answers then', async () => {
  api.emulator.sleep(700);

  expect(await api.call('GET', '/inventories')).toMatchObject({ status: 200 });
});

it.each([
  ['/orders', () => ({ orderNumber: uuid(), lines: [{ sku: 'A', quantity: 1 }] })],
  ['/inventories', () => ({ sku: 'A', location: 'W1', quantity: 1, unitCost: 1 })],
] as const)('POST %s whose answer was lost is applied once when it is sent again', async (path, make) => {
  const call = { body: make(), headers: { 'Idempotency-Key': uuid() } };

  api.emulator.fail('LOST_ANSWER');
  const lost = await api.call('POST', path, call);
  const again = await api.call('POST', path, call);
  const third = await api.call('POST', path, call);

  expect(lost).toMatchObject({ status: 503, body: { code: 'RETRY_LATER' } });
  expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
  expect(third.text).toBe(again.text);
  expect(await api.call('GET', `${path}/${again.body.id}`)).toMatchObject({ status: 200, body: again.body });
});
