import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

/**
 * Makes the data directory where there is none: beside its place, so that one that was cut off is never taken for whole.
 *
 * Text sorts by code point, as in JavaScript and the same on every machine, while upper and lower case know Unicode.
 * Aurora's default, `en_US.UTF-8`, sorts by language: where an order matters, the SQL says `COLLATE "C"`.
 */
export async function prepareCluster(dataDirectory: string, binaries: Binaries, account: Account): Promise<void> {
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) return;
  const unfinished = `${dataDirectory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  account.own(unfinished);
  await run(account, binaries.initdb, [
    ...['--pgdata', unfinished],
    ...['--username', 'postgres'],
    '--auth=trust', // the server listens on this machine alone
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--no-instructions',
    '--no-sync', // half a second instead of several; a power cut during the first second costs an empty cluster
  ]);
  renameSync(unfinished, dataDirectory); // onto nothing or an empty folder; anything else is not ours, and refused
}

/** Runs a program of the server's to its end; throws with what it said. */
function run(account: Account, path: string, options: readonly string[]): Promise<void> {
  const { program, args } = account.wrap(path, options);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...account.ids, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${path} ended with ${code}:\n${output}`))));
  });
}
