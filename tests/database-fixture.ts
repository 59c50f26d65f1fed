import { randomUUID } from 'node:crypto';
import { type ConnectOptions, connect, type Database } from '@inventory/database';
import {
  cloneDatabase,
  dropDatabase,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from '@inventory/database/local';
import { inject } from 'vitest';
import { TEMPLATE } from './postgres.setup.ts';

/** The role that the application logs in as; a migration makes it. */
export const APPLICATION_ROLE = 'inventory_application';

export type TestDatabase = {
  /** As the application has it: through the Data API emulator, or by plain PostgreSQL. */
  readonly database: Database;
  /** Past the application's role, for what a test prepares or looks at behind its back. */
  readonly administrator: Database;
  /** Of the application's role on plain PostgreSQL. */
  readonly url: string;
  /** Throws on plain PostgreSQL, where there is none. */
  readonly emulator: Emulator;
  /** What to call `connect` with for a connection of one's own. */
  readonly config: Parameters<typeof connect>[0];
  close(): Promise<void>;
};

export type TestDatabaseOptions = ConnectOptions & {
  readonly via?: 'data-api' | 'postgres';
  readonly emulator?: Omit<EmulatorOptions, 'connectionString'>;
  /** `postgres` is the administrator. */
  readonly role?: string;
};

/** A fresh copy of the migrated database, by default through the Data API emulator, as in AWS. */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { via = 'data-api', role = APPLICATION_ROLE, emulator: emulatorOptions, ...connectOptions } = options;
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const administratorUrl = await cloneDatabase(server, { template: TEMPLATE, name });
  const administrator = connect({ kind: 'postgres', url: administratorUrl });
  const url = asRole(administratorUrl, role);
  const emulator = via === 'data-api' ? await startEmulator({ ...emulatorOptions, connectionString: url }) : undefined;
  const config = emulator ? dataApiConfig(emulator.url) : ({ kind: 'postgres', url } as const);
  const database = connect(config, connectOptions);

  return {
    database,
    administrator,
    url,
    config,
    get emulator() {
      if (!emulator) throw new Error('On plain PostgreSQL there is no emulator');
      return emulator;
    },
    close: async () => {
      await database.close();
      await administrator.close();
      await emulator?.close();
      await dropDatabase(server, name);
    },
  };
}

export const dataApiConfig = (endpoint: string) =>
  ({
    kind: 'data-api',
    resourceArn: 'arn:aws:rds:local:000000000000:cluster:inventory',
    secretArn: 'arn:aws:secretsmanager:local:000000000000:secret:inventory',
    database: 'inventory',
    endpoint,
  }) as const;

function asRole(url: string, role: string): string {
  const address = new URL(url);
  address.username = role;
  return address.href;
}
