import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { MatchedRoute } from './route.ts';

export type Arrival = {
  readonly request: IncomingMessage;
  readonly matched: MatchedRoute;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the authorizer says of the caller; null on an open route. */
  readonly authorizer: { readonly sub: string; readonly scope: string } | null;
  readonly requestId: string;
  readonly now: Date;
};

/**
 * The event that API Gateway's REST API makes of an HTTP request (Lambda proxy integration, format 1.0), with the
 * template's `BinaryMediaTypes: *~1*`: every body comes in base64. Of a repeated header or parameter the last one counts.
 */
export function eventOf({
  request,
  matched,
  stageVariables,
  body,
  authorizer,
  requestId,
  now,
}: Arrival): APIGatewayProxyEvent {
  const { path, query } = targetOf(request);
  const headers = multiValued(pairsOf(request.rawHeaders));
  const parameters = multiValued([...new URLSearchParams(query)]);
  const method = request.method ?? 'GET';

  return {
    resource: matched.route.resource,
    path,
    httpMethod: method,
    headers: lastOfEach(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: parameters.size > 0 ? lastOfEach(parameters) : null,
    multiValueQueryStringParameters: parameters.size > 0 ? Object.fromEntries(parameters) : null,
    pathParameters: matched.pathParameters,
    stageVariables,
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: body.length > 0,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      authorizer: authorizer && { ...authorizer, principalId: authorizer.sub },
      domainName: request.headers.host,
      httpMethod: method,
      identity: {
        ...nobody,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? null,
      },
      path,
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      requestTime: now.toISOString(),
      requestTimeEpoch: now.getTime(),
      resourceId: matched.route.resource,
      resourcePath: matched.route.resource,
      stage: 'local',
    },
  };
}

/** Path and query of a request, both still encoded. `new URL` would take `//orders` for a host. */
export function targetOf({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '') || '/';
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, at) => [
    rawHeaders[2 * at] ?? '',
    rawHeaders[2 * at + 1] ?? '',
  ]);
}

function multiValued(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

const lastOfEach = (values: Map<string, string[]>) =>
  Object.fromEntries([...values].map(([name, all]) => [name, all.at(-1) ?? '']));

/** What API Gateway knows of a caller by IAM or Cognito, which this API does not use. */
export const nobody = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};
