import type { APIGatewayProxyResult } from 'aws-lambda';

/** What API Gateway answers by itself, in the form of the API's own problems (RFC 9457). */
export const unauthenticated = (instance: string, requestId: string, challenge: string) =>
  problem(
    requestId,
    {
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'A valid bearer token is required.',
      instance,
      code: 'UNAUTHENTICATED',
    },
    { 'www-authenticate': challenge },
  );

/** A function that threw instead of answering. */
export const badGateway = (instance: string, requestId: string) =>
  problem(requestId, {
    type: 'about:blank',
    title: 'Bad Gateway',
    status: 502,
    detail: 'The function did not answer.',
    instance,
  });

type Problem = { readonly status: number } & Readonly<Record<string, unknown>>;

const problem = (requestId: string, body: Problem, headers: Record<string, string> = {}): APIGatewayProxyResult => ({
  statusCode: body.status,
  headers: {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...headers,
  },
  body: JSON.stringify(body),
});
