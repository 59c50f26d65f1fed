import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { announce, claim, openDataDirectory, unclaim } from '../../functions/local/data-directory.ts';
import { issuerDocuments } from '../../functions/local/issuer.ts';
import { startIssuer } from './issuer.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'data-directory-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const serverFile = () => join(directory, 'server.json');

test('a directory is claimed once, and free again when it is given back', async () => {
  const { key } = await openDataDirectory(directory);
  const server = await startIssuer((address) => issuerDocuments(key, address));

  const first = await claim(directory, key);
  await announce(directory, server.address);
  const second = await claim(directory, key);
  await unclaim(directory);
  const third = await claim(directory, key);

  server.close();
  expect([first, second, third]).toEqual([undefined, { url: server.address, pid: process.pid }, undefined]);
});

test('of many that claim it at once one gets it, and the others wait to hear where it is', async () => {
  const { key } = await openDataDirectory(directory);
  const server = await startIssuer((address) => issuerDocuments(key, address));

  const claims = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const other = await claim(directory, key);
      if (!other) await announce(directory, server.address);
      return other;
    }),
  );

  server.close();
  expect(claims.filter((other) => other === undefined)).toHaveLength(1);
});

test.each([
  ['of a dead process', async () => ({ pid: 2 ** 22 + 1 })],
  ['of a process whose number someone else has', async () => ({ pid: process.pid, url: 'http://127.0.0.1:9' })],
  [
    'of a server that serves another directory',
    async () => ({ pid: process.pid, url: (await startStranger()).address }),
  ],
])('a claim %s counts for nothing', async (_, claimed) => {
  const { key } = await openDataDirectory(directory);
  await writeFile(serverFile(), JSON.stringify(await claimed()));

  const other = await claim(directory, key);

  expect(other).toBeUndefined();
  expect(JSON.parse(await readFile(serverFile(), 'utf8'))).toEqual({ pid: process.pid });
});

const strangers: { close: () => void }[] = [];
afterEach(() => {
  for (const stranger of strangers.splice(0)) stranger.close();
});

async function startStranger() {
  const stranger = await startIssuer(() => ({ '/.well-known/jwks.json': { keys: [{ kid: 'another' }] } }));
  strangers.push(stranger);
  return stranger;
}
