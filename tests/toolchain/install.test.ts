import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyCheckout } from './checkout.ts';

const execute = promisify(execFile);
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'npm-ci-'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Unpacks a version of npm and answers the script that starts it. */
async function fetchNpm(version: string): Promise<string> {
  const folder = join(home, `npm-${version}`);
  await mkdir(folder);
  await execute('npm', ['pack', '--silent', '--prefer-offline', `npm@${version}`], { cwd: folder });
  await execute('tar', ['xzf', `npm-${version}.tgz`, '--strip-components=1'], { cwd: folder });
  return join(folder, 'bin/npm-cli.js');
}

// npm 10 deletes the program that two packages share as soon as a second platform's Node is listed.
test.skipIf(process.platform !== 'linux' || process.arch !== 'x64').for(['10.8.2', '11.21.2'])(
  'npm %s installs the lock file as it is, and Node 24 for the scripts',
  async (version) => {
    const folder = join(home, `checkout-${version}`);
    copyCheckout(folder);
    const npm = await fetchNpm(version);

    await execute(process.execPath, [npm, 'ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
    const { stdout } = await execute(join(folder, 'node_modules/.bin/node'), ['--version']);

    expect(stdout).toMatch(/^v24\./);
  },
);
