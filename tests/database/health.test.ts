import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { neededMigrations, readHealth } from '@inventory/database';
import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '../database-fixture.ts';

const folder = join(import.meta.dirname, '../../prisma/migrations');

it('knows every migration of the release', () => {
  const migrations = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

  expect(neededMigrations).toEqual(migrations.map(({ name }) => name).sort());
});

describe.each(['postgres', 'data-api'] as const)('health over %s', (via) => {
  it('tells what is applied and what is pending', async () => {
    const { database, administrator, close } = await openTestDatabase({ via });

    const sound = await readHealth(database);
    await administrator.query({ text: 'DELETE FROM "_prisma_migrations"', values: [] });
    const pending = await readHealth(database);
    await administrator.query({ text: 'DROP TABLE "_prisma_migrations"', values: [] });
    const empty = await readHealth(database);

    expect(sound).toMatchObject({ migrationsApplied: neededMigrations, migrationsPending: [] });
    expect(sound.roundTripMilliseconds).toBeGreaterThanOrEqual(0);
    expect(pending).toMatchObject({ migrationsApplied: [], migrationsPending: neededMigrations });
    expect(empty).toMatchObject({ migrationsApplied: [], migrationsPending: neededMigrations });
    await close();
  });
});
