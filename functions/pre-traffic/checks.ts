import { randomUUID } from 'node:crypto';

/** What a new version is sent, and how a right answer looks. */
export type Check = {
  readonly name: string;
  /** ARN of the version. */
  readonly version: string;
  readonly event: object;
  /** What is wrong with the answer, or null. */
  readonly fault: (answer: Answer) => string | null;
};

/** An answer of a function, with the body of an HTTP answer read. */
export type Answer = Readonly<Record<string, unknown>>;

type Environment = Readonly<Record<string, string | undefined>>;

/** One for each function that takes traffic. The first wakes the database, so that the others do not wait for it. */
export function checks(environment: Environment): readonly Check[] {
  return [
    {
      name: 'a read of the database',
      version: variable(environment, 'MAIN_VERSION'),
      event: request('GET', '/health/database'),
      fault: ({ statusCode, body }) => {
        if (statusCode !== 200) return `answered ${statusCode}`;
        return memberOf(body, 'status') === 'OK' ? null : `says ${memberOf(body, 'status')}`;
      },
    },
    {
      name: 'a dry run',
      version: variable(environment, 'ALLOCATION_VERSION'),
      // Of no order, since there is none with this SKU: it goes the whole way, and is as small as can be.
      event: request('POST', '/allocate', { filter: { sku: `pre-traffic-${randomUUID()}` }, dryRun: true }),
      fault: ({ statusCode, body }) => {
        if (statusCode !== 200) return `answered ${statusCode}`;
        return memberOf(body, 'status') === 'SIMULATED' ? null : `says ${memberOf(body, 'status')}`;
      },
    },
    {
      name: 'an empty batch of runs',
      version: variable(environment, 'WORKER_VERSION'),
      event: { Records: [] },
      fault: ({ batchItemFailures }) =>
        Array.isArray(batchItemFailures) && batchItemFailures.length === 0 ? null : 'reports failures',
    },
  ];
}

/** A request as API Gateway would send it, of a caller whom the authorizer has let in. */
function request(httpMethod: string, path: string, body: object | null = null): object {
  return {
    ...{ resource: path, path, httpMethod, pathParameters: null, isBase64Encoded: false },
    headers: { 'Content-Type': 'application/json' },
    multiValueHeaders: { 'Content-Type': ['application/json'] },
    ...{ queryStringParameters: null, multiValueQueryStringParameters: null },
    requestContext: {
      requestId: `pre-traffic-${randomUUID()}`,
      authorizer: { sub: 'pre-traffic', scope: 'allocate:simulate' },
    },
    body: body && JSON.stringify(body),
  };
}

const memberOf = (value: unknown, name: string): unknown => Object(value)[name];

function variable(environment: Environment, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`The environment variable ${name} is missing`);
  return value;
}
