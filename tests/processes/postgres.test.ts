import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDatabase, startPostgres } from '@inventory/database/local';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkLibraries } from '../../layers/database/local/postgres/binaries.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

describe('PostgreSQL of our own', () => {
  let folder: string;
  let dataDirectory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postgres-test-'));
    await chmod(folder, 0o755);
    dataDirectory = join(folder, 'data');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await expect.poll(() => isServerAlive(), { timeout: 10_000 }).toBe(false);
    await rm(folder, { recursive: true, force: true });
  });

  const serverPid = async () => Number((await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const isServerAlive = async () => {
    const pid = await serverPid().catch(() => undefined);
    return pid !== undefined && isAlive(pid);
  };

  /** The program in a process group of its own, as a shell starts it. */
  async function startProgram(how: 'closes-on-signals' | 'dies-on-signals', prefix: readonly string[] = []) {
    const command = [...prefix, process.execPath, join(import.meta.dirname, 'server-program.ts'), dataDirectory, how];
    const child = spawn(command[0] ?? '', command.slice(1), { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const { url, adopted }: { url: string; adopted: boolean } = JSON.parse(line);
    return { child, url, adopted };
  }

  it('starts from nothing, answers, and stops', async () => {
    const postgres = await startPostgres({ dataDirectory, durable: false });

    const settings = await Promise.all(
      ['server_version_num', 'TimeZone', 'listen_addresses', 'fsync', 'max_connections', 'server_encoding'].map(
        (name) => query(postgres.url, `SELECT current_setting('${name}') AS a`),
      ),
    );
    await postgres.stop();

    expect(settings.flat().map(({ a }) => a)).toEqual([
      expect.stringMatching(/^17/),
      ...['UTC', '127.0.0.1', 'off', '60', 'UTF8'],
    ]);
    expect(await isServerAlive()).toBe(false);
  });

  it('begins again where the first start was cut off', async () => {
    await mkdir(`${dataDirectory}.unfinished/base`, { recursive: true });
    await writeFile(`${dataDirectory}.unfinished/PG_VERSION`, '17');

    const postgres = await startPostgres({ dataDirectory, durable: false });
    await postgres.stop();

    await expect(readdir(`${dataDirectory}.unfinished`)).rejects.toThrow('ENOENT');
  });

  it('leaves alone a folder that holds something else', async () => {
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(join(dataDirectory, 'letter.txt'), 'keep me');

    await expect(startPostgres({ dataDirectory, durable: false })).rejects.toThrow(/ENOTEMPTY|not empty/);

    expect(await readFile(join(dataDirectory, 'letter.txt'), 'utf8')).toBe('keep me');
  });

  it('keeps its data over a restart, on the port that it is given', async () => {
    const first = await startPostgres({ dataDirectory, durable: true });
    await createDatabase(first.url, 'kept');
    const port = Number(new URL(first.url).port);
    await first.stop();

    const second = await startPostgres({ dataDirectory, durable: true, port });

    expect(second.url).toBe(first.url);
    expect(await query(second.url, `SELECT datname FROM pg_database WHERE datname = 'kept'`)).toEqual([
      { datname: 'kept' },
    ]);
    expect(await query(second.url, `SELECT current_setting('fsync') AS a`)).toEqual([{ a: 'on' }]);
    await second.stop();
  });

  it('says why it cannot start', async () => {
    const other = await startPostgres({ dataDirectory: join(folder, 'other'), durable: false });
    const port = Number(new URL(other.url).port);

    await expect(startPostgres({ dataDirectory, durable: false, port })).rejects.toThrow(/port|address/i);

    await other.stop();
  });

  it('adopts a live server, and leaves it to its owner', async () => {
    const owner = await startProgram('closes-on-signals');

    const guest = await startPostgres({ dataDirectory, durable: true });
    await guest.stop();

    expect(guest).toMatchObject({ url: owner.url, adopted: true });
    expect(await query(owner.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGHUP'] as const)('ends with a program that %s ends', async (signal) => {
    const { child } = await startProgram('dies-on-signals');

    child.kill(signal);

    await expect.poll(isServerAlive, { timeout: 5_000 }).toBe(false);
  });

  it('is closed by those who use it when Ctrl-C reaches them all', async () => {
    const { child } = await startProgram('closes-on-signals');
    const ended = once(child, 'exit');

    process.kill(-(child.pid ?? 0), 'SIGINT');

    expect(await ended).toEqual([0, null]);
    expect(await isServerAlive()).toBe(false);
  });

  it('recovers from a crash', async () => {
    const { child, url } = await startProgram('dies-on-signals');
    await createDatabase(url, 'kept');
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
    child.kill('SIGKILL');

    const postgres = await retried(() => startPostgres({ dataDirectory, durable: true }));

    expect(postgres.adopted).toBe(false);
    expect(await query(postgres.url, `SELECT datname FROM pg_database WHERE datname = 'kept'`)).toEqual([
      { datname: 'kept' },
    ]);
    await postgres.stop();
  });

  it.runIf(isRoot)('never runs as root', async () => {
    const postgres = await startPostgres({ dataDirectory, durable: false });

    expect(await userOf(await serverPid())).not.toBe(0);

    await postgres.stop();
  });

  it.runIf(isRoot && process.platform === 'linux')(
    'runs as nobody in a folder that is closed to everybody but root',
    async () => {
      await chmod(folder, 0o700);

      const postgres = await startPostgres({ dataDirectory, durable: false });

      expect(await userOf(await serverPid())).toBe(NOBODY);
      expect(await query(postgres.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
      await postgres.stop();
      expect(await isServerAlive()).toBe(false);
    },
  );

  it.runIf(isRoot && process.platform === 'linux')('runs as a plain user', async () => {
    await chown(folder, NOBODY, NOBODY);

    const { url } = await startProgram('dies-on-signals', [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
    ]);

    expect(await userOf(await serverPid())).toBe(NOBODY);
    expect(await query(url, 'SELECT 1 AS a')).toEqual([{ a: 1 }]);
  });
});

describe('The libraries of the PostgreSQL package', () => {
  it('are linked where npm has not run its install script', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'package-'));
    await mkdir(join(folder, 'native/lib'), { recursive: true });
    await writeFile(join(folder, 'native/lib/libpq.so.5.17'), 'library');
    const links = [{ source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(folder, 'native/pg-symlinks.json'), JSON.stringify(links));

    linkLibraries(folder);
    linkLibraries(folder);

    expect(await readFile(join(folder, 'native/lib/libpq.so.5'), 'utf8')).toBe('library');
    await rm(folder, { recursive: true });
  });
});

async function query(url: string, text: string): Promise<unknown[] & { a?: unknown }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const userOf = async (pid: number) => Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** After a crash the server's children take a moment to notice. */
async function retried<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
