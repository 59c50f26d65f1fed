import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../../..');

/** What a function is started with: the folder that `sam build` wrote, and what the stack would set. */
export type Start = {
  readonly build: string;
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export type LambdaFunction = Awaited<ReturnType<typeof startFunction>>;

/**
 * Starts a built function as Lambda would, without Docker: AWS's runtime interface emulator, which lies in the SAM
 * CLI's package, AWS's runtime client, and what `sam build` made, laid out as /var/task and /opt.
 * The layout lies outside the repository, or Node would find the packages' TypeScript instead of the layers.
 * `invoke` answers what the handler returned, or what Lambda says when it threw. Linux only, as the emulator.
 */
export async function startFunction({ build, name, environment = {} }: Start) {
  const home = await mkdtemp(join(tmpdir(), 'lambda-'));
  const { handler, layers } = await builtFunction(build, name);
  await cp(join(build, name), join(home, 'task'), { recursive: true });
  for (const layer of layers) await cp(join(build, layer), join(home, 'opt'), { recursive: true });

  const [emulator, port, runtimePort] = await Promise.all([findEmulator(), freePort(), freePort()]);
  const child = spawn(
    emulator,
    [
      '--runtime-interface-emulator-address',
      `127.0.0.1:${port}`,
      '--runtime-api-address',
      `127.0.0.1:${runtimePort}`,
    ].concat(await writeBootstrap(home), handler),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, ...lambdaVariables(name), ...environment } },
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
          return await response.json();
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
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** SAM moves the handler's file: the built template is the one that tells. */
async function builtFunction(build: string, name: string): Promise<{ handler: string; layers: string[] }> {
  const template = parse(await readFile(join(build, 'template.yaml'), 'utf8'));
  const properties = template.Resources[name].Properties;
  return { handler: properties.Handler, layers: (properties.Layers ?? []).map((layer: { Ref: string }) => layer.Ref) };
}

async function writeBootstrap(home: string): Promise<string> {
  const file = join(home, 'bootstrap');
  const hooks = join(import.meta.dirname, 'runtime-hooks.ts');
  const client = join(root, 'node_modules/aws-lambda-ric/index.mjs');
  await writeFile(
    file,
    `#!/bin/sh
export LAMBDA_TASK_ROOT='${home}/task' NODE_PATH='${home}/opt/nodejs/node_modules'
cd '${home}/task'
exec '${process.execPath}' --import '${hooks}' '${client}'
`,
  );
  await chmod(file, 0o755);
  return file;
}

/** The SDK signs with what Lambda gives it; the emulator of the Data API does not look at it. */
const lambdaVariables = (name: string) => ({
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
  AWS_LAMBDA_FUNCTION_TIMEOUT: '25',
  AWS_REGION: 'local',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
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
