import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type Artifactory = {
  readonly url: string;
  readonly token: string;
  /** By path. */
  readonly files: Map<string, Buffer>;
  /** What came, such as `PUT /releases/…`, with its authorization. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** What the next requests meet, one each, before it answers as it should. */
  readonly faults: Fault[];
  close(): Promise<void>;
};

export type Fault = number | 'cut' | 'hang up' | 'other bytes';

/** A generic repository as Artifactory serves it: bearer token, checksum header, 201, 401, 404, 409. */
export async function startArtifactory(token: string): Promise<Artifactory> {
  const files = new Map<string, Buffer>();
  const requests: Artifactory['requests'] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    serve(request, response).catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const fault = faults.shift();
    const path = request.url ?? '';
    const body = request.method === 'PUT' && fault !== 'hang up' ? await buffer(request) : Buffer.of();
    if (fault === 'hang up') return request.socket.destroy();
    if (typeof fault === 'number') return answer(response, fault, `errors: ${fault}`);
    if (!isKnown(request)) return answer(response, 401, 'Bad Credentials');
    if (request.method === 'PUT') return put(response, { path, body, sum: request.headers['x-checksum-sha256'] });
    const file = files.get(path);
    if (file === undefined) return answer(response, 404, 'File not found.');
    if (fault === 'other bytes') return answer(response, 200, Buffer.from('something else'));
    if (fault !== 'cut') return answer(response, 200, file);
    response.writeHead(200, { 'Content-Length': file.length });
    return response.write(file.subarray(0, file.length / 2), () => request.socket.destroy());
  }

  function put(
    response: ServerResponse,
    sent: { path: string; body: Buffer; sum: string | string[] | undefined },
  ): void {
    const sha256 = createHash('sha256').update(sent.body).digest('hex');
    const isRight = sent.sum === sha256;
    if (isRight) files.set(sent.path, sent.body);
    answer(response, isRight ? 201 : 409, JSON.stringify({ checksums: { sha256 } }));
  }

  const isKnown = ({ headers }: IncomingMessage) =>
    headers.authorization === `Bearer ${token}` ||
    headers.authorization === `Basic ${Buffer.from(`deployer:${token}`).toString('base64')}`;

  return {
    ...{ url: `http://127.0.0.1:${port}/artifactory`, token, files, requests, faults },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status).end(body);
}
