// Makes the picture of the README: node tests/console/screenshot.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { runToEnd, startByNpm } from '../local/running.ts';
import { startChromium } from './chromium.ts';

const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
const dataDirectory = join(folder, 'data');
const [running, server] = await Promise.all([startByNpm({ dataDirectory }), startChromium()]);
try {
  await runToEnd(['run', 'sample'], { dataDirectory, args: ['--open'] });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${running.url}/console#/plan?asOf=2010-12-01T23:59`);
  await page.getByRole('button', { name: 'Sign in' }).click();
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
  await page.screenshot({ path: resolve(import.meta.dirname, '../../functions/console/page.png') });
  await browser.close();
} finally {
  await Promise.all([server.close(), running.interrupt()]);
  await rm(folder, { recursive: true });
}
