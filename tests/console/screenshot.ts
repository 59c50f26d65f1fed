// Makes the picture of the README: node tests/console/screenshot.ts
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { chromium } from 'playwright-core';
import { createClient } from '../../functions/local/sample/client.ts';
import { readDay } from '../../functions/local/sample/day.ts';
import { stockFor } from '../../functions/local/sample/stock.ts';
import { startByNpm } from '../local/running.ts';
import { startChromium } from './chromium.ts';

const functions = resolve(import.meta.dirname, '../../functions');
const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
const [running, server] = await Promise.all([startByNpm({ dataDirectory: join(folder, 'data') }), startChromium()]);
try {
  await importSample();
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${running.url}/console`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Advanced').click();
  await page.getByLabel('As of').fill('2010-12-01T23:59');
  await page.getByText('Advanced').click();
  await page.getByText('Compared methods').click();
  await page.getByLabel('Total average').uncheck(); // of one month, the same as the moving average
  await page.getByText('Compared methods').click();
  await page.getByRole('button', { name: 'Compare methods' }).click();
  await page.getByRole('button', { name: 'Preview FEFO' }).click();
  await page.getByRole('heading', { name: 'Preview: FEFO' }).waitFor();
  await page.getByRole('button', { name: 'Check the books' }).click();
  await page.getByRole('button', { name: 'Books are sound' }).waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate('document.activeElement.blur(); scrollTo({ top: 0, behavior: "instant" })');
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(functions, 'console/page.png') });
  await browser.close();
} finally {
  await Promise.all([server.close(), running.interrupt()]);
  await rm(folder, { recursive: true });
}

/** The sample day, not allocated yet. */
async function importSample(): Promise<void> {
  const client = createClient(running.url, running.token);
  const day = readDay(await readFile(join(functions, 'local/sample/online-retail-2010-12-01.csv'), 'utf8'));
  const lots = day.demand.flatMap((demand) => stockFor(demand, day.date));
  await client.importCsv('/imports/orders', stringify(day.orders.flat(), { header: true }));
  await client.importCsv('/imports/inventories', stringify(lots, { header: true }));
}
