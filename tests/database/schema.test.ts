import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../database-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const prisma = join(ROOT, 'node_modules/prisma/build/index.js');

it('is what the migrations make, as far as Prisma can say it', { timeout: 60_000 }, async () => {
  const opened = await openTestDatabase({ via: 'postgres', role: 'postgres' });

  const diff = promisify(execFile)(
    process.execPath,
    [prisma, 'migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--script'],
    { cwd: ROOT, env: { ...process.env, DATABASE_URL: opened.url } },
  );

  expect((await diff).stdout.trim()).toBe('-- This is an empty migration.');
  await opened.close();
});

it('lets the application read and write everything, and never change the ledger', async () => {
  const opened = await openTestDatabase({ via: 'postgres' });
  const { database } = opened;

  const refused = ['UPDATE movements SET value_delta = 0', 'DELETE FROM movements', 'DROP TABLE movements'].map(
    (text) =>
      database.query({ text, values: [] }).then(
        () => 'done',
        (error: Error & { sqlState?: string }) => error.sqlState,
      ),
  );

  expect(await Promise.all(refused)).toEqual(['42501', '42501', '42501']);
  await opened.close();
});
