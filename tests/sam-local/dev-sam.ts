import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { repository } from '../sam/sam.ts';

export type Program = {
  readonly output: () => string;
  readonly errors: () => string;
  readonly stop: () => Promise<void>;
};

/** Starts a program in the repository; `stop` is a Ctrl-C that waits for the end. */
export function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  const child: ChildProcess = spawn(command, args, { cwd: repository, env: { ...process.env, ...environment } });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (errors += chunk));
  const exited = once(child, 'exit');
  return {
    output: () => output,
    errors: () => errors,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGINT');
      await exited;
    },
  };
}

/** Waits until `find` finds something. Throws with what the program said when it takes too long. */
export async function eventually<Found>(
  program: Program,
  find: () => Promise<Found | undefined> | Found | undefined,
  seconds = 120,
): Promise<Found> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await wait(250)) {
    const found = await find();
    if (found !== undefined) return found;
  }
  throw new Error(`It does not come:\n${program.output()}\n${program.errors()}`);
}

/** What `npm run dev:sam` prints behind a label. */
export const printed = (program: Program, label: string): string | undefined =>
  new RegExp(`^${label}: +(.+)$`, 'm').exec(program.output())?.[1];
