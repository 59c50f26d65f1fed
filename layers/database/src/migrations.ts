import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils';
import { splitStatements } from './data-api/script.ts';
import { toDatabaseError } from './database-error.ts';
import { inTransaction } from './transaction.ts';

/** The migrations of a folder by what the database's ledger says of them. */
export type MigrationState = {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** In the ledger without an end, as Prisma leaves them: somebody has to look. */
  readonly failed: readonly string[];
  /** Changed after they were applied. */
  readonly changed: readonly string[];
  /** In the ledger, but not in the folder: a newer release was here. */
  readonly unknown: readonly string[];
};

/**
 * Applies the migrations of `folder` that the database lacks, in order, and returns their names.
 *
 * Writes Prisma's own ledger, so that `prisma migrate status` agrees. One transaction for each migration, under an
 * advisory lock, so that two runners may start at once. Throws, and applies nothing further, when a migration fails,
 * when one was changed after it was applied, or when the ledger holds one that failed.
 */
export async function migrate(database: MigrationTarget, folder: string): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  return withConnection(database, async (connection) => {
    const done: string[] = [];
    for (const migration of migrations) {
      const isApplied = await inTransaction(connection, (transaction) => applyOnce(transaction, migration));
      if (isApplied) done.push(migration.name);
    }
    return done;
  });
}

/** Compares `folder` with the ledger; changes nothing. */
export async function migrationState(database: MigrationTarget, folder: string): Promise<MigrationState> {
  const migrations = await readMigrations(folder);
  const ledger = await withConnection(database, async (connection) =>
    (await hasLedger(connection)) ? await readLedger(connection) : new Map<string, LedgerEntry>(),
  );
  const names = migrations.map(({ name }) => name);
  const entryOf = (name: string) => ledger.get(name);
  return {
    applied: names.filter((name) => entryOf(name)?.isFinished),
    pending: names.filter((name) => !entryOf(name)),
    failed: [...ledger].filter(([, entry]) => !entry.isFinished).map(([name]) => name),
    changed: migrations.filter(isChanged(ledger)).map(({ name }) => name),
    unknown: [...ledger.keys()].filter((name) => !names.includes(name)),
  };
}

/** A `Database`, or the adapter factory alone. */
export type MigrationTarget = SqlDriverAdapterFactory | { readonly adapter: SqlDriverAdapterFactory };

async function withConnection<Result>(
  target: MigrationTarget,
  work: (connection: SqlDriverAdapter) => Promise<Result>,
): Promise<Result> {
  const connection = await ('adapter' in target ? target.adapter : target).connect();
  try {
    return await work(connection);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await connection.dispose();
  }
}

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function applyOnce(transaction: SqlQueryable, migration: Migration): Promise<boolean> {
  await transaction.queryRaw(sql(`SELECT 1 AS locked FROM pg_advisory_xact_lock(${MIGRATION_LOCK})`));
  await transaction.executeRaw(sql(LEDGER));
  const ledger = await readLedger(transaction);
  const entry = ledger.get(migration.name);
  if (entry && !entry.isFinished)
    throw new Error(`Migration ${migration.name} is recorded as failed: resolve it first`);
  if (isChanged(ledger)(migration)) throw new Error(`Migration ${migration.name} was changed after it was applied`);
  if (entry) return false;

  for (const statement of splitStatements(migration.sql)) await transaction.executeRaw(sql(statement));
  await transaction.executeRaw(sql(RECORD, randomUUID(), migration.checksum, migration.name));
  return true;
}

/** The key that Prisma's own engine takes, so that the two also exclude each other. */
export const MIGRATION_LOCK = 72_707_369;

/** As Prisma's engine creates it. */
const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

const RECORD = `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
  VALUES (CAST($1 AS varchar), CAST($2 AS varchar), CAST($3 AS varchar), now(), 1)`;

type LedgerEntry = { readonly checksum: string; readonly isFinished: boolean };

/** A migration that was rolled back (`prisma migrate resolve`) counts as never applied. */
async function readLedger(connection: SqlQueryable): Promise<Map<string, LedgerEntry>> {
  const { rows } = await connection.queryRaw(
    sql(`SELECT migration_name::text, checksum::text, finished_at IS NOT NULL
      FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ORDER BY started_at`),
  );
  return new Map(
    rows.map(([name, checksum, isFinished]) => [
      String(name),
      { checksum: String(checksum), isFinished: isFinished === true },
    ]),
  );
}

async function hasLedger(connection: SqlQueryable): Promise<boolean> {
  const { rows } = await connection.queryRaw(sql(`SELECT to_regclass('"_prisma_migrations"') IS NOT NULL`));
  return rows[0]?.[0] === true;
}

const isChanged =
  (ledger: ReadonlyMap<string, LedgerEntry>) =>
  (migration: Migration): boolean => {
    const entry = ledger.get(migration.name);
    return entry !== undefined && entry.checksum !== migration.checksum;
  };

const sql = (text: string, ...args: string[]): SqlQuery => ({
  sql: text,
  args,
  argTypes: args.map(() => ({ scalarType: 'string', arity: 'scalar' })),
});
