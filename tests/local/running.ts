import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const repository = resolve(import.meta.dirname, '../..');

export type Command = {
  readonly dataDirectory: string;
  readonly args?: readonly string[];
  readonly port?: number;
  /** Another checkout, and another user: `npm start` in this one as this process's user unless given. */
  readonly folder?: string;
  readonly user?: number;
  readonly environment?: Readonly<Record<string, string>>;
};

export type Running = {
  readonly url: string;
  readonly token: string;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Ends it as a terminal does, which signals npm and all that it started; answers the exit code. */
  readonly interrupt: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** Of the process that `npm` started. */
  readonly serverPid: () => Promise<number>;
};

/** Runs `npm start` and waits for its greeting. Throws with its output if it ends without one. */
export async function startByNpm(command: Command): Promise<Running> {
  const { child, output } = run(['start'], command);
  const ended = once(child, 'close');
  while (!output().includes('First call:')) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output()}`);
    await Promise.race([ended, wait(20)]);
  }
  return {
    url: /listens on (\S+?),/.exec(output())?.[1] ?? '',
    token: /Token: +(\S+)/.exec(output())?.[1] ?? '',
    output,
    interrupt: async (signal = 'SIGINT') => {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
      await ended;
      return child.exitCode;
    },
    serverPid: async () => JSON.parse(await readFile(join(command.dataDirectory, 'server.json'), 'utf8')).pid,
  };
}

/** Runs an npm script to its end and answers its exit code and all that it printed. */
export async function runToEnd(
  script: readonly string[],
  command: Command,
): Promise<{ exitCode: number | null; output: string }> {
  const { child, output } = run(script, command);
  await once(child, 'close');
  return { exitCode: child.exitCode, output: output() };
}

function run(script: readonly string[], command: Command): { child: ChildProcess; output: () => string } {
  const { args = [], port = 0, folder = repository, user, environment } = command;
  const child = spawn('npm', [...script, '--', ...args], {
    cwd: folder,
    detached: true, // a process group of its own, as a terminal makes it
    ...(user !== undefined && { uid: user, gid: user }),
    env: { ...process.env, DATA_DIR: command.dataDirectory, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return { child, output: () => output };
}

/** The command lines of all processes that name `text`, after giving them a moment to go. */
export async function processesNaming(text: string): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    const named = lines.filter((line) => line.includes(text));
    if (named.length === 0 || attempt === 50) return named.map((line) => line.replaceAll('\0', ' '));
    await wait(100);
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
