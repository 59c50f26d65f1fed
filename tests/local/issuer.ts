import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves what `documentsAt(address)` answers, by path, as JSON; `calls` are the paths that were asked for. */
export async function startIssuer(documentsAt: (address: string) => Record<string, unknown>) {
  const calls: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    calls.push(url);
    const document = documents[url];
    response
      .writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(document ?? null));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const documents = documentsAt(address);

  return { address, calls, close: () => server.close() };
}
