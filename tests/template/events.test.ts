import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costBases } from '@inventory/models';
import { contractList, parseRequest } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { apiEvents } from '../../events/api-events.ts';
import { serviceEvents } from '../../events/service-events.ts';
import { routesOf } from '../../functions/local/route.ts';
import { functions, repository } from './template.ts';

const files = readdirSync(join(repository, 'events')).filter((file) => file.endsWith('.json'));
const generated = [...apiEvents(), ...serviceEvents];

describe('the files in events/', () => {
  test('are those that `npm run events` writes, and no others', () => {
    expect(files.toSorted()).toEqual(generated.map(({ file }) => file).toSorted());
  });

  test.each(generated)('$file says what the contracts say now', ({ file, event }) => {
    const stored: unknown = JSON.parse(readFileSync(join(repository, 'events', file), 'utf8'));

    expect(stored).toEqual(JSON.parse(JSON.stringify(event)));
  });

  test('leave out no function of the template, and name no other', () => {
    const served = new Set(generated.map((each) => each.function));

    expect([...served].toSorted()).toEqual(functions.map(([name]) => name).toSorted());
  });

  test('hold nothing that looks like a secret', () => {
    const texts = files.map((file) => readFileSync(join(repository, 'events', file), 'utf8'));

    expect(texts.filter((text) => /eyJ|AKIA|ASIA|-----BEGIN|X-Amz-Signature/.test(text))).toEqual([]);
  });
});

describe('the events of the API', () => {
  const events = apiEvents();

  test('are one for each contract', () => {
    const expected = contractList.map(({ method, path }) => `${method} ${path}`);

    expect(events.map(({ event }) => `${event.httpMethod} ${event.resource}`)).toEqual(expected);
  });

  test.each(events)('$file is what API Gateway would send', ({ event }) => {
    const route = routesOf(contractList).find(({ resource }) => resource === event.resource);
    const filled = event.resource.replace(/\{(\w+)\}/g, (_, name) => event.pathParameters?.[name] || '?');

    expect(event.path).toBe(filled);
    expect(event.requestContext.resourcePath).toBe(event.resource);
    expect(event.requestContext.authorizer === undefined).toBe(route?.open);
    expect(lastOfEach(event.multiValueHeaders)).toEqual(event.headers);
    expect(lastOfEach(event.multiValueQueryStringParameters)).toEqual(event.queryStringParameters);
  });

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
