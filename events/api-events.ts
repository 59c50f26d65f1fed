import { type Contract, contractList, scopes } from '@inventory/schemas';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { nobody } from '../functions/local/event.ts';

export type EventFile<Event = unknown> = {
  readonly file: string;
  /** The function in the template. */
  readonly function: string;
  readonly event: Event;
};

/** The functions of the API as the template names them. */
export const functionNames = {
  main: 'MainFunction',
  allocation: 'AllocationFunction',
  console: 'ConsoleFunction',
} as const satisfies Record<Contract['function'], string>;

/** One event for each route, named after its contract: what API Gateway would send of the contract's example. */
export const apiEvents = (): readonly EventFile<APIGatewayProxyEvent>[] =>
  contractList.map((contract) => ({
    file: `${kebab(contract.name)}.json`,
    function: functionNames[contract.function],
    event: eventOf(contract),
  }));

/** Where another example than the first shows more: this one finds its orders by SKU, so it works on any database. */
const chosenExamples: Readonly<Record<string, string>> = {
  allocate: 'fairShare',
  releaseResult: 'part',
};

function eventOf(contract: Contract & { name: string }): APIGatewayProxyEvent {
  const body = bodyOf(contract);
  const headers = {
    Accept: contract.replies[200]?.mediaType ?? 'application/json',
    ...(body !== null && { 'Content-Type': contract.table ? 'text/csv' : 'application/json' }),
    ...(contract.isIdempotent && { 'Idempotency-Key': `event-${kebab(contract.name)}` }),
  };
  const query = contract.isList ? { limit: '10' } : null;
  const pathParameters = pathParametersOf(contract);
  const path = contract.path.replace(/\{(\w+)\}/g, (_, name: string) => pathParameters?.[name] ?? '');
  return {
    resource: contract.path,
    path,
    httpMethod: contract.method,
    headers,
    multiValueHeaders: valuesOf(headers),
    queryStringParameters: query,
    multiValueQueryStringParameters: query && valuesOf(query),
    pathParameters,
    stageVariables: null,
    body, // as text, to be read and changed: with the API's BinaryMediaTypes it would come in base64
    isBase64Encoded: false,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: contract.scope === null ? undefined : caller,
      domainName: 'api.example.com',
      httpMethod: contract.method,
      identity: { ...nobody, sourceIp: '192.0.2.1', userAgent: 'events' },
      path: `/v1${path}`,
      protocol: 'HTTP/1.1',
      requestId: `event-${kebab(contract.name)}`,
      requestTime: '01/Dec/2026:00:00:00 +0000',
      requestTimeEpoch: Date.UTC(2026, 11, 1),
      resourceId: 'event',
      resourcePath: contract.path,
      stage: 'v1',
    },
  };
}

/** JSON, or the text of a CSV file. Null where the route takes none. */
function bodyOf({ name, bodyExamples }: Contract & { name: string }): string | null {
  const example = bodyExamples[chosenExamples[name] ?? ''] ?? Object.values(bodyExamples)[0];
  if (example === undefined) return null;
  return typeof example === 'string' ? example : JSON.stringify(example);
}

/** The ids of the example answers, by the names that the path gives them. */
function pathParametersOf({ path }: Contract): Record<string, string> | null {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return names.length > 0 ? Object.fromEntries(names.map((name) => [name, exampleIds[name] ?? ''])) : null;
}

const exampleId = (number: number) => `01985d3e-7c00-7000-8000-${String(number).padStart(12, '0')}`;

/** As in the examples of the contracts. */
const exampleIds: Readonly<Record<string, string>> = {
  orderId: exampleId(1),
  inventoryId: exampleId(3),
  runId: exampleId(4),
  resultId: exampleId(5),
};

/** What the authorizer found in a token with every scope. */
const caller = { principalId: 'planner', sub: 'planner', scope: Object.keys(scopes).join(' ') };

const valuesOf = (single: Readonly<Record<string, string>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(single).map(([name, value]) => [name, [value]]));

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
