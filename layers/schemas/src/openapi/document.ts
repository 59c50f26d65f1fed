import { type ErrorCode, errorCodes } from '@inventory/models';
import { contractList } from '../contracts.ts';
import { scopes } from '../scopes.ts';
import { type JsonSchema, namedSchemas } from './components.ts';
import { operation, type Problems } from './operation.ts';

/** The API as an OpenAPI 3.1 document, of the contracts alone. `version` is the release. */
export const openApiDocument = ({ problems, version }: { problems: Problems; version: string }): JsonSchema => ({
  openapi: '3.1.0',
  info: {
    title: 'Inventory Allocation',
    version,
    summary: 'Decides which stock lots serve which orders, and records every decision with its cost to the cent.',
    description: overview,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  tags: tags.map(([name, description]) => ({ name, description })),
  paths: Object.fromEntries(
    [...Map.groupBy(contractList, ({ path }) => path)].map(([path, contracts]) => [
      path,
      Object.fromEntries(
        contracts.map((contract) => [contract.method.toLowerCase(), operation(contract.name, contract, problems)]),
      ),
    ]),
  ),
  components: {
    schemas: { ...namedSchemas(), Problem: problem },
    parameters: { IdempotencyKey: idempotencyKey },
    headers,
    examples: Object.fromEntries(errorCodes.map((code) => [code, problemExample(code, problems)])),
    securitySchemes: { bearer },
  },
});

const overview = [
  'Decimals are texts (`"10.5"`); numbers are accepted and read by their digits. Times are RFC 3339 UTC.',
  'A member that is `null` is the same as one that is absent; unknown members and query parameters are refused.',
  'A list answers `items` and `nextCursor`; with `Accept: text/csv` it is a CSV file, its cursor in `Next-Cursor`.',
  'HEAD answers as GET. Errors are RFC 9457 problem documents with a stable `code`.',
].join('\n\n');

const tags: readonly (readonly [string, string])[] = [
  ['Orders', 'What customers want.'],
  ['Inventory', 'Lots: receipts of one SKU at one location.'],
  ['Allocation', 'Which lots serve which orders, and at what cost.'],
  ['Results', 'So much of a line from a lot; released or shipped.'],
  ['Stock', 'What is available, the ledger and its proof.'],
  ['Imports', 'CSV files.'],
  ['System', 'Health, and this description.'],
];

const problem: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is stable; `detail` is for people.',
  required: ['type', 'title', 'status', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { enum: [...errorCodes] },
    errors: {
      type: 'array',
      description: 'Every wrong field; of a CSV file every wrong cell.',
      items: {
        type: 'object',
        required: ['detail'],
        properties: {
          pointer: { type: 'string', description: "A JSON pointer from the body's root, or /query/<name>." },
          row: { type: 'integer', description: 'Of a CSV file; the header is row 1.' },
          column: { type: ['string', 'null'] },
          detail: { type: 'string' },
        },
      },
    },
    shortages: {
      type: 'array',
      description: 'With INSUFFICIENT_STOCK: what the run would have reported.',
      items: { $ref: '#/components/schemas/ShortageResponse' },
    },
  },
};

const problemExample = (code: ErrorCode, problems: Problems): JsonSchema => {
  const { status, title } = problems[code];
  return { summary: title, value: { type: `/docs#${code}`, title, status, detail: title, instance: '/…', code } };
};

const idempotencyKey: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes a retry safe: the same key and body get the same answer again, with `Idempotent-Replayed: true`. Bound to ' +
    'caller, method and path; kept 24 hours. A stack may demand it.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};

const text = (description: string): JsonSchema => ({ description, schema: { type: 'string' } });

const headers: JsonSchema = {
  Location: text('Where the created entity is; of one alone.'),
  ETag: text('The version, for `If-Match`; of one entity alone.'),
  RequestId: text('Names the request in the logs.'),
  IdempotentReplayed: text('`true` where the answer is that of an earlier equal request.'),
  WWWAuthenticate: text('`Bearer`, with `error="invalid_token"` for a token that has expired.'),
  Allow: text('The methods of the path.'),
  RetryAfter: text('Seconds.'),
};

const bearer: JsonSchema = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: `A token of the OIDC issuer of the stack. Scopes:\n\n${Object.entries(scopes)
    .map(([scope, description]) => `- \`${scope}\`: ${description}`)
    .join('\n')}`,
};
