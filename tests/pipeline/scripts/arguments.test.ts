import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checkout, makeCheckout, repository } from './checkout.ts';

/** `sam.sh` hands its arguments on to the SAM CLI. */
const scripts = readdirSync(join(repository, 'pipeline/scripts')).filter(
  (name) => name.endsWith('.sh') && name !== 'sam.sh',
);
let checkout: Checkout;
beforeAll(async () => {
  checkout = await makeCheckout();
});
afterAll(() => checkout.remove());

describe.for(scripts)('%s', (script) => {
  test('says how it is called, and with which exit codes it ends', async () => {
    const { code, stdout, stderr } = await checkout.run(script, ['--help']);

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`usage: ${script}`);
    expect(stdout).toMatch(/exit: +0/);
    expect(stdout).not.toContain('shellcheck');
  });

  test('can be run, and says so itself', () => {
    const file = join(repository, 'pipeline/scripts', script);

    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env bash');
  });

  test('does nothing without arguments that it needs', async () => {
    if (script === 'release-id.sh') return;

    const { code, stderr } = await checkout.run(script, []);

    expect(code).toBe(2);
    expect(stderr).toContain('--help');
  });

  test.for([
    ['--nonsense'],
    ['-rf'],
    ['a b'],
    ['$(touch hacked)'],
    ['`touch hacked`'],
    ['stage; touch hacked'],
    ['stage\ntouch hacked'],
    ['"'],
    ["'"],
    ['../../etc/passwd'],
    [''],
    ['*'],
    ['prod', 'stage'],
    ['stage', '--nonsense'],
    ['pipeline'],
    ['STAGE'],
  ])('refuses %j', async (args) => {
    const { code, stdout, stderr } = await checkout.run(script, args);

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^${script}: `));
    expect(existsSync(join(checkout.folder, 'hacked'))).toBe(false);
    expect(checkout.calls()).toEqual([]);
  });
});

describe('options that need a value', () => {
  test.for([
    ['stack-state.sh', ['stage', '--wait']],
    ['stack-state.sh', ['stage', '--wait', '-1']],
    ['stack-state.sh', ['stage', '--wait', '1e3']],
    ['deploy.sh', ['stage', '--bundle', 'x', '--checksum']],
    ['deploy.sh', ['stage', '--bundle', '', '--checksum', 'x']],
    ['smoke.sh', ['stage', '--timeout', '999999']],
    ['smoke.sh', ['stage', '--url']],
    ['bundle.sh', ['put', '--store']],
    ['bundle.sh', ['get', 'not a checksum', 'file']],
    ['bundle.sh', ['get', '0'.repeat(64)]],
    ['bundle.sh', ['get', '0'.repeat(64), '-o']],
    ['bundle.sh', ['unpack', 'x', 'ABC', 'y']],
    ['rollback.sh', ['prod', '--to']],
    ['appspec.sh', ['render', 'stage', '--before']],
    ['appspec.sh', ['print', '--name']],
    ['environment.sh', ['stage', 'password']],
  ] as const)('%s %j', async ([script, args]) => {
    const { code } = await checkout.run(script, args);

    expect(code).toBe(2);
  });
});

test('a script works by any path to it', async () => {
  const { code, stdout } = await checkout.run('../scripts/environment.sh', ['prod', 'stack_name']);

  expect([code, stdout]).toEqual([0, 'inventory-allocation-prod\n']);
});

test('an environment that samconfig.toml has lost is said', async () => {
  const settings = checkout.read('samconfig.toml');
  checkout.write('samconfig.toml', settings.replace('[prod.global.parameters]', '[production.global.parameters]'));

  const { code, stderr } = await checkout.run('environment.sh', ['prod', 'stack_name']);

  checkout.write('samconfig.toml', settings);
  expect(code).toBe(1);
  expect(stderr).toContain('no stack_name in [prod.global.parameters]');
});
