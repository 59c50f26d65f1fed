import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { chooseAccount } from './account.ts';
import { findRunningServer } from './adoption.ts';
import { findBinaries } from './binaries.ts';
import { prepareCluster } from './cluster.ts';
import { freePort, startServer } from './server.ts';

export type PostgresOptions = {
  readonly dataDirectory: string;
  /** False for tests: nothing is forced to the disk, and a crash of the machine loses the data. */
  readonly durable: boolean;
  /** A free one where it is left out. */
  readonly port?: number;
};

export type Postgres = {
  /** Of the administrator, in the database `postgres`. */
  readonly url: string;
  /** Somebody else started the server and will stop it. */
  readonly adopted: boolean;
  stop(): Promise<void>;
};

/**
 * A PostgreSQL 17 server of our own on 127.0.0.1, as Aurora's is. It ends with this process, by `stop()` or however
 * the process ends. A second start on the same directory adopts the server that runs.
 *
 * SIGINT and SIGTERM are the caller's to handle: whoever uses the server closes first.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dataDirectory = resolve(options.dataDirectory);
  const running = await findRunningServer(dataDirectory);
  if (running) return { url: running, adopted: true, stop: async () => {} };

  const binaries = findBinaries();
  mkdirSync(dirname(dataDirectory), { recursive: true });
  const account = chooseAccount([binaries.postgres, dirname(dataDirectory)]);
  await prepareCluster(dataDirectory, binaries, account);
  const attempt = async () =>
    startServer(
      { dataDirectory, durable: options.durable, port: options.port ?? (await freePort()) },
      binaries,
      account,
    );
  // Between the question for a free port and the start, another program may take it.
  const server = await attempt().catch((error) => (options.port === undefined ? attempt() : Promise.reject(error)));
  return { url: server.url, adopted: false, stop: server.stop };
}
