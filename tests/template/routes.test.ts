import { contractList } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { functionNames } from '../../events/api-events.ts';
import { routesOf } from '../../functions/local/route.ts';
import { routes } from './template.ts';

const contractRoutes = routesOf(contractList);

describe('the routes of the template', () => {
  test('are those of the contracts, and the catch-all', () => {
    const expected = contractRoutes.map(({ resource, function: name, open }) => [resource, functionNames[name], open]);

    const found = routes.map(({ resource, function: name, open }) => [resource, name, open]);

    expect(found.toSorted()).toEqual([...expected, ['/{proxy+}', 'MainFunction', false]].toSorted());
  });

  test('take any method, so that the function answers 405 itself', () => {
    expect(routes.filter(({ method }) => method !== 'ANY')).toEqual([]);
  });
});
