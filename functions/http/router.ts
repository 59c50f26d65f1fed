import { DomainError } from '@inventory/models';
import type { Contract } from '@inventory/schemas';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context as LambdaContext } from 'aws-lambda';
import { authenticated } from './claims.ts';
import { requestDeadline } from './deadline.ts';
import { type Incoming, readEvent } from './incoming.ts';
import { problemDocument } from './problem-document.ts';
import type { Response } from './response.ts';
import { send } from './send.ts';

/** A path and a method that can answer; without a scope it is open. */
export type Route<Context> = {
  readonly contract: Pick<Contract, 'method' | 'path' | 'scope'>;
  readonly answer: (incoming: Incoming, context: Context) => Promise<Response>;
};

export type Handler = (event: APIGatewayProxyEvent, lambda: LambdaContext) => Promise<APIGatewayProxyResult>;

/** Time to say 503 before Lambda ends the function. */
const EARLY_MILLISECONDS = 250;

/** A Lambda handler for the routes of one function: a table over `resource` and method. */
export function router<Context>(routes: readonly Route<Context>[], context: Context): Handler {
  const byPath = Map.groupBy(routes, ({ contract }) => contract.path);
  return middy({ timeoutEarlyInMillis: EARLY_MILLISECONDS, timeoutEarlyResponse: refuseLate })
    .use(problemDocuments)
    .handler(async (event: APIGatewayProxyEvent, lambda: LambdaContext) => {
      const incoming = readEvent(event, lambda);
      const found = byPath.get(incoming.resource) ?? [];
      return send(await requestDeadline.run(incoming.deadline, () => answer(found, incoming, context)), incoming);
    });
}

/** Everything that is thrown becomes a problem document, and goes the way of every answer. */
const problemDocuments: middy.MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> = {
  onError: async (request) => {
    const incoming = readEvent(request.event, request.context);
    request.response = await send(await problemDocument(request.error, incoming), incoming);
  },
};

function refuseLate(): never {
  throw new DomainError('RETRY_LATER', 'The answer took too long; the same request may be sent again');
}

/** 401 before 404 and 405: who may not know what exists is told nothing. */
async function answer<Context>(
  routes: readonly Route<Context>[],
  incoming: Incoming,
  context: Context,
): Promise<Response> {
  const isOpen = routes.length > 0 && routes.every(({ contract }) => contract.scope === null);
  if (!isOpen) authenticated(incoming);
  if (routes.length === 0) throw new DomainError('NOT_FOUND', 'There is nothing at this path');

  const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
  const found = routes.find(({ contract }) => contract.method === method);
  if (found) return found.answer(incoming, context);

  const allow = allowed(routes).join(', ');
  if (method === 'OPTIONS') return { status: 204, headers: { Allow: allow }, body: '' };
  throw new DomainError('METHOD_NOT_ALLOWED', `Only ${allow} are allowed here`, { members: { allow } });
}

const allowed = (routes: readonly Route<never>[]): string[] => [
  ...routes.flatMap(({ contract: { method } }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])),
  'OPTIONS',
];
