import { describe, expect, test } from 'vitest';
import { createRouter, routesOf } from '../../functions/local/route.ts';

const findRoute = createRouter(
  routesOf([
    { path: '/orders', scope: 'orders:read', function: 'main' },
    { path: '/orders', scope: 'orders:write', function: 'main' },
    { path: '/orders/{orderId}', scope: 'orders:read', function: 'main' },
    { path: '/orders/recent', scope: 'orders:read', function: 'main' },
    { path: '/results/{resultId}/ship', scope: 'ship', function: 'allocation' },
    { path: '/health', scope: null, function: 'main' },
    { path: '/mixed', scope: null, function: 'main' },
    { path: '/mixed', scope: 'orders:write', function: 'main' },
  ]),
);

describe('a path finds its route', () => {
  test.each([
    ['/orders', '/orders', null],
    ['/orders/', '/orders', null],
    ['/orders/o-1', '/orders/{orderId}', { orderId: 'o-1' }],
    ['/orders/recent', '/orders/recent', null],
    ['/orders/a%20b%2Fc', '/orders/{orderId}', { orderId: 'a b/c' }],
    ['/orders/%zz', '/orders/{orderId}', { orderId: '%zz' }],
    ['/results/r-1/ship', '/results/{resultId}/ship', { resultId: 'r-1' }],
    ['/', '/{proxy+}', { proxy: '' }],
    ['/orders/1/2', '/{proxy+}', { proxy: 'orders/1/2' }],
    ['//orders', '/{proxy+}', { proxy: '/orders' }],
    ['/results//ship', '/{proxy+}', { proxy: 'results//ship' }],
    ['/orders/../health', '/{proxy+}', { proxy: 'orders/../health' }],
    ['/Orders', '/{proxy+}', { proxy: 'Orders' }],
  ])('%s is %s', (path, resource, pathParameters) => {
    const matched = findRoute(path);

    expect({ resource: matched.route.resource, pathParameters: matched.pathParameters }).toEqual({
      resource,
      pathParameters,
    });
  });
});

test.each([
  ['/health', true],
  ['/orders', false],
  ['/mixed', false],
  ['/nowhere', false],
])('%s is open: %s', (path, open) => {
  expect(findRoute(path).route.open).toBe(open);
});

test('a path goes to the function of its contracts', () => {
  expect(findRoute('/results/r-1/ship').route.function).toBe('allocation');
  expect(findRoute('/nowhere').route.function).toBe('main');
});
