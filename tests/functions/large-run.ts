import type { Answer, TestApi } from '../api/api.ts';

/** 1,200 lines over 6 SKUs with 150 units each: 900 are served and 300 short, for 333.00. */
export async function postLargeRun(
  api: TestApi,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const skus = Array.from({ length: 6 }, (_, index) => `${name}-${index}`);
  await api.call('POST', '/inventories', {
    body: skus.map((sku) => ({ sku, location: 'W1', quantity: 150, unitCost: '0.37' })),
  });
  await api.call('POST', '/orders', {
    body: Array.from({ length: 300 }, (_, index) => ({
      orderNumber: `${name}-${index}`,
      customerId: name,
      lines: [0, 1, 2, 3].map((line) => ({ sku: skus[(index + line) % 6], quantity: 1 })),
    })),
  });
  return allocateAll(api, name, headers);
}

/** The request for the run alone. */
export const allocateAll = (api: TestApi, name: string, headers: Readonly<Record<string, string>> = {}) =>
  api.call('POST', '/allocate', { body: { filter: { customerId: name } }, headers });

export const committed = {
  status: 'COMMITTED',
  totals: { requested: '1200', allocated: '900', short: '300', costAmount: '333.00' },
};
