// PostgreSQL, the Data API emulator, the API and its page on this machine, on the code path that AWS runs.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createVerifier } from '../authorizer/verify.ts';
import { announce, claim, emptyDataDirectory, openDataDirectory, unclaim } from './data-directory.ts';
import { type Ending, prepareEnding } from './ending.ts';
import { type Api, createGateway } from './gateway.ts';
import { issueToken, localAudience, localIssuer, type SigningKey } from './issuer.ts';
import { issuerEndpoints } from './issuer-endpoints.ts';
import { readStartOptions, startHelp, UsageError } from './options.ts';
import { routesOf } from './route.ts';
import { consoleClient } from './sign-in.ts';

const ending = prepareEnding();
try {
  const options = readStartOptions(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(startHelp);
    await ending.end(0);
  }
  await start(options, ending);
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  await ending.end(1);
}

type Options = ReturnType<typeof readStartOptions>;

async function start({ dataDirectory, port, empty }: Options, ending: Ending): Promise<void> {
  const directory = await openDataDirectory(dataDirectory);
  if (empty && process.env.DATABASE_URL)
    throw new UsageError('--empty deletes only data of its own, not that of DATABASE_URL.');
  const other = await claim(dataDirectory, directory.key);
  if (other) return sayWhatRuns(other, empty, ending);
  ending.before(() => unclaim(dataDirectory));

  const api = Promise.withResolvers<Api>();
  const server = createGateway(api.promise);
  const url = await listen(server, port); // before anything is started or deleted: the port may be in use
  if (empty) await emptyDataDirectory(directory);

  api.resolve(await loadApi({ cluster: directory.cluster, key: directory.key, url, ending }));
  ending.before(() => close(server)); // before what the requests in hand need
  await announce(dataDirectory, url);
  console.log(await greeting({ url, dataDirectory, key: directory.key }));
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')))
      throw error;
    const why = error.code === 'EADDRINUSE' ? 'is in use' : 'is not for everyone to take';
    throw new UsageError(
      `Port ${port} ${why}. Choose another: PORT=${port < 3000 ? 3000 : port + 1} npm start (0 takes a free one)`,
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port');
  return `http://127.0.0.1:${address.port}`;
}

/** Lets the requests in hand end, for a second; connections that wait for a next one are closed at once. */
function close(server: Server): Promise<void> {
  setTimeout(() => server.closeAllConnections(), 1_000).unref();
  return new Promise((resolve) => server.close(() => resolve()));
}

type Parts = { readonly cluster: string; readonly key: SigningKey; readonly url: string; readonly ending: Ending };

/** Loads what needs no database while PostgreSQL starts, and the handlers, which read the environment, after that. */
async function loadApi({ cluster, key, url, ending }: Parts): Promise<Api> {
  const { startDatabase, useDatabase } = await import('./database.ts');
  const { DATABASE_URL } = process.env;
  const [environment, { contractList }] = await Promise.all([
    DATABASE_URL ? useDatabase(DATABASE_URL) : startDatabase(cluster, ending),
    import('@inventory/schemas'),
    import('../console/generate.ts').then(({ generatePage }) => generatePage()),
  ]);
  Object.assign(process.env, environment, {
    SIGN_IN_ISSUER: localIssuer,
    SIGN_IN_ADDRESS: '/',
    SIGN_IN_AUDIENCE: localAudience,
  });

  const [main, allocation, page, { workOffLargeRuns }] = await Promise.all([
    import('../main/handler.ts'),
    import('../allocation/handler.ts'),
    import('../console/handler.ts'),
    import('./large-runs.ts'),
  ]);
  workOffLargeRuns(ending);
  return {
    routes: routesOf(contractList),
    handlers: { main: main.handler, allocation: allocation.handler, console: page.handler },
    stageVariables: { ConsoleClientId: consoleClient },
    verify: createVerifier({ issuer: localIssuer, audience: localAudience, address: url }),
    issuer: issuerEndpoints(key),
  };
}

function sayWhatRuns({ url, pid }: { url: string; pid: number }, empty: boolean, ending: Ending): Promise<void> {
  if (empty) throw new UsageError(`${url} (process ${pid}) serves this data. Stop it first: nothing was deleted.`);
  console.log(`It runs already: ${url} (process ${pid}). Another DATA_DIR and PORT make a second one.`);
  return ending.end(0);
}

type Started = { readonly url: string; readonly dataDirectory: string; readonly key: SigningKey };

async function greeting({ url, dataDirectory, key }: Started): Promise<string> {
  const { scopes } = await import('@inventory/schemas');
  const token = await issueToken(key, {
    sub: 'local-developer',
    scope: Object.keys(scopes).join(' '),
    ttlSeconds: 86_400,
    now: new Date(),
  });
  const data = process.env.DATABASE_URL ? 'the database of DATABASE_URL' : dataDirectory;
  return `
Inventory Allocation listens on ${url}, its data is in ${data}. Ctrl-C ends it.

Console:     ${url}/console
Docs:        ${url}/docs
Token:       ${token}
             every scope, one day; npm run -s token -- --help makes others
First call:  curl -s ${url}/health/database -H "Authorization: Bearer ${token}"
`;
}
