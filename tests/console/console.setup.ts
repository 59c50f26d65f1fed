import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startByNpm } from '../local/running.ts';
import { startChromium } from './chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the `npm start` that all tests of the page share. */
    consoleServer: { readonly url: string; readonly dataDirectory: string };
    /** Of the one browser. */
    browser: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'console-'));
  const dataDirectory = join(folder, 'data');
  const [running, browser] = await Promise.all([startByNpm({ dataDirectory }), startChromium()]);
  project.provide('consoleServer', { url: running.url, dataDirectory });
  project.provide('browser', browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), running.interrupt()]);
    await rm(folder, { recursive: true, force: true });
  };
}
