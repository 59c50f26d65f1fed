import { allocationMethods, sequences } from '@inventory/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from '../random.ts';
import { type Answer, openApi, type TestApi } from './api.ts';

const CALLERS = 12;
const ROUNDS = 25;
const skus = ['A', 'B', 'C', 'D'];
const methods = allocationMethods.filter((method) => method !== 'SPECIFIC');

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

it.each([1, 2])('keeps the books to the cent whatever 12 callers do at once (seed %d)', async (seed) => {
  const world = aWorld(seeded(seed), seed);

  const statuses = new Set<number>();
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await Promise.all(Array.from({ length: CALLERS }, () => world.anything()));
    for (const { status } of answers) statuses.add(status);
  }

  expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  expect((await api.call('GET', '/integrity')).body).toEqual({ differences: [] });
  const [books] = await api.test.administrator.query({
    text: `SELECT (SELECT sum(value_delta) FROM movements WHERE kind = 'RECEIPT')
      - (SELECT sum(pool_value) FROM positions)
      - (SELECT coalesce(sum(cost_amount), 0) FROM allocation_results WHERE status <> 'RELEASED') AS lost_cents,
      (SELECT sum(quantity) FROM inventories) - (SELECT sum(pool_quantity) FROM positions)
      - (SELECT coalesce(sum(quantity), 0) FROM allocation_results WHERE status <> 'RELEASED') AS lost_units,
      (SELECT count(*) FROM allocation_results WHERE status = 'SHIPPED') > 0 AS shipped`,
    values: [],
  });
  expect(books).toEqual({ lost_cents: '0', lost_units: '0.000000', shipped: true });
});

/** Orders, lots and results that come to be while random callers work on them. */
function aWorld(random: () => number, seed: number) {
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const oneOf = <Item>(items: readonly Item[]): Item => items[between(0, items.length - 1)]!;
  const chance = (share: number) => random() < share;
  const orders: string[] = [];
  const results: string[] = [];
  let orderNumber = 0;

  const receive = () =>
    api.call('POST', '/inventories', {
      body: {
        sku: oneOf(skus),
        location: oneOf(['W1', 'W2', 'W3']),
        quantity: (between(1, 2_000) / 100).toFixed(2),
        ...(chance(0.5)
          ? { unitCost: (between(0, 5_000) / 333).toFixed(6) }
          : { totalCost: (between(0, 99_999) / 100).toFixed(2) }),
        receivedAt: `2026-0${between(1, 9)}-0${between(1, 9)}T00:00:00Z`,
        ...(chance(0.1) && { status: 'ON_HOLD' }),
      },
    });
  const order = async () => {
    const lines = Array.from({ length: between(1, 4) }, () => ({
      sku: oneOf(skus),
      quantity: (between(1, 1_500) / 100).toFixed(2),
    }));
    const body = { orderNumber: `${seed}-${++orderNumber}`, priority: between(1, 9), lines };
    const answer = await api.call('POST', '/orders', { body });
    orders.push(answer.body.id);
    return answer;
  };
  const allocate = async () => {
    const body = {
      orderIds: Array.from({ length: between(1, 4) }, () => oneOf(orders)),
      allocationMethod: oneOf(methods),
      sequence: oneOf(sequences),
      locationPriority: ['W2', 'W1'],
      dryRun: chance(0.1),
      explain: chance(0.2),
    };
    const answer = await api.call('POST', '/allocate', { body });
    if (answer.status === 201) results.push(...answer.body.results.map(({ id }: { id: string }) => id));
    return answer;
  };
  const move = () =>
    api.call('POST', `/allocation-results/${oneOf(results)}/${oneOf(['ship', 'release'])}`, {
      body: chance(0.5) ? {} : { quantity: (between(1, 300) / 100).toFixed(2) },
    });

  return {
    anything: (): Promise<Answer> => {
      const choice = random();
      if (choice < 0.2 || orders.length === 0) return chance(0.5) ? receive() : order();
      if (choice < 0.4) return order();
      return choice < 0.75 || results.length === 0 ? allocate() : move();
    },
  };
}
