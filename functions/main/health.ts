import { readHealth as readDatabase } from '@inventory/database';
import type { DatabaseHealthResponse, HealthResponse } from '@inventory/schemas';
import type { Context, Reply } from '../http/use-case.ts';

/** That the function runs, and of which release. Never touches the database. */
export function readHealth(_request: unknown, { settings }: Context): Reply {
  const body: HealthResponse = { status: 'OK', releaseId: settings.releaseId };
  return { status: 200, body };
}

/** One round trip to the database, and whether it has the migrations that this release needs. */
export async function readDatabaseHealth(_request: unknown, { database }: Context): Promise<Reply> {
  const health = await readDatabase(database);
  const body: DatabaseHealthResponse = {
    status: health.migrationsPending.length === 0 ? 'OK' : 'MIGRATIONS_PENDING',
    roundTripMilliseconds: health.roundTripMilliseconds,
    migrationsApplied: [...health.migrationsApplied],
    migrationsPending: [...health.migrationsPending],
  };
  return { status: 200, body };
}
