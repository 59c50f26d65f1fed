import type { APIGatewayProxyEvent, Context as LambdaContext } from 'aws-lambda';

/** A request as it came, free of what is API Gateway's. */
export type Incoming = {
  readonly method: string;
  /** The path of the contract: `/orders/{orderId}`. */
  readonly resource: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** Every value of every parameter. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** What the authorizer found in the token; null where there was none. */
  readonly claims: { readonly sub: string; readonly scope: string } | null;
  /** What the deployment says of the API itself. */
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Epoch milliseconds after which nothing new may be started. */
  readonly deadline: number;
};

/** API Gateway ends at 29 s and the functions at 25 s. */
const LONGEST_MILLISECONDS = 25_000;

/** Reads an event of a REST API (proxy integration). */
export function readEvent(event: APIGatewayProxyEvent, lambda: Partial<LambdaContext>): Incoming {
  return {
    method: event.httpMethod,
    resource: event.resource,
    path: event.path,
    params: defined(event.pathParameters),
    query: queryOf(event),
    headers: Object.fromEntries(
      Object.entries(defined(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    bytes: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    claims: claimsOf(event.requestContext?.authorizer),
    stageVariables: defined(event.stageVariables),
    requestId: event.requestContext?.requestId ?? lambda.awsRequestId ?? '',
    deadline: Date.now() + Math.min(LONGEST_MILLISECONDS, lambda.getRemainingTimeInMillis?.() ?? LONGEST_MILLISECONDS),
  };
}

function queryOf(event: APIGatewayProxyEvent): Incoming['query'] {
  const all = defined(event.multiValueQueryStringParameters);
  const single = defined(event.queryStringParameters);
  return { ...Object.fromEntries(Object.entries(single).map(([name, value]) => [name, [value]])), ...all };
}

function claimsOf(authorizer: Readonly<Record<string, unknown>> | null | undefined): Incoming['claims'] {
  const { sub, scope } = authorizer ?? {};
  return typeof sub === 'string' && sub !== '' ? { sub, scope: typeof scope === 'string' ? scope : '' } : null;
}

const defined = <Value>(
  values: Readonly<Record<string, Value | undefined>> | null | undefined,
): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
