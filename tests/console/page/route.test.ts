import { expect, test } from 'vitest';
import { linkTo, parseRoute } from '../../../functions/console/page/route.ts';

test.each([
  ['', { view: 'plan' }],
  ['#/plan', { view: 'plan' }],
  ['#/nonsense', { view: 'plan' }],
  ['#/orders', { view: 'orders' }],
  ['#/orders/01985d3e', { view: 'order', id: '01985d3e' }],
  ['#/runs/', { view: 'runs' }],
  ['#/stock/%', { view: 'sku', sku: '%' }],
])('%s is %o', (hash, route) => expect(parseRoute(hash)).toEqual(route));

test.each(['A/B', 'ä #?', '<b>', '100%'])('the SKU %s has an address of its own', (sku) => {
  expect(parseRoute(linkTo.sku(sku))).toEqual({ view: 'sku', sku });
});
