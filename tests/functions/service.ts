import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** Null where it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it is
  readonly body: any;
};

/** `CUT` breaks the connection; `SILENCE` never answers. */
export type Given =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'CUT'
  | 'SILENCE';

export type Service = {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** What the next requests are answered with, in their order; then again as at the start. */
  next(...answers: Given[]): void;
  /** From now on, until `recover`. */
  fail(answer: Given): void;
  recover(): void;
  close(): void;
};

/** Stands in for a service of AWS: keeps what it is sent and answers what it is told. */
export async function startService(usually: (request: Seen) => Given | Promise<Given> = () => ({})): Promise<Service> {
  const seen: Seen[] = [];
  const ordered: Given[] = [];
  let failure: Given | undefined;
  const server = createServer(async (message, response) => {
    const body = await text(message);
    const headers: Record<string, string | undefined> = {};
    for (const [name, value] of Object.entries(message.headers)) headers[name] = String(value);
    const request = { method: message.method ?? '', path: message.url ?? '', headers, text: body, body: jsonOf(body) };
    seen.push(request);
    const answer = ordered.shift() ?? failure ?? (await usually(request));
    if (answer === 'SILENCE') return;
    if (answer === 'CUT') return response.destroy();
    const { status = 200, body: given = {}, headers: more = {} } = answer;
    response.writeHead(status, more).end(JSON.stringify(given));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server that listens

  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    next: (...answers) => ordered.push(...answers),
    fail: (answer) => {
      failure = answer;
    },
    recover: () => {
      failure = undefined;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
