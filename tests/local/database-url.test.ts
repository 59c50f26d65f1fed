import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@inventory/database/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesNaming, runToEnd, startByNpm } from './running.ts';

let home: string;
let postgres: Awaited<ReturnType<typeof startPostgres>>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'database-url-'));
  postgres = await startPostgres({ dataDirectory: join(home, 'theirs'), durable: false });
});

afterAll(async () => {
  await postgres?.stop();
  await rm(home, { recursive: true, force: true });
});

test('npm start serves the database of DATABASE_URL, and starts none of its own', async () => {
  const dataDirectory = join(home, 'ours');
  const running = await startByNpm({ dataDirectory, environment: { DATABASE_URL: postgres.url } });

  const health = await fetch(`${running.url}/health/database`, {
    headers: { authorization: `Bearer ${running.token}` },
  });
  const started = await processesNaming(join(dataDirectory, 'postgres'));
  await running.interrupt();

  expect(await health.json()).toMatchObject({ status: 'OK', migrationsPending: [] });
  expect(started).toEqual([]);
});

test('and never empties it', async () => {
  const environment = { DATABASE_URL: postgres.url };

  const { exitCode, output } = await runToEnd(['start'], {
    dataDirectory: join(home, 'ours'),
    args: ['--empty'],
    environment,
  });

  expect(exitCode).toBe(1);
  expect(output).toContain('not that of DATABASE_URL');
});
