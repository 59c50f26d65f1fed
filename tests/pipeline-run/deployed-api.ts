import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { consoleDocument } from '../../functions/console/document.ts';
import { pageFiles } from '../../functions/console/page-files.ts';
import { readPageSettings } from '../../functions/console/settings.ts';
import { readWorld } from '../pipeline/scripts/stand-in/world.ts';

/** The API of the environment that is asked for by its path, as far as the smoke test goes; the release is what was deployed. */
export async function startDeployedApi({ worldFile, token }: { worldFile: string; token: string }) {
  const server = createServer((request, response) => {
    const [, stack = '', ...path] = (request.url ?? '').split('/');
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
    const route = `${request.method} /${path.join('/')}`;
    const releaseId = readWorld(worldFile).stacks[stack]?.outputs.ReleaseId;
    if (route === 'GET /health') return answer(200, { releaseId });
    if (route === 'GET /console') {
      const settings = readPageSettings({ RELEASE_ID: releaseId }, undefined);
      return response.end(consoleDocument(pageFiles('', ''), settings, []).html);
    }
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, {});
    if (route === 'GET /health/database') return answer(200, { status: 'OK' });
    return route === 'POST /allocate' ? answer(200, { status: 'SIMULATED' }) : answer(404, {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a server that listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
