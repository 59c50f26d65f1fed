// npm run dev:sam: PostgreSQL, the Data API emulator and an issuer of tokens where the containers of `sam local` reach them.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, relative } from 'node:path';
import { scopes } from '@inventory/schemas';
import { announce, claim, openDataDirectory, unclaim } from './data-directory.ts';
import { startDatabase } from './database.ts';
import { containerHost, containerHostName, hasLambdaImage } from './docker.ts';
import { type Ending, prepareEnding } from './ending.ts';
import { issuerDocuments, issueToken, localAudience, type SigningKey } from './issuer.ts';
import { devSamHelp, readDevSamOptions, UsageError } from './options.ts';
import { samCommands } from './sam-commands.ts';

const ending = prepareEnding();
try {
  const options = readDevSamOptions(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(devSamHelp);
    await ending.end(0);
  }
  await start(options.dataDirectory, ending);
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  await ending.end(1);
}

async function start(dataDirectory: string, ending: Ending): Promise<void> {
  const { key, cluster } = await openDataDirectory(dataDirectory);
  const other = await claim(dataDirectory, key);
  if (other)
    throw new UsageError(`${other.url} (process ${other.pid}) serves this data: stop it, or choose another DATA_DIR.`);
  ending.before(() => unclaim(dataDirectory));

  const host = await containerHost();
  const [environment, issuer] = await Promise.all([
    startDatabase(cluster, ending, { host }),
    startIssuer({ key, host, dataDirectory }),
  ]);
  ending.before(() => close(issuer.server));
  await announce(dataDirectory, issuer.address);

  const file = join(dataDirectory, 'sam-environment.json');
  const { CLUSTER_ARN = '', SECRET_ARN = '', DATABASE_NAME = '', AWS_ENDPOINT_URL_RDS_DATA = '' } = environment;
  const variables = {
    ...{ CLUSTER_ARN, SECRET_ARN, DATABASE_NAME },
    AWS_ENDPOINT_URL_RDS_DATA: AWS_ENDPOINT_URL_RDS_DATA.replace(host, containerHostName),
    JWT_ISSUER: issuer.name,
    JWT_AUDIENCE: localAudience,
    SIGN_IN_ISSUER: '', // a browser does not know the containers' name for it: the page takes the printed token
    RELEASE_ID: 'local',
  };
  // `Parameters` is for every function; each takes what the template declares for it.
  await writeFile(file, `${JSON.stringify({ Parameters: variables }, null, 2)}\n`);

  const token = { sub: 'local-developer', scope: Object.keys(scopes).join(' '), now: new Date(), issuer: issuer.name };
  console.log(
    samCommands({
      ...{ host, hasImage: await hasLambdaImage(), environmentFile: relative(process.cwd(), file) || file },
      token: await issueToken(key, { ...token, ttlSeconds: 86_400 }),
      expiredToken: await issueToken(key, { ...token, ttlSeconds: -1 }),
    }),
  );
}

type Issuer = { readonly key: SigningKey; readonly host: string; readonly dataDirectory: string };

/** Its documents, at the name by which the authorizer's container asks for them. */
async function startIssuer({ key, host, dataDirectory }: Issuer) {
  const server = createServer((request, response) => {
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? {}));
  });
  // The same port at each start, if it is free: a printed token names its issuer.
  const usual = 20_000 + (createHash('sha256').update(dataDirectory).digest().readUInt16BE() % 10_000);
  const port = await listen(server, host, usual).catch(() => listen(server, host, 0));
  const name = `http://${containerHostName}:${port}`;
  const documents = issuerDocuments(key, name, name);
  return { server, name, address: `http://${host}:${port}` };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
