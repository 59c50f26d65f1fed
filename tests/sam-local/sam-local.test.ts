import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { repository } from '../sam/sam.ts';
import { eventually, type Program, printed, run } from './dev-sam.ts';

const template = join(inject('build'), 'template.yaml');
let home: string;
let devSam: Program;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'sam-local-'));
  devSam = run(process.execPath, ['functions/local/dev-sam.ts'], { DATA_DIR: join(home, 'data') });
  await eventually(devSam, () => printed(devSam, 'First call'));
});
afterAll(async () => {
  await devSam?.stop();
  await rm(home, { recursive: true, force: true });
});

/** What dev:sam says to type, with the build of this test. */
function command(label: 'API' | 'Function', change: Readonly<Record<string, string>> = {}): string[] {
  const line = printed(devSam, label)!.replace('npm run sam -- ', '');
  const changed = Object.entries(change).reduce((text, [from, to]) => text.replace(from, to), line);
  return [...changed.split(' '), '--template', template];
}

describe('sam local invoke', () => {
  const invoke = async (name: string, event: string) => {
    const change = { AllocationFunction: name, 'events/allocate.json': `events/${event}.json` };
    const args = command('Function', change);
    const { stdout } = await promisify(execFile)('pipeline/scripts/sam.sh', args, { cwd: repository });
    return JSON.parse(stdout);
  };

  test('answers events: an order, a lot, an allocation', async () => {
    const order = await invoke('MainFunction', 'create-orders');
    const lot = await invoke('MainFunction', 'receive-inventories');
    const run = await invoke('AllocationFunction', 'allocate');

    expect([order.statusCode, lot.statusCode, run.statusCode]).toEqual([201, 201, 201]);
    expect(JSON.parse(run.body)).toMatchObject({ status: 'COMMITTED', totals: { costAmount: '120.00' } });
  });

  test('asks the authorizer', async () => {
    expect(await invoke('AuthorizerFunction', 'authorizer')).toMatchObject({ errorMessage: 'Unauthorized' });
  });
});

describe('sam local start-api', () => {
  const port = 20_000 + (process.pid % 10_000);
  const url = `http://127.0.0.1:${port}`;
  let api: Program;

  beforeAll(async () => {
    api = run('pipeline/scripts/sam.sh', [...command('API'), '--port', String(port)]);
    await eventually(api, () =>
      get('/health').then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    );
  });
  afterAll(() => api?.stop());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });
  const bearer = (label: 'Token' | 'Expired') => ({ authorization: `Bearer ${printed(devSam, label)}` });
  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: 'POST',
      headers: { ...bearer('Token'), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('makes the first allocation, from order and lot to its cost', async () => {
    const order = await post('/orders', { orderNumber: 'FIRST', lines: [{ sku: 'FIRST', quantity: '12' }] });
    const lot = await post('/inventories', { sku: 'FIRST', location: 'W1', quantity: '10', unitCost: '12.00' });
    const run = await post('/allocate', { filter: { sku: 'FIRST' }, allocationMethod: 'FIFO' });

    expect([order.status, lot.status, run.status], api.errors()).toEqual([201, 201, 201]);
    expect(await run.json()).toMatchObject({
      results: [{ sku: 'FIRST', quantity: '10', costAmount: '120.00' }],
      shortages: [{ short: '2' }],
    });
  });

  test("shows the planner's page to everybody, which takes a token", async () => {
    const response = await get('/console');
    const page = await response.text();

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('<script type="module">');
    expect(page).toContain('"signIn":null');
  });

  test('lets nobody in without a token, with a broken or an expired one', async () => {
    const answers = [
      await get('/orders'),
      await get('/orders', { authorization: 'Basic x' }),
      await get('/orders', { authorization: 'Bearer x' }),
      await get('/orders', bearer('Expired')),
    ];

    // The SAM CLI takes the authorizer's "Unauthorized" for a failure, where API Gateway answers 401.
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 502, 502]);
  });

  test('has the routes of the template, and 404 and 405 of ours', async () => {
    const unknown = await get('/nowhere/at/all', bearer('Token'));
    const refused = await fetch(`${url}/orders`, { method: 'DELETE', headers: bearer('Token') });

    expect([unknown.status, refused.status]).toEqual([404, 405]);
  });
});
