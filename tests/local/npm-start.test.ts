import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { allocationMethods } from '@inventory/models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, processesNaming, type Running, runToEnd, startByNpm } from './running.ts';

let dataDirectory: string;
let running: Running;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
  dataDirectory = join(folder, 'data');
  running = await startByNpm({ dataDirectory });
});

afterAll(async () => {
  await running?.interrupt().catch(() => {});
  await rm(join(dataDirectory, '..'), { recursive: true, force: true });
});

const call = (path: string, { token = running.token, ...init }: RequestInit & { token?: string } = {}) =>
  fetch(running.url + path, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });

const order = { orderNumber: 'SO-1', lines: [{ sku: 'A', quantity: '12' }] };
const createOrder = (token?: string) =>
  call('/orders', { method: 'POST', body: JSON.stringify(order), ...(token !== undefined && { token }) });
const orderNumbers = async () => {
  const { items }: { items: { orderNumber: string }[] } = await (await call('/orders')).json();
  return items.map(({ orderNumber }) => orderNumber);
};

const tokenFor = async (...args: string[]) =>
  (await runToEnd(['run', '-s', 'token'], { dataDirectory, args })).output.trim();

test('prints where it listens, a token, and a first call that works as it stands', async () => {
  const firstCall = /First call: +(.+)/.exec(running.output())?.[1] ?? '';

  const { stdout } = await promisify(execFile)('sh', ['-c', `${firstCall} --write-out ' %{http_code}'`]);

  expect(stdout).toMatch(/ 200$/);
  expect(running.output()).toContain(`${running.url}/docs`);
  expect(running.output()).toContain(`${running.url}/console`);
});

test('takes orders with the printed token', async () => {
  const response = await createOrder();

  expect(response.status).toBe(201);
  expect(await orderNumbers()).toEqual(['SO-1']);
});

test('keeps its private key to its owner', async () => {
  const { mode } = await stat(join(dataDirectory, 'signing-key.json'));

  expect(mode & 0o777).toBe(0o600);
  expect(await (await fetch(`${running.url}/.well-known/jwks.json`)).json()).toEqual({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      },
    ],
  });
});

test('answers 401 to a missing and to an expired token, and says which', async () => {
  const missing = await fetch(`${running.url}/orders`);
  const expired = await call('/orders', { token: await tokenFor('--ttl=-1') });

  expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect([expired.status, expired.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer error="invalid_token", error_description="The token has expired"',
  ]);
});

test('npm run token prints tokens with the scopes that are asked for', async () => {
  const reader = await tokenFor('--scope', 'orders:read', '--ttl', '60');

  expect((await call('/orders', { token: reader })).status).toBe(200);
  expect((await createOrder(reader)).status).toBe(403);
});

test.each([
  ['token', ['--ttl', 'soon'], '--ttl is a number of seconds'],
  ['token', ['--nonsense'], '--nonsense'],
  ['start', ['--nonsense'], '--nonsense'],
])('npm run %s -- %s is refused in one line', async (script, args, message) => {
  const { exitCode, output } = await runToEnd(['run', '-s', script], { dataDirectory, args });

  expect(exitCode).toBe(1);
  expect(output).toContain(message);
  expect(output).not.toContain('    at ');
});

test.each(['start', 'token'])('npm run %s -- --help says what there is', async (script) => {
  const { exitCode, output } = await runToEnd(['run', '-s', script], { dataDirectory, args: ['--help'] });

  expect(exitCode).toBe(0);
  expect(output).toContain('DATA_DIR');
});

test('a second start in the same place says what runs already', async () => {
  const { exitCode, output } = await runToEnd(['start'], { dataDirectory });

  expect(exitCode).toBe(0);
  expect(output).toContain(`It runs already: ${running.url}`);
});

test('nothing is emptied under a running server', async () => {
  const { exitCode, output } = await runToEnd(['start'], { dataDirectory, args: ['--empty'] });

  expect(exitCode).toBe(1);
  expect(output).toContain('nothing was deleted');
  expect(await orderNumbers()).toEqual(['SO-1']);
});

test('a port that is in use is said to be, and nothing is left', async () => {
  const stranger = createServer().listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const other = join(dataDirectory, '../other');

  const { exitCode, output } = await runToEnd(['start'], { dataDirectory: other, port: port! });

  stranger.close();
  expect(exitCode).toBe(1);
  expect(output).toMatch(new RegExp(`Port ${port} is in use. Choose another: PORT=\\d+ npm start`));
  expect(await readdir(other)).toEqual(['signing-key.json']);
});

test('a folder with a database of somebody else is left alone', async () => {
  const other = join(dataDirectory, '../strange');
  await mkdir(join(other, 'postgres'), { recursive: true });
  await writeFile(join(other, 'postgres/PG_VERSION'), '17\n');

  const { exitCode, output } = await runToEnd(['start'], { dataDirectory: other, args: ['--empty'] });

  expect(exitCode).toBe(1);
  expect(output).toContain('is not ours');
  expect(await readdir(join(other, 'postgres'))).toEqual(['PG_VERSION']);
});

test('Ctrl-C leaves no process behind', async () => {
  const pid = await running.serverPid();

  await running.interrupt('SIGINT');

  expect(isAlive(pid)).toBe(false);
  expect(await processesNaming(dataDirectory)).toEqual([]);
});

test('the next start has the data, and takes the token of the first', async () => {
  const { token } = running;

  running = await startByNpm({ dataDirectory });

  expect((await call('/orders', { token })).status).toBe(200);
  expect(await orderNumbers()).toEqual(['SO-1']);
});

test('a kill of the process leaves none of its children behind, and the data is there at the next start', async () => {
  process.kill(await running.serverPid(), 'SIGKILL');
  const left = await processesNaming(dataDirectory);
  await running.interrupt().catch(() => {});

  running = await startByNpm({ dataDirectory });

  expect(left).toEqual([]);
  expect(await orderNumbers()).toEqual(['SO-1']);
});

test('--empty begins anew', async () => {
  const { token } = running;
  await running.interrupt('SIGTERM');

  running = await startByNpm({ dataDirectory, args: ['--empty'] });

  expect(await orderNumbers()).toEqual([]);
  expect((await call('/orders', { token })).status).toBe(200);
});

test('npm run sample -- --open leaves a real day to be planned', async () => {
  const { exitCode, output } = await runToEnd(['run', '-s', 'sample'], { dataDirectory, args: ['--open'] });

  expect(exitCode, output).toBe(0);
  expect(output).toContain(`The orders are open. Plan them: ${running.url}/console#/plan?asOf=2010-12-01T23:59`);
  expect(await (await call('/allocation-runs')).json()).toMatchObject({ items: [] });
});

test('npm run sample allocates a real day and compares all methods', async () => {
  const { exitCode, output } = await runToEnd(['run', '-s', 'sample'], { dataDirectory });

  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/^FIFO filled 2\d,\d{3} of 27,007 units \(8\d\.\d %\) at a cost of [\d,]+\.\d\d\.$/m);
  expect(output).toMatch(/^Short are [\d,]+ units on \d+ lines: .*NO_STOCK/m);
  for (const method of allocationMethods) expect(output).toMatch(new RegExp(`^│ ${method} `, 'm'));
  expect(output).toContain('A second run gives 0.');
});

test('the books are sound after it', async () => {
  const response = await call('/integrity');

  expect(await response.json()).toMatchObject({ differences: [] });
});

test('npm killed by force takes everything with it', async () => {
  const pid = await running.serverPid();
  const parent = await parentOf(pid);

  process.kill(parent, 'SIGKILL');

  expect(await processesNaming(dataDirectory)).toEqual([]);
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
});

async function parentOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('sed', ['-n', 's/^PPid:\t//p', `/proc/${pid}/status`]);
  return Number(stdout);
}
