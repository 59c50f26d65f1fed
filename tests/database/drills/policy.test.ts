import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededMigrations } from '@inventory/database';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../database-fixture.ts';
import { policyViolations, tablesWithoutGrant } from './policy.ts';

const FOLDER = join(import.meta.dirname, '../../../prisma/migrations');
const migrations = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, sql: readFileSync(join(FOLDER, name, 'migration.sql'), 'utf8') }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A database that has applied a migration refuses any other text for it, so a committed one is never edited. */
const committed: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'committed-migrations.json'), 'utf8'),
);

describe('The migrations', () => {
  it('are as they were committed; what they lack is a new migration', () => {
    const now = Object.fromEntries(
      migrations.map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex')]),
    );

    expect(now).toEqual(committed);
  });

  it('are all needed by the code, in their order', () => {
    expect(migrations.map(({ name }) => name)).toEqual(neededMigrations);
  });

  it.each(migrations)('$name breaks no release that still serves, and locks nothing for long', ({ sql }) => {
    expect(policyViolations(sql)).toEqual([]);
  });

  it.each(migrations)('$name lets the application read and write its tables', ({ sql }) => {
    expect(tablesWithoutGrant(sql)).toEqual([]);
  });

  it('leave no table that the application cannot read and add to', async () => {
    const opened = await openTestDatabase({ via: 'postgres', role: 'postgres' });

    const closed = await opened.administrator.query({
      text: `SELECT tablename::text AS name FROM pg_tables JOIN pg_class ON oid = to_regclass(format('%I.%I', schemaname, tablename))
        WHERE schemaname = 'public' AND NOT (
          has_table_privilege('inventory_application', oid, 'SELECT') AND
          has_table_privilege('inventory_application', oid, 'INSERT'))`,
      values: [],
    });

    // Prisma's ledger: the application reads it and writes none of it.
    expect(closed.map(({ name }) => name).filter((name) => name !== '_prisma_migrations')).toEqual([]);
    await opened.close();
  });
});

describe('The policy', () => {
  const NEW = 'CREATE TABLE "t" ("a" int NOT NULL);\n';

  it.each([
    ['drops a table', 'DROP TABLE "orders"'],
    ['drops a column', 'ALTER TABLE "orders" DROP COLUMN "customer_id"'],
    ['drops a column in passing', 'ALTER TABLE "orders" ADD COLUMN "x" text, DROP "customer_id"'],
    ['drops an index', 'DROP INDEX "orders_open_idx"'],
    ['drops a type', 'DROP TYPE "x"'],
    ['renames a table', 'ALTER TABLE "orders" RENAME TO "sales"'],
    ['renames a column', 'ALTER TABLE "orders" RENAME COLUMN "priority" TO "rank"'],
    ['changes a type', 'ALTER TABLE "orders" ALTER COLUMN "priority" TYPE integer'],
    ['changes a type in other words', 'alter table orders alter priority set data type integer'],
    ['demands a value', 'ALTER TABLE "orders" ALTER COLUMN "customer_id" SET NOT NULL'],
    ['takes a default away', 'ALTER TABLE "orders" ALTER COLUMN "version" DROP DEFAULT'],
    ['adds a column that old code does not fill', 'ALTER TABLE "orders" ADD COLUMN "x" text NOT NULL'],
    [
      'adds two columns, one of which old code does not fill',
      `ALTER TABLE orders ADD COLUMN a int NOT NULL DEFAULT 1, ADD COLUMN b int NOT NULL`,
    ],
    ['adds a column with a default for each row', 'ALTER TABLE "orders" ADD COLUMN "x" uuid DEFAULT gen_random_uuid()'],
    ['adds a column that is computed', 'ALTER TABLE "orders" ADD COLUMN "x" int GENERATED ALWAYS AS (1) STORED'],
    ['adds a check on every row', 'ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK ("priority" > 0)'],
    [
      'adds a foreign key on every row',
      'ALTER TABLE "orders" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "t" ("id")',
    ],
    ['adds a reference with its column', 'ALTER TABLE "orders" ADD COLUMN "x" uuid REFERENCES "t" ("id")'],
    ['makes something unique', 'ALTER TABLE "orders" ADD CONSTRAINT "u" UNIQUE ("customer_id")'],
    ['builds an index on a table in use', 'CREATE INDEX "i" ON "orders" ("customer_id")'],
    ['builds a unique index on a table in use', 'CREATE UNIQUE INDEX IF NOT EXISTS "i" ON "orders" ("customer_id")'],
    ['builds an index outside of a transaction', 'CREATE INDEX CONCURRENTLY "i" ON "orders" ("customer_id")'],
    ['writes every row', `UPDATE "orders" SET "priority" = 1`],
    ['deletes rows', 'DELETE FROM "orders"'],
    ['empties a table', 'TRUNCATE "orders"'],
    ['locks a table', 'LOCK TABLE "orders"'],
    ['begins a transaction', 'BEGIN; SELECT 1; COMMIT'],
    ['hides it behind a comment', '/* harmless */ DROP TABLE "orders"'],
    ['hides it between harmless ones', `${NEW} DROP TABLE "orders"`],
    ['has a statement that the Data API does not take', `SELECT '${'x'.repeat(65_536)}'`],
  ])('refuses a migration that %s', (_, sql) => {
    expect(policyViolations(sql)).not.toEqual([]);
  });

  it.each([
    ['adds a column that may be empty', 'ALTER TABLE "orders" ADD COLUMN "x" text'],
    ['adds a column with one default', 'ALTER TABLE "orders" ADD COLUMN "x" text NOT NULL DEFAULT \'web\''],
    [
      'adds a table and its index',
      `${NEW} CREATE INDEX "i" ON "t" ("a"); ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0)`,
    ],
    ['adds a check for new rows', 'ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK ("priority" > 0) NOT VALID'],
    ['validates it later', 'ALTER TABLE "orders" VALIDATE CONSTRAINT "c"'],
    ['allows more than before', 'ALTER TABLE "orders" ALTER COLUMN "priority" DROP NOT NULL'],
    ['says why its lock is short', '-- brief: some hundred rows\nCREATE INDEX "i" ON "costing_periods" ("status")'],
    ['says since when nothing uses what goes', '-- contract: v1.2.0\nALTER TABLE "orders" DROP COLUMN "x"'],
  ])('accepts a migration that %s', (_, sql) => {
    expect(policyViolations(sql)).toEqual([]);
  });

  it('lets an excuse count for what it excuses only', () => {
    expect(policyViolations('-- contract: v1.2.0\nUPDATE "orders" SET "priority" = 1')).not.toEqual([]);
    expect(policyViolations('-- brief: it is not used\nDROP TABLE "orders"')).not.toEqual([]);
    expect(policyViolations('-- contract: some day\nDROP TABLE "orders"')).not.toEqual([]);
    expect(policyViolations('-- contract: v1.2.0\nALTER TABLE "orders" RENAME TO "sales"')).not.toEqual([]);
    expect(
      policyViolations('-- brief: small\nCREATE INDEX "i" ON "t" ("a"); CREATE INDEX "j" ON "orders" ("id")'),
    ).toHaveLength(1);
  });

  it('misses no grant', () => {
    const grant = 'GRANT SELECT, INSERT ON "t" TO "inventory_application"';

    expect(tablesWithoutGrant(NEW)).toEqual(['t']);
    expect(tablesWithoutGrant(`${NEW} GRANT SELECT ON "t" TO "inventory_application"`)).toEqual(['t']);
    expect(tablesWithoutGrant(`${NEW} GRANT SELECT, INSERT ON "t" TO "somebody"`)).toEqual(['t']);
    expect(tablesWithoutGrant(`${NEW} ${grant}`)).toEqual([]);
  });
});
