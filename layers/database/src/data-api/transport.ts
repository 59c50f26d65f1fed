import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import type { Caller } from './caller.ts';
import { createSigner } from './signer.ts';
import { exceptionOf } from './wire.ts';

/** Requests to the RDS Data API over connections that are kept. */
export type Transport = ReturnType<typeof createTransport>;

const CONNECT_WITHIN_MS = 3_000;
/**
 * A function that was frozen wakes with connections that the service may have closed meanwhile, and a statement sent
 * into one of them would be lost. By the wall clock, since timers stand still in a freeze.
 */
const IDLE_CONNECTION_MS = 15_000;

/**
 * Four operations need no more of the SDK than its signature: 164 kB less to read at a cold start, and the first call takes
 * a third of the time. What is sent is what the SDK would send; a test holds the two side by side. Nothing is sent twice here.
 */
export function createTransport(caller: Caller) {
  const endpoint = new URL(caller.endpoint);
  const { Agent, request: open } = endpoint.protocol === 'http:' ? http : https;
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const sign = createSigner(caller);
  let lastUsed = 0;

  return {
    /** Answers the JSON of a success. Throws the service's exception, or what went wrong on the way. */
    async send(path: string, members: unknown, signal: AbortSignal): Promise<unknown> {
      const body = Buffer.from(JSON.stringify(members));
      const headers = await sign(path, body);
      if (Date.now() - lastUsed > IDLE_CONNECTION_MS) closeIdle(agent);
      lastUsed = Date.now();

      const request = open(new URL(path, endpoint), { method: 'POST', headers, agent, signal });
      const answer = await exchange(request, body);
      lastUsed = Date.now();
      return answer;
    },

    close: (): void => agent.destroy(),
  };
}

function exchange(request: ClientRequest, body: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => read(response).then(resolve, reject));
    refuseSlowConnection(request);
    request.end(body);
  });
}

async function read(response: IncomingMessage): Promise<unknown> {
  const body = await text(response);
  if (response.statusCode === 200) return JSON.parse(body);
  throw exceptionOf({ status: response.statusCode ?? 0, type: response.headers['x-amzn-errortype'], body });
}

function refuseSlowConnection(request: ClientRequest): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => request.destroy(new ConnectionTimedOut()), CONNECT_WITHIN_MS);
    socket.once('connect', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
  });
}

class ConnectionTimedOut extends Error {
  override name = 'TimeoutError';
  override message = `There was no connection to the Data API within ${CONNECT_WITHIN_MS} ms`;
}

function closeIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}
