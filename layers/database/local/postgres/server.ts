import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export type ServerProcess = { readonly url: string; stop(): Promise<void> };

export type ServerSettings = { readonly dataDirectory: string; readonly durable: boolean; readonly port: number };

/**
 * Starts the server and waits until it is ready. Throws with its log when it ends first.
 *
 * A shell stands between: it waits for the end of its standard input, which this process holds open, and then stops
 * the server. So the server ends with this process however that ends, by `kill -9` too. Both run in a session of
 * their own, or a Ctrl-C would reach the server before those who still use it.
 */
export async function startServer(
  settings: ServerSettings,
  binaries: Binaries,
  account: Account,
): Promise<ServerProcess> {
  const { program, args } = account.wrap('/bin/sh', ['-c', WATCH, 'sh', binaries.postgres, ...serverOptions(settings)]);
  const watch = spawn(program, args, { ...account.ids, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
  watch.stdin.on('error', () => {}); // the server ended by itself
  const ended = new Promise<void>((resolve) => watch.on('close', () => resolve()));
  await isReady(watch);

  // A program that has nothing else to do may end, and the server with it.
  for (const handle of [watch, watch.stdin, watch.stderr]) if (hasReference(handle)) handle.unref();
  return {
    url: `postgresql://postgres@127.0.0.1:${settings.port}/postgres`,
    stop: () => {
      watch.ref();
      watch.stdin.end();
      return ended;
    },
  };
}

/**
 * SIGINT is PostgreSQL's fast shutdown: it ends the sessions, writes a checkpoint and goes. The shell waits for the
 * server at the same time, so that nothing remains of one that crashes.
 */
const WATCH = `
  exec 3<&0
  "$@" 3<&- </dev/null & server=$!
  ( while read -r line; do :; done; kill -INT $server ) <&3 3<&- 2>/dev/null & reader=$!
  exec 3<&- </dev/null
  wait $server
  kill $reader 2>/dev/null`;

const serverOptions = ({ dataDirectory, durable, port }: ServerSettings): string[] => {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // Nobody needs a socket, and its path may not exceed 107 bytes.
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: 60,
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return ['-D', dataDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
};

/** By its own log: to ask the port would be to ask whoever has it. */
function isReady(watch: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const fail = (why: string) => reject(new Error(`PostgreSQL did not start${why}:\n${log}`));
    watch.stderr?.on('data', (chunk) => {
      log = `${log}${chunk}`.slice(-10_000);
      if (log.includes('database system is ready to accept connections')) resolve();
    });
    watch.on('error', (error) => fail(` (${error.message})`));
    watch.on('close', () => fail(''));
  });
}

const hasReference = (value: object): value is { unref(): void } => 'unref' in value;

/** PostgreSQL takes no port 0, so we ask the system for one that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('No free port')),
      );
    });
  });
}
