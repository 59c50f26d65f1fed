import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Database, migrate, migrationState } from '@inventory/database';
import { createDatabase, dropDatabase, type Emulator, startEmulator } from '@inventory/database/local';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { dataApiConfig } from '../../database-fixture.ts';

const PRODUCT = join(import.meta.dirname, '../../../prisma/migrations');

describe.each(['postgres', 'data-api'] as const)('The migration runner via %s', (via) => {
  let name: string;
  let url: string;
  let folder: string;
  let emulator: Emulator;
  let database: Database;

  beforeEach(async () => {
    name = `migrations_${randomUUID().replaceAll('-', '')}`;
    url = await createDatabase(inject('postgresUrl'), name);
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    emulator = await startEmulator({ connectionString: url });
    database = open();
  });
  afterEach(async () => {
    await database.close();
    await emulator.close();
    await dropDatabase(inject('postgresUrl'), name);
    await rm(folder, { recursive: true });
  });

  const open = () => connect(via === 'postgres' ? { kind: 'postgres', url } : dataApiConfig(emulator.url));
  const write = async (migration: string, sql: string) => {
    await mkdir(join(folder, migration), { recursive: true });
    await writeFile(join(folder, migration, 'migration.sql'), sql);
  };
  const tables = async () =>
    (
      await database.query({
        text: `SELECT relname::text AS name FROM pg_class WHERE relname IN ('a', 'b', 'half') ORDER BY 1`,
        values: [],
      })
    ).map(({ name }) => name);

  it("applies the product's migrations once", async () => {
    await cp(PRODUCT, folder, { recursive: true });

    const first = await migrate(database, folder);
    const second = await migrate(database, folder);

    expect(first.length).toBeGreaterThan(0);
    expect(second).toEqual([]);
    expect(await migrationState(database, folder)).toEqual({
      applied: first,
      pending: [],
      failed: [],
      changed: [],
      unknown: [],
    });
  });

  it('applies in the order of the names, and says what is pending', async () => {
    await write('2_b', 'CREATE TABLE b (x int4 REFERENCES a (x))');
    await write('1_a', 'CREATE TABLE a (x int4 PRIMARY KEY); INSERT INTO a VALUES (1); -- done;');
    const before = await migrationState(database, folder);

    const applied = await migrate(database, folder);

    expect(before).toEqual({ applied: [], pending: ['1_a', '2_b'], failed: [], changed: [], unknown: [] });
    expect(applied).toEqual(['1_a', '2_b']);
    expect(await tables()).toEqual(['a', 'b']);
  });

  it('leaves nothing of a migration that fails, and keeps those before it', async () => {
    await write('1_a', 'CREATE TABLE a (x int4)');
    await write('2_half', 'CREATE TABLE half (x int4); SELECT 1; CREATE TABLE b (x no_such_type)');

    await expect(migrate(database, folder)).rejects.toMatchObject({ name: 'DatabaseError', sqlState: '42704' });

    expect(await tables()).toEqual(['a']);
    expect(await migrationState(database, folder)).toMatchObject({ applied: ['1_a'], pending: ['2_half'] });
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await write('1_a', 'CREATE TABLE a (x int4)');
    await migrate(database, folder);
    await write('1_a', 'CREATE TABLE a (x int8)');

    await expect(migrate(database, folder)).rejects.toThrow('Migration 1_a was changed after it was applied');

    expect(await migrationState(database, folder)).toMatchObject({ applied: ['1_a'], changed: ['1_a'] });
  });

  it('refuses to go on where the ledger holds a failed migration, until it is resolved', async () => {
    await write('1_a', 'CREATE TABLE a (x int4)');
    await migrate(database, folder);
    await write('2_b', 'CREATE TABLE b (x int4)');
    await database.query({
      text: `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '2_b')`,
      values: [],
    });

    await expect(migrate(database, folder)).rejects.toThrow('Migration 2_b is recorded as failed');
    expect(await migrationState(database, folder)).toMatchObject({ failed: ['2_b'] });

    await database.query({ text: `UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = 'x'`, values: [] });
    expect(await migrate(database, folder)).toEqual(['2_b']);
  });

  it('knows what a newer release has applied', async () => {
    await write('1_a', 'CREATE TABLE a (x int4)');
    await write('2_b', 'CREATE TABLE b (x int4)');
    await migrate(database, folder);
    await rm(join(folder, '2_b'), { recursive: true });

    expect(await migrationState(database, folder)).toMatchObject({ applied: ['1_a'], unknown: ['2_b'] });
  });

  it('lets two runners start at once', async () => {
    await write('1_a', 'CREATE TABLE a AS SELECT 1 AS x FROM pg_sleep(0.2)');
    await write('2_b', 'CREATE TABLE b (x int4)');
    const other = open();

    const applied = await Promise.all([migrate(database, folder), migrate(other, folder)]);

    expect(applied.flat().sort()).toEqual(['1_a', '2_b']);
    await other.close();
  });
});
