import { join } from 'node:path';
import { startEmulator, startPostgres } from '@inventory/database/local';
import type { Ending } from './ending.ts';

/** The role of the application in the database; a migration makes it. */
const applicationRole = 'inventory_application';

const migrations = join(import.meta.dirname, '../../prisma/migrations');

/** What the functions' environment must say, so that they find the database. */
export type DatabaseEnvironment = Readonly<Record<string, string>>;

/**
 * Starts PostgreSQL on the cluster, brings the schema up to date, and puts the Data API emulator before it: what the
 * functions do here is what they do in AWS. Only the emulator listens on `host`: PostgreSQL never leaves this machine.
 */
export async function startDatabase(
  cluster: string,
  ending: Ending,
  { host = '127.0.0.1' } = {},
): Promise<DatabaseEnvironment> {
  const starting = startPostgres({ dataDirectory: cluster, durable: true });
  // Named before it is there: a Ctrl-C during initdb waits for it, and leaves no half of a cluster.
  ending.before(async () => (await starting.catch(() => undefined))?.stop());
  // Prisma and the SDK are loaded while PostgreSQL starts.
  const [{ url }] = await Promise.all([starting, import('@inventory/database')]);
  await migrateAt(url);

  const application = new URL(url);
  application.username = applicationRole;
  const emulator = await startEmulator({ connectionString: application.href, host });
  ending.before(() => emulator.close());
  return {
    AWS_ENDPOINT_URL_RDS_DATA: emulator.url,
    // The SDK signs every call; the emulator looks at no signature.
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    CLUSTER_ARN: 'arn:aws:rds:local:000000000000:cluster:local',
    SECRET_ARN: 'arn:aws:secretsmanager:local:000000000000:secret:local',
    DATABASE_NAME: application.pathname.slice(1),
  };
}

/** Brings somebody else's PostgreSQL up to date; the functions then speak to it directly, without the Data API. */
export async function useDatabase(url: string): Promise<DatabaseEnvironment> {
  await migrateAt(url);
  return { DATABASE_URL: url };
}

async function migrateAt(url: string): Promise<void> {
  const { connect, migrate } = await import('@inventory/database');
  const database = connect({ kind: 'postgres', url });
  try {
    await migrate(database, migrations);
  } finally {
    await database.close();
  }
}
