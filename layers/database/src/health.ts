import { DatabaseError } from './database-error.ts';
import type { Queryable, Row } from './queryable.ts';

/** The migrations that this release needs, oldest first: a deployed function has no folder to read them from. */
export const neededMigrations: readonly string[] = ['20261126000000_first_allocation'];

/** How long one statement took there and back, and the migrations by name, oldest first. */
export type DatabaseHealth = {
  readonly roundTripMilliseconds: number;
  readonly migrationsApplied: readonly string[];
  /** Those of this release that the database lacks. */
  readonly migrationsPending: readonly string[];
};

/** Asks the database for the ledger of its migrations. One call. Throws `DatabaseError` where it does not answer. */
export async function readHealth(database: Queryable): Promise<DatabaseHealth> {
  const start = performance.now();
  const rows = await readLedger(database);
  const roundTripMilliseconds = Math.round(performance.now() - start);
  const migrationsApplied = rows.map(({ name }) => String(name));
  const migrationsPending = neededMigrations.filter((name) => !migrationsApplied.includes(name));
  return { roundTripMilliseconds, migrationsApplied, migrationsPending };
}

async function readLedger(database: Queryable): Promise<readonly Row[]> {
  try {
    return await database.query({
      text: `SELECT migration_name::text AS name FROM "_prisma_migrations"
WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY started_at, migration_name LIMIT 1000`,
      values: [],
    });
  } catch (error) {
    if (error instanceof DatabaseError && error.sqlState === UNDEFINED_TABLE) return [];
    throw error;
  }
}

const UNDEFINED_TABLE = '42P01';
