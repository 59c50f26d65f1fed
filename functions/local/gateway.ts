import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { bearerToken } from '../authorizer/bearer.ts';
import { type Caller, TokenRefused } from '../authorizer/verify.ts';
import { eventOf, targetOf } from './event.ts';
import { failed, unauthenticated } from './gateway-response.ts';
import { createRouter, type FunctionName, type Route } from './route.ts';
import type { Asked } from './sign-in.ts';

export type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export type Api = {
  readonly routes: readonly Route[];
  readonly handlers: Readonly<Record<FunctionName, Handler>>;
  /** As the template gives them to its stage. */
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly verify: (token: string) => Promise<Caller>;
  /** What the server answers itself, by path: the issuer of its tokens. */
  readonly issuer: Readonly<Record<string, (asked: Asked) => APIGatewayProxyResult | Promise<APIGatewayProxyResult>>>;
};

/** What the functions take of a body (4 MiB), and one byte more, so that they see that there was more and answer 413. */
const bodyLimit = 4 * 1024 * 1024 + 1;
/** How long the rest of a refused body is swallowed: a socket closed over unread bytes takes the answer with it. */
const drainMilliseconds = 5_000;
/** Node's own 5 s close connections under clients that are about to use them again. */
const keepAliveMilliseconds = 65_000;
/** The functions' `Timeout` in the template. */
const functionMilliseconds = 25_000;

/**
 * An HTTP server that does what API Gateway does for the functions: it finds the route, asks for a token, makes the
 * event, calls the handler and writes its result. A request that comes before `api` is there waits for it.
 */
export function createGateway(api: Promise<Api>): Server {
  const gateway = api.then((ready) => ({ ...ready, findRoute: createRouter(ready.routes) }));
  gateway.catch(() => {}); // who made the promise reports it

  return createServer({ keepAliveTimeout: keepAliveMilliseconds }, async (request, response) => {
    const requestId = randomUUID();
    try {
      write(request, response, await answer(await gateway, request, requestId));
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
    }
  });
}

type Gateway = Api & { readonly findRoute: ReturnType<typeof createRouter> };

async function answer(gateway: Gateway, request: IncomingMessage, requestId: string): Promise<APIGatewayProxyResult> {
  const { path, query } = targetOf(request);
  const ofIssuer = Object.hasOwn(gateway.issuer, path) ? gateway.issuer[path] : undefined;
  if (ofIssuer) {
    const form = request.method === 'POST' ? (await readBody(request)).toString() : query;
    return ofIssuer({ parameters: new URLSearchParams(form), address: addressOf(request) });
  }

  const matched = gateway.findRoute(path);
  const now = new Date();
  const { stageVariables } = gateway;
  const arrival = { request, matched, stageVariables, body: Buffer.alloc(0), authorizer: null, requestId, now };
  try {
    const authorizer = matched.route.open ? null : await authorize(gateway.verify, request.headers.authorization);
    if (authorizer instanceof Unauthenticated) return await unauthenticated(eventOf(arrival), authorizer.challenge);

    const event = eventOf({ ...arrival, authorizer, body: await readBody(request) });
    return await gateway.handlers[matched.route.function](event, contextOf(matched.route.function, requestId));
  } catch (error) {
    if (error instanceof ClientGone) throw error;
    return failed(eventOf(arrival), error);
  }
}

/** In the middle of its body: there is nobody to answer. */
class ClientGone extends Error {}

class Unauthenticated {
  readonly challenge: string;
  constructor(challenge: string) {
    this.challenge = challenge;
  }
}

/** RFC 6750, section 3: no token is no error yet, a bad one is `invalid_token`. */
async function authorize(verify: Api['verify'], authorization: string | undefined) {
  const token = bearerToken(authorization);
  if (token === undefined) return new Unauthenticated('Bearer');

  try {
    const { sub, scopes } = await verify(token);
    return { sub, scope: scopes.join(' ') };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return new Unauthenticated(`Bearer error="invalid_token", error_description="${error.message}"`);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // The iterator's own end would destroy the socket, and the answer with it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bodyLimit) break;
    }
  } catch (cause) {
    throw new ClientGone('The client went away', { cause });
  }
  return Buffer.concat(chunks).subarray(0, bodyLimit);
}

function contextOf(name: string, awsRequestId: string): Context {
  const end = Date.now() + functionMilliseconds;
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: 'local',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    logGroupName: name,
    logStreamName: 'local',
    memoryLimitInMB: '1769',
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** As the browser knows this server. Another name that leads here (DNS rebinding) is none of ours. */
function addressOf({ headers: { host = '' }, socket: { localPort } }: IncomingMessage): string {
  const name = host === `localhost:${localPort}` ? 'localhost' : '127.0.0.1';
  return `http://${name}:${localPort}`;
}

function write(request: IncomingMessage, response: ServerResponse, result: APIGatewayProxyResult): void {
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {}))
    response.setHeader(name, values.map(String));
  response.statusCode = result.statusCode;
  // A function leaves the body out of its answer to HEAD and of a 204: 0 would be the length of another body.
  if (body.length > 0) response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
  drain(request);
}

function drain(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  setTimeout(() => request.complete || request.socket.destroy(), drainMilliseconds).unref();
}
