import { errorCodes } from '@inventory/models';
import {
  type Contract,
  contractList,
  contracts,
  errorsOf,
  openApiDocument,
  parseRequest,
  scopes,
} from '@inventory/schemas';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { problems } from '../../functions/http/problems.ts';
import { circumstances } from './given.ts';

const document = openApiDocument({ problems, version: 'test' });
const text = JSON.stringify(document);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (path: string): unknown =>
  path
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/'))
    .reduce((node: unknown, step) => (isNode(node) ? node[step] : undefined), document);
const operationOf = ({ path, method }: Contract) => at(`#/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}`);

/** Every object in the document, however deep. */
function* nodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item);
  if (!isNode(value)) return;
  yield value;
  for (const member of Object.values(value)) yield* nodes(member);
}

test('it is OpenAPI 3.1 of every contract, and of nothing else', () => {
  const paths = Object.entries(at('#/paths') ?? {});
  const operations = paths.flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));

  expect(at('#/openapi')).toBe('3.1.0');
  expect(operations.toSorted()).toEqual(
    contractList.map(({ method, path }) => `${method.toLowerCase()} ${path}`).toSorted(),
  );
});

test('operations have names of their own', () => {
  const names = [...nodes(at('#/paths'))].flatMap(({ operationId }) => (operationId ? [operationId] : []));

  expect(names.toSorted()).toEqual(Object.keys(contracts).toSorted());
});

test('every reference leads somewhere', () => {
  const references = [...nodes(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));

  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
});

test('named schemas are plain: no identity of another document, no definitions of their own', () => {
  expect(text).not.toContain('"$schema"');
  expect(text).not.toContain('"$id"');
  expect(text).not.toContain('"$defs"');
});

test('the schemas of the design have their names', () => {
  const names = Object.keys(at('#/components/schemas') ?? {});

  expect(names).toEqual(
    expect.arrayContaining([
      'TokenPayload',
      'OrderRequest',
      'InventoryRequest',
      'AllocationRequest',
      'OrderResponse',
      'InventoryResponse',
      'AllocationResultResponse',
      'Problem',
    ]),
  );
});

test('requests say what is required, what is allowed and what is the default', () => {
  expect(at('#/components/schemas/OrderRequest')).toMatchObject({
    required: ['orderNumber', 'lines'],
    additionalProperties: false,
    properties: {
      orderNumber: { type: 'string', minLength: 1, maxLength: 100, examples: ['SO-1001'] },
      priority: { default: 5, anyOf: [{ type: 'integer', minimum: 1, maximum: 9 }, { type: 'null' }] },
      lines: { type: 'array', minItems: 1, maxItems: 2000 },
    },
  });
  expect(at('#/components/schemas/AllocationRequest/properties/dryRun')).toMatchObject({ default: false });
  expect(at('#/components/schemas/AllocationRequest/required')).toBeUndefined();
  expect(at('#/components/schemas/InventoryRequest/properties/quantity/type')).toEqual(['string', 'number']);
});

test('replies say that every member is there', () => {
  const { properties, required } = at('#/components/schemas/OrderResponse') as { properties: Node; required: string[] };

  expect(required).toEqual(Object.keys(properties));
});

describe.each(contractList.map((contract) => [contract.name, contract] as const))('%s', (_, contract) => {
  const operation = operationOf(contract);
  const responses = isNode(operation) && isNode(operation.responses) ? operation.responses : {};

  test('is described', () => {
    expect(operation).toMatchObject({
      summary: expect.stringMatching(/\S/),
      description: expect.stringMatching(/\S/),
      tags: [contract.tag],
    });
    const tags = at('#/tags');
    expect(tags).toContainEqual(expect.objectContaining({ name: contract.tag }));
  });

  test('names its parameters, with a description of each', () => {
    const parameters = isNode(operation) && Array.isArray(operation.parameters) ? operation.parameters : [];
    const names = parameters.flatMap(({ name }) => name ?? []);

    expect(names).toEqual([...Object.keys(contract.params.shape), ...Object.keys(contract.query.shape)]);
    expect(names.filter((name) => contract.path.includes(`{${name}}`))).toEqual(Object.keys(contract.params.shape));
    for (const parameter of parameters) expect(parameter.$ref ?? parameter.description).toMatch(/\S/);
  });

  test('names every error with its status, as a problem document', () => {
    for (const code of errorsOf(contract)) {
      const response = responses[problems[code].status];
      expect(response, code).toMatchObject({
        description: expect.stringContaining(code),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: { [code]: { $ref: `#/components/examples/${code}` } },
          },
        },
      });
    }
  });

  test('says what it needs of the caller', () => {
    const named = JSON.stringify(isNode(operation) ? operation.security : null).match(/[a-z]+:[a-z]+|"ship"/g) ?? [];

    for (const scope of named) expect(Object.keys(scopes)).toContain(scope.replaceAll('"', ''));
    expect(isNode(operation) && Array.isArray(operation.security) && operation.security.length === 0).toBe(
      contract.scope === null,
    );
  });

  test('has examples that its schemas accept', () => {
    for (const [status, { schema, example }] of Object.entries(contract.replies)) {
      if (schema && example !== undefined) expect(schema.parse(example), status).toEqual(example);
    }
    for (const body of Object.values(contract.bodyExamples)) {
      expect(() => parseRequest(contract, requestOf(contract, body), around)).not.toThrow();
    }
    expect(Object.keys(contract.bodyExamples).length > 0).toBe(contract.body !== null);
  });
});

const around = { ...circumstances, now: '2026-12-31T00:00:00.000Z' };

function requestOf(contract: Contract, body: unknown) {
  const id = '01985d3e-7c00-7000-8000-000000000001';
  const params = Object.fromEntries(Object.keys(contract.params.shape).map((name) => [name, id]));
  const [columns = [], ...rows] = contract.table ? parse(String(body)) : [];
  const table = contract.table ? { columns, rows: rows.map((cells, index) => ({ row: index + 2, cells })) } : null;
  return { params, query: {}, body, table, wrong: [] };
}

test('every code has a status, a title and an example', () => {
  for (const code of errorCodes) {
    expect(at(`#/components/examples/${code}`)).toMatchObject({ value: { ...problems[code], code } });
  }
});

test('it fits into the answer of a function many times over', () => {
  expect(text.length).toBeLessThan(300_000);
});
