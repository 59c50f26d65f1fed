import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** S3 as far as `sam package` uses it: keeps what is put, by path, and knows what it keeps. */
export async function startCodeStore() {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await buffer(request);
    if (request.method === 'PUT') objects.set(path, body);
    response.writeHead(objects.has(path) ? 200 : 404, { ETag: '"0"' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
