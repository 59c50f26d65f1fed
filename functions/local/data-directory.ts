import { randomUUID } from 'node:crypto';
import { access, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSigningKey, findSigningKey, issuerPaths, type SigningKey } from './issuer.ts';
import { UsageError } from './options.ts';

export type DataDirectory = {
  readonly key: SigningKey;
  /** Where PostgreSQL keeps its cluster. */
  readonly cluster: string;
};

/**
 * Makes the directory at its first start, with the key that marks it as ours.
 * Throws a UsageError where somebody else's database lies in the place of ours.
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  await mkdir(directory, { recursive: true });
  const cluster = join(directory, 'postgres');
  const key = await findSigningKey(directory);
  if (key) return { key, cluster };
  if (await exists(cluster)) throw new UsageError(`${cluster} is not ours. Choose another DATA_DIR.`);
  return { key: await createSigningKey(directory), cluster };
}

/** Deletes the orders, lots and allocations of an opened directory. Its key stays, and with it the tokens it signed. */
export const emptyDataDirectory = ({ cluster }: DataDirectory) => rm(cluster, { recursive: true, force: true });

/** The one process that serves a data directory, as its file says. */
type Server = { readonly pid: number; readonly url?: string };

/**
 * Takes the directory for this process. Answers the address of the server that has it already, or undefined if it is ours
 * from now on. A file left by a dead process counts for nothing, nor does one whose process number someone else has now.
 */
export async function claim(directory: string, key: SigningKey): Promise<{ url: string; pid: number } | undefined> {
  for (const deadline = Date.now() + 15_000; ; await wait(100)) {
    if (await create(directory, { pid: process.pid })) return undefined;

    const server = await findServer(directory);
    if (server?.url && (await answersWith(key, server.url))) return { url: server.url, pid: server.pid };

    const isStarting = server !== undefined && server.url === undefined && isAlive(server.pid);
    if (!isStarting || Date.now() > deadline) await rm(serverFile(directory), { force: true });
  }
}

/** Says where this process, which has claimed the directory, is reached. */
export async function announce(directory: string, url: string): Promise<void> {
  await rename(await draft(directory, { pid: process.pid, url }), serverFile(directory));
}

/** Gives the directory back, if this process has it. */
export async function unclaim(directory: string): Promise<void> {
  const server = await findServer(directory);
  if (server?.pid === process.pid) await rm(serverFile(directory), { force: true });
}

const serverFile = (directory: string) => join(directory, 'server.json');

/** Linked, not written, into its place: a reader sees all of the file or none. */
async function create(directory: string, server: Server): Promise<boolean> {
  const file = await draft(directory, server);
  try {
    await link(file, serverFile(directory));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(file, { force: true });
  }
}

async function draft(directory: string, server: Server): Promise<string> {
  const file = `${serverFile(directory)}.${randomUUID()}`;
  await writeFile(file, JSON.stringify(server));
  return file;
}

/** The server that has claimed the directory, as it says of itself. */
export async function findServer(directory: string): Promise<Server | undefined> {
  try {
    return JSON.parse(await readFile(serverFile(directory), 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether a server of this very directory answers there: it publishes the directory's key. */
async function answersWith(key: SigningKey, url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}${issuerPaths.keys}`, { signal: AbortSignal.timeout(2_000) });
    return (await response.text()).includes(key.kid);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const hasCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;
