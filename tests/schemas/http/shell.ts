import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Contract } from '@inventory/schemas';
import type { APIGatewayProxyEvent, Context as LambdaContext } from 'aws-lambda';
import { type Endpoint, endpoint } from '../../../functions/http/endpoint.ts';
import { logger } from '../../../functions/http/logger.ts';
import { router } from '../../../functions/http/router.ts';
import type { Context, Settings, UseCase } from '../../../functions/http/use-case.ts';

logger.setLogLevel('SILENT');

export const settings: Settings = {
  releaseId: 'test',
  currency: { code: 'USD', digits: 2 },
  timeZone: 'UTC',
  allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
  idempotencyKeyRequired: false,
};

type Sent = {
  readonly method: string;
  /** As the contract writes it: `/orders/{orderId}`. */
  readonly resource: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  /** Null for no token. */
  readonly scope?: string | null;
  readonly sub?: string;
};

/** What came back, with the body as text. */
export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly isBase64Encoded: boolean;
};

/** A handler of these routes as API Gateway calls it. The database is out of reach. */
export function shell(endpoints: readonly Endpoint[], more: Partial<Settings> = {}, remaining?: () => number) {
  const context = {
    settings: { ...settings, ...more },
    enqueueRun: async () => {},
    newId: () => '',
  } as unknown as Context;
  const handler = router(endpoints, context);
  return async (sent: Sent): Promise<Answered> => {
    const lambda = (remaining ? { getRemainingTimeInMillis: remaining } : {}) as LambdaContext;
    const result = await handler(eventOf(sent), lambda);
    const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
    const headers = Object.fromEntries(
      Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    return {
      status: result.statusCode,
      headers,
      text: bytes.length === 0 ? '' : decoders[headers['Content-Encoding'] ?? 'none']!(bytes),
      isBase64Encoded: result.isBase64Encoded ?? false,
    };
  };
}

/** A contract with a use case that tells what it was given. */
export const echo = <C extends Contract>(contract: C): Endpoint =>
  endpoint(contract, ((request: object) => ({
    status: 200,
    body: JSON.parse(JSON.stringify(request, (_, value) => (typeof value === 'bigint' ? String(value) : value))),
  })) as UseCase<C>);

export const json = (answered: Answered) => JSON.parse(answered.text);

const decoders: Readonly<Record<string, (bytes: Buffer) => string>> = {
  none: (bytes) => bytes.toString(),
  gzip: (bytes) => gunzipSync(bytes).toString(),
  br: (bytes) => brotliDecompressSync(bytes).toString(),
};

function eventOf({ method, resource, params, query, headers, body, scope = 'none', sub = 'tester' }: Sent) {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const text = body === undefined ? null : isRaw ? body : JSON.stringify(body);
  const values = Object.entries(query ?? {}).map(([name, value]): [string, string[]] => [name, [value].flat()]);
  // What the shell reads of an event.
  return {
    httpMethod: method,
    resource,
    path: resource.replace(/{(\w+)}/g, (_, name) => params?.[name] ?? ''),
    pathParameters: params ?? null,
    queryStringParameters: query ? Object.fromEntries(values.map(([name, all]) => [name, all.at(-1)])) : null,
    multiValueQueryStringParameters: query ? Object.fromEntries(values) : null,
    headers: {
      ...(text !== null && !headers?.['content-type'] ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    },
    body: Buffer.isBuffer(text) ? text.toString('base64') : text,
    isBase64Encoded: Buffer.isBuffer(text),
    requestContext: { requestId: 'r-1', authorizer: scope === null ? null : { sub, scope } },
  } as unknown as APIGatewayProxyEvent;
}
