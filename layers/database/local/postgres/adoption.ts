import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const PATIENCE_MS = 5_000;

/**
 * The URL of a server that already runs on this data directory, or undefined. PostgreSQL writes its process id, port
 * and state into `postmaster.pid`, and leaves the file behind when it is killed.
 */
export async function findRunningServer(dataDirectory: string): Promise<string | undefined> {
  const givesUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < givesUpAt) {
    const server = readPidFile(dataDirectory);
    if (!server || !isAlive(server.pid)) return undefined;
    const url = `postgresql://postgres@127.0.0.1:${server.port}/postgres`;
    if (server.isReady && (await serves(url, dataDirectory))) return url;
    // It starts or stops just now, or the number is some other process's by now.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

function readPidFile(dataDirectory: string): { pid: number; port: number; isReady: boolean } | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined; // no such file: nobody runs
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // alive, and somebody else's
  }
}

/** The port may be another server's by now, so it is asked for its folder. */
async function serves(url: string, dataDirectory: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    return rows[0] !== undefined && realpathSync(rows[0].folder) === realpathSync(dataDirectory);
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
