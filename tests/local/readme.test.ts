import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { allocationMethods } from '@inventory/models';
import { expect, test } from 'vitest';
import { startByNpm } from './running.ts';

const repository = resolve(import.meta.dirname, '../..');
const readme = await readFile(join(repository, 'README.md'), 'utf8');

test('the first allocation of the README works as it stands', async () => {
  const [, script = ''] = /<!-- The suite runs this block as it stands. -->\n```sh\n(.*?)```/s.exec(readme) ?? [];
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  const running = await startByNpm({ dataDirectory: join(folder, 'data') });

  const { stdout } = await promisify(execFile)(
    'bash',
    ['-c', script.replace('API=http://127.0.0.1:3000', `API=${running.url}`)],
    { cwd: repository, env: { ...process.env, DATA_DIR: join(folder, 'data') } },
  ).finally(() => running.interrupt());
  await rm(folder, { recursive: true });

  const [lots, orders, compared, allocated] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect([lots.length, orders.length, compared.comparison.length]).toEqual([2, 2, 3]);
  expect(
    allocated.results.map(({ quantity, costAmount }: Record<string, string>) => `${quantity} = ${costAmount}`),
  ).toEqual(['10 = 120.00', '2 = 20.00', '3 = 30.00']);
  expect(allocated.shortages).toMatchObject([
    { short: '7', reasons: [{ code: 'ALLOCATED_TO_OTHERS', quantity: '7' }] },
  ]);
});

test('the README names every method, and every npm script that it names exists', async () => {
  const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));

  const named = [...readme.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);

  for (const method of allocationMethods) expect(readme).toContain(`| \`${method}\` |`);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});
