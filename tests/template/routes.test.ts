import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costBases } from '@inventory/models';
import { contractList, parseRequest } from '@inventory/schemas';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { routesOf } from '../../functions/local/route.ts';
import { repository, routes } from './template.ts';

const logicalName = { main: 'MainFunction', allocation: 'AllocationFunction' } as const;
const contractRoutes = routesOf(contractList);

describe('the routes of the template', () => {
  test('are those of the contracts, and the catch-all', () => {
    const expected = contractRoutes.map(({ resource, function: name, open }) => [resource, logicalName[name], open]);

    const found = routes.map(({ resource, function: name, open }) => [resource, name, open]);

    expect(found.toSorted()).toEqual([...expected, ['/{proxy+}', 'MainFunction', false]].toSorted());
  });

  test('take any method, so that the function answers 405 itself', () => {
    expect(routes.filter(({ method }) => method !== 'ANY')).toEqual([]);
  });
});

const events = readdirSync(join(repository, 'events')).map((file): { file: string; event: APIGatewayProxyEvent } => ({
  file,
  event: JSON.parse(readFileSync(join(repository, 'events', file), 'utf8')),
}));

describe('the events', () => {
  test('are one for each contract', () => {
    const expected = contractList.map(({ method, path }) => `${method} ${path}`);

    const found = events.map(({ event }) => `${event.httpMethod} ${event.resource}`);

    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  test.each(events)('$file is what API Gateway would send', ({ event }) => {
    const route = contractRoutes.find(({ resource }) => resource === event.resource);
    const filled = event.resource.replace(/\{(\w+)\}/g, (_, name) => event.pathParameters?.[name] ?? '');

    expect(event.path).toBe(filled);
    expect(event.requestContext.resourcePath).toBe(event.resource);
    expect(event.requestContext.authorizer === undefined).toBe(route?.open);
    expect(lastOfEach(event.multiValueHeaders)).toEqual(event.headers);
    expect(lastOfEach(event.multiValueQueryStringParameters)).toEqual(event.queryStringParameters);
  });
});

describe('the request of each event', () => {
  test.each(events)('$file keeps to its contract', ({ event }) => {
    const contract = contractList.find(({ method, path }) => method === event.httpMethod && path === event.resource)!;
    const body: unknown = contract.table || event.body === null ? null : JSON.parse(event.body);
    const table = contract.table && tableOf(event.body ?? '');
    const { pathParameters, queryStringParameters } = event;

    const read = () =>
      parseRequest(
        contract,
        { params: present(pathParameters), query: present(queryStringParameters), body, table, wrong: [] },
        { now: '2026-12-01T00:00:00Z', currency: { code: 'USD', digits: 2 }, allowedCosts: costBases },
      );

    expect(read).not.toThrow();
  });
});

function tableOf(csv: string) {
  const [columns = [], ...rows] = csv
    .trim()
    .split('\n')
    .map((row) => row.split(','));
  return { columns, rows: rows.map((cells, index) => ({ row: index + 2, cells })) };
}

const present = (values: Readonly<Record<string, string | undefined>> | null) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, value ?? '']));

const lastOfEach = (values: Readonly<Record<string, string[] | undefined>> | null) =>
  values && Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all?.at(-1)]));
