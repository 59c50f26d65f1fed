import type { ErrorCode } from '@inventory/models';
import type * as z from 'zod';
import type { Contract, ReplyContract } from '../contract.ts';
import type { Scope } from '../scopes.ts';
import { type JsonSchema, replySchema, requestSchema } from './components.ts';
import { errorsOf } from './errors.ts';

/** The HTTP status and title of every code. */
export type Problems = Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>>;

/** A contract as an OpenAPI operation. */
export const operation = (operationId: string, contract: Contract, problems: Problems): JsonSchema => ({
  operationId,
  tags: [contract.tag],
  summary: contract.summary,
  description: contract.description,
  security: securityOf(contract),
  ...parametersOf(contract),
  ...requestBodyOf(contract),
  responses: { ...repliesOf(contract), ...errorResponses(contract, problems) },
});

function securityOf({ scope }: Contract): JsonSchema[] {
  if (scope === null) return [];
  const scopes: readonly Scope[] = scope === 'ANY' ? [] : typeof scope === 'string' ? [scope] : scope.anyOf;
  return typeof scope === 'object' ? scopes.map((one) => ({ bearer: [one] })) : [{ bearer: scopes }];
}

function parametersOf(contract: Contract): { parameters?: JsonSchema[] } {
  const parameters = [
    ...members(contract.params).map((member) => ({ ...member, in: 'path', required: true })),
    ...members(contract.query).map((member) => ({ ...member, in: 'query' })),
    ...(contract.isIdempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ];
  return parameters.length > 0 ? { parameters } : {};
}

function members(object: z.ZodObject): JsonSchema[] {
  const { properties = {}, required = [] } = requestSchema(object);
  return Object.entries(properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = withoutNull(schema);
    return { name, description, required: Array.isArray(required) && required.includes(name), schema: rest };
  });
}

/** Null in JSON is the same as absent; a query has no null. */
function withoutNull({ anyOf, ...rest }: JsonSchema): JsonSchema {
  if (!Array.isArray(anyOf)) return { ...rest };
  const [only] = anyOf.filter((branch) => branch.type !== 'null');
  return { ...only, ...rest };
}

function requestBodyOf(contract: Contract): { requestBody?: JsonSchema } {
  if (contract.body === null) return {};
  const examples = Object.fromEntries(
    Object.entries(contract.bodyExamples).map(([name, value]) => [name.replaceAll(' ', '-'), { summary: name, value }]),
  );
  const content = contract.table
    ? { 'text/csv': { schema: { type: 'string', description: columnsOf(contract) }, examples } }
    : { 'application/json': { schema: requestSchema(contract.body), examples } };
  return { requestBody: { required: !contract.isBodyOptional, content } };
}

const columnsOf = ({ table }: Contract) => `The first row names the columns, of these: ${table?.columns.join(', ')}.`;

const repliesOf = (contract: Contract): JsonSchema =>
  Object.fromEntries(Object.entries(contract.replies).map(([status, reply]) => [status, replyOf(contract, reply)]));

const replyOf = (contract: Contract, { description, schema, mediaType, headers = [], example }: ReplyContract) => ({
  description,
  headers: Object.fromEntries(
    [...headers, 'RequestId', ...(contract.isIdempotent ? ['IdempotentReplayed'] : [])].map((name) => [
      headerNames[name] ?? name,
      { $ref: `#/components/headers/${name}` },
    ]),
  ),
  content: {
    [mediaType ?? 'application/json']: {
      schema: schema === null ? { type: 'string' } : replySchema(schema),
      ...(example === undefined ? {} : { example }),
    },
    ...(contract.isList ? { 'text/csv': { schema: { type: 'string', description: 'A row per item.' } } } : {}),
  },
});

const headerNames: Readonly<Record<string, string>> = {
  RequestId: 'X-Request-Id',
  IdempotentReplayed: 'Idempotent-Replayed',
};

function errorResponses(contract: Contract, problems: Problems): JsonSchema {
  const byStatus = Map.groupBy(errorsOf(contract), (code) => problems[code].status);
  const responses = [...byStatus].map(([status, codes]): [string, JsonSchema] => [
    String(status),
    {
      description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
      ...(status in headersOfErrors ? { headers: headersOfErrors[status] } : {}),
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
      },
    },
  ]);
  return Object.fromEntries([
    ...responses,
    ['500', { description: 'A failure of the server. It is logged.', content: problemContent }],
  ]);
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const headersOfErrors: Readonly<Record<number, JsonSchema>> = {
  401: { 'WWW-Authenticate': { $ref: '#/components/headers/WWWAuthenticate' } },
  405: { Allow: { $ref: '#/components/headers/Allow' } },
  429: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
  503: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
};
