import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { empty, readWorld, type World, writeWorld } from './stand-in/world.ts';

export const repository = resolve(import.meta.dirname, '../../..');

/** Whatever the developer's own machine is signed in to, the scripts see none of it. */
const outside = { PATH: process.env.PATH, HOME: tmpdir(), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The scripts in a folder of their own, where AWS and `sam deploy` are stood in for. */
export type Checkout = {
  readonly folder: string;
  /** Runs a script by its file name, in the folder. */
  run(script: string, args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Every call of `aws` and of `sam deploy` so far. */
  calls(): string[][];
  /** Changes what AWS holds. */
  arrange(change: (world: World) => void): void;
  write(file: string, content: string | Buffer): string;
  read(file: string): string;
  bytes(file: string): Buffer;
  /** Writes a shell script that can be run. */
  program(file: string, body: string): void;
  remove(): void;
};

export async function makeCheckout(): Promise<Checkout> {
  // With a blank, since a checkout may lie anywhere.
  const folder = await mkdtemp(join(tmpdir(), 'a checkout '));
  for (const each of ['pipeline/scripts', 'pipeline/appspec.yml', 'pipeline/requirements.txt', 'samconfig.toml']) {
    mkdirSync(dirname(join(folder, each)), { recursive: true });
    cpSync(join(repository, each), join(folder, each), { recursive: true });
  }
  const home = join(folder, 'stand-in');
  standIn({ checkout: folder, home });
  const worldFile = join(home, 'world.json');
  writeWorld(worldFile, empty());

  return {
    folder,
    run: (script, args, environment = {}) =>
      run(join(folder, 'pipeline/scripts', script), args, {
        cwd: folder,
        environment: { ...standInEnvironment(home), ...environment },
      }),
    calls: () => callsIn(home),
    arrange(change) {
      const world = readWorld(worldFile);
      change(world);
      writeWorld(worldFile, world);
    },
    write(file, content) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
      return join(folder, file);
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    bytes: (file) => readFileSync(join(folder, file)),
    program: (file, body) => script(join(folder, file), body),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Puts `aws` before all else on the PATH, and in place of the SAM CLI one that stands in for `deploy` only. */
export function standIn({ checkout, home, sam = 'false' }: { checkout: string; home: string; sam?: string }): void {
  const program = (name: string) => join(import.meta.dirname, 'stand-in', name);
  script(join(home, 'bin/aws'), `exec node "${program('aws.ts')}" "$@"`);
  script(
    join(checkout, '.venv/bin/sam'),
    `if [ "$1" = deploy ]; then exec node "${program('sam.ts')}" "$@"; fi\nexec "${sam}" "$@"`,
  );
  cpSync(join(checkout, 'pipeline/requirements.txt'), join(checkout, '.venv/requirements.txt'));
}

export const standInEnvironment = (home: string): Record<string, string> => ({
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
  STAND_IN_HOME: home,
});

export function callsIn(home: string): string[][] {
  const file = join(home, 'calls.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** Runs a program to its end, with no environment but the given one. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, environment }: { cwd: string; environment: Readonly<Record<string, string>> },
): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: { ...outside, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

function script(file: string, body: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}
