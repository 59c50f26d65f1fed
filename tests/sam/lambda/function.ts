import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, glob, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BuiltFunction } from './built-function.ts';
import { type Layout, layOut } from './layout.ts';

const root = resolve(import.meta.dirname, '../../..');

export type Start = {
  /** The folder that `sam build` wrote. */
  readonly build: string;
  readonly built: BuiltFunction;
  /** Values of variables that the template declares, and of those with which AWS's own names begin. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of the template's. */
  readonly timeoutSeconds?: number;
};

export type LambdaFunction = Awaited<ReturnType<typeof startFunction>>;

/**
 * Starts a built function as Lambda would, without Docker: AWS's runtime interface emulator, which lies in the SAM
 * CLI's package, AWS's runtime client, and what `sam build` made, laid out as /var/task and /opt.
 * `invoke` answers what the handler returned, or what Lambda says when it threw. Linux only, as the emulator.
 */
export async function startFunction({ build, built, environment = {}, timeoutSeconds }: Start) {
  const { name, handler } = built;
  const variables = { ...lambdaVariables(built, timeoutSeconds), ...declared(built, environment) };
  const layout = await layOut(build, built);
  const [emulator, port, runtimePort] = await Promise.all([findEmulator(), freePort(), freePort()]);
  const child = spawn(
    emulator,
    [
      '--runtime-interface-emulator-address',
      `127.0.0.1:${port}`,
      '--runtime-api-address',
      `127.0.0.1:${runtimePort}`,
    ].concat(await writeBootstrap(layout), handler),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ...variables } },
  );
  let log = '';
  child.stdout.on('data', (chunk) => (log += chunk));
  child.stderr.on('data', (chunk) => (log += chunk));
  const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;

  return {
    async invoke(event: unknown): Promise<unknown> {
      for (let attempt = 0; ; attempt++) {
        try {
          const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
          return answerOf(await response.text());
        } catch (error) {
          if (attempt === 100 || child.exitCode !== null)
            throw new Error(`${name} does not answer:\n${log}`, { cause: error });
          await wait(20); // not listening yet
        }
      }
    },
    log: () => log,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
      await layout.remove();
    },
  };
}

/** The emulator says it in plain text that a function took too long. */
function answerOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { errorMessage: text };
  }
}

/** Lambda knows no variable but those of the template and its own: a test that brings another would prove nothing. */
function declared({ name, variables }: BuiltFunction, environment: Readonly<Record<string, string>>) {
  const values = { ...variables, ...environment };
  const unknown = Object.keys(environment).filter((key) => !(key in variables) && !key.startsWith('AWS_'));
  if (unknown.length > 0) throw new Error(`The template declares no ${unknown.join(', ')} for ${name}`);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (value === null) throw new Error(`${name} needs a value for ${key}`);
      return [key, value];
    }),
  );
}

async function writeBootstrap({ home, task, packages }: Layout): Promise<string> {
  const file = join(home, 'bootstrap');
  const hooks = join(import.meta.dirname, 'runtime-hooks.ts');
  const client = join(root, 'node_modules/aws-lambda-ric/index.mjs');
  await writeFile(
    file,
    `#!/bin/sh
export LAMBDA_TASK_ROOT='${task}' NODE_PATH='${packages}'
cd '${task}'
exec '${process.execPath}' --import '${hooks}' '${client}'
`,
  );
  await chmod(file, 0o755);
  return file;
}

/** What Lambda sets of itself. */
const lambdaVariables = ({ name, ...built }: BuiltFunction, timeoutSeconds = built.timeoutSeconds) => ({
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(built.memoryMegabytes),
  AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
  AWS_REGION: 'local',
});

async function findEmulator(): Promise<string> {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const pattern = `.venv/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-${architecture}`;
  for await (const file of glob(pattern, { cwd: root })) return join(root, file);
  throw new Error('There is no runtime interface emulator: `npm run sam -- --version` installs it');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port');
  return address.port;
}
