import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPage } from './page/build.ts';
import { pageFiles } from './page-files.ts';

/** Builds the page, and puts it beside the handler that reads it. */
export async function generatePage(consoleFolder: string = import.meta.dirname): Promise<void> {
  const folder = join(consoleFolder, 'generated');
  const [{ script, style }] = await Promise.all([buildPage(), mkdir(folder, { recursive: true })]);
  await writeFile(join(folder, 'page.json'), JSON.stringify(pageFiles(script, style)));
}
