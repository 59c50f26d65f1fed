import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/api.ts';
import { lambdaWith } from './caller.ts';
import { linesOf } from './lines.ts';

let api: TestApi;
let handler: typeof import('../../functions/allocation/handler.ts').handler;
beforeAll(async () => {
  api = await openApi();
  ({ handler } = await import('../../functions/allocation/handler.ts'));
});
afterAll(() => api.close());

async function stocked(sku: string): Promise<void> {
  await api.call('POST', '/inventories', { body: { sku, location: 'W1', quantity: 10, unitCost: '1.50' } });
  await api.call('POST', '/orders', { body: { orderNumber: sku, lines: [{ sku, quantity: 4 }] } });
}
const allocated = async (sku: string) => (await api.call('GET', '/availability', { query: { sku } })).body.allocated;

const night = '2026-11-26T01:00:00Z';
const scheduled = (request: unknown, idempotencyKey = night) => ({
  source: 'inventory.schedule' as const,
  request,
  idempotencyKey,
});
// biome-ignore lint/suspicious/noExplicitAny: Lambda's context has more than the handler asks for
const run = (event: any, seconds = 25, id?: string) => handler(event, lambdaWith(seconds, id) as any);

it('allocates what is open, in the name of the schedule', async () => {
  await stocked('NIGHT');

  const lines = await linesOf(() => run(scheduled({ filter: { sku: 'NIGHT' } })));

  const { items } = (await api.call('GET', '/movements', { query: { sku: 'NIGHT' } })).body;
  expect(await allocated('NIGHT')).toBe('4');
  expect(items.some(({ actor }: { actor: string }) => actor === 'schedule')).toBe(true);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'The scheduled allocation ran', key: night, status: 201 }),
  );
});

it('does nothing at a second delivery of the same time', async () => {
  const event = scheduled({ filter: { sku: 'TWICE' } }, '2026-11-27T01:00:00Z');
  await stocked('TWICE');
  await run(event);
  await api.call('POST', '/orders', { body: { orderNumber: 'TWICE-2', lines: [{ sku: 'TWICE', quantity: 4 }] } });

  await run(event);

  expect(await allocated('TWICE')).toBe('4');
});

it("takes the invocation's id where no time is given, which Lambda keeps for its own retries", async () => {
  const event = { source: 'inventory.schedule', request: { filter: { sku: 'NO-KEY' } } };
  await stocked('NO-KEY');
  await run(event, 25, 'invocation-7');
  await api.call('POST', '/orders', { body: { orderNumber: 'NO-KEY-2', lines: [{ sku: 'NO-KEY', quantity: 4 }] } });

  await run(event, 25, 'invocation-7');

  expect(await allocated('NO-KEY')).toBe('4');
});

describe('what is refused is thrown and logged, so that the alarm tells somebody', () => {
  it.each([
    ['a request that is wrong', { filter: {}, orderIds: [] }, 'VALIDATION_FAILED'],
    ['a method that does not exist', { filter: {}, allocationMethod: 'NEWEST' }, 'VALIDATION_FAILED'],
    ['no request', undefined, 'VALIDATION_FAILED'],
    ['an order that does not exist', { orderNumbers: ['NOBODY'] }, 'UNKNOWN_ORDER'],
  ])('%s', async (_, request, code) => {
    let thrown: unknown;

    const lines = await linesOf(() =>
      run(scheduled(request, code)).catch((error: unknown) => {
        thrown = error;
      }),
    );

    expect(thrown).toMatchObject({ code });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'The scheduled allocation was refused', key: code }),
    );
  });

  it('a database that is away', async () => {
    api.emulator.fail('UNAVAILABLE');

    await expect(run(scheduled({ filter: { sku: 'AWAY' } }, 'away'))).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
  });

  it('a database that does not wake up in time', async () => {
    api.emulator.sleep(3_000);
    const started = Date.now();

    await expect(run(scheduled({ filter: { sku: 'ASLEEP' } }, 'asleep'), 7)).rejects.toMatchObject({
      kind: 'UNAVAILABLE',
    });

    expect(Date.now() - started).toBeLessThan(2_500);
  });
});
