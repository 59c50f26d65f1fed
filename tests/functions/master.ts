import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Database } from '@inventory/database';
import { createDatabase, type Emulator, startEmulator, startPostgres } from '@inventory/database/local';

const MASTER = 'inventory_admin';
export const APPLICATION = 'inventory_application';

export type Cluster = {
  /** A database as CloudFormation makes it: empty, of the master user, behind the Data API. */
  open(): Promise<Fresh>;
  stop(): Promise<void>;
};

export type Fresh = {
  readonly emulator: Emulator;
  /** Of the superuser, whom nobody has on Aurora. */
  readonly superuser: Database;
  /** Who may log in with this password: PostgreSQL asks the application's role for it. */
  logIn(password: string): Promise<Database>;
  close(): Promise<void>;
};

/** A server of its own, where roles may be made: its master user is no superuser, as on Aurora. */
export async function startCluster(): Promise<Cluster> {
  const dataDirectory = join(tmpdir(), `inventory-cluster-${randomUUID()}`);
  const postgres = await startPostgres({ dataDirectory, durable: false });
  const rules = join(dataDirectory, 'pg_hba.conf');
  await writeFile(rules, `host all ${APPLICATION} 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  const superuser = connect({ kind: 'postgres', url: postgres.url });
  await superuser.query({ text: `CREATE ROLE ${MASTER} LOGIN CREATEROLE CREATEDB`, values: [] });
  await superuser.query({ text: 'SELECT pg_reload_conf()', values: [] });

  return {
    open: async () => openFresh(postgres.url),
    stop: async () => {
      await superuser.close();
      await postgres.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function openFresh(server: string): Promise<Fresh> {
  const name = `fresh_${randomUUID().replaceAll('-', '')}`;
  const url = await createDatabase(server, name);
  const superuser = connect({ kind: 'postgres', url });
  await superuser.query({ text: `ALTER DATABASE ${name} OWNER TO ${MASTER}`, values: [] });
  const emulator = await startEmulator({ connectionString: as(url, MASTER) });
  const opened: Database[] = [superuser];
  return {
    emulator,
    superuser,
    logIn: async (password) => {
      const database = connect({ kind: 'postgres', url: as(url, APPLICATION, password) });
      opened.push(database);
      return database;
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await emulator.close();
    },
  };
}

function as(url: string, user: string, password = ''): string {
  const address = new URL(url);
  address.username = user;
  address.password = encodeURIComponent(password);
  return address.href;
}
