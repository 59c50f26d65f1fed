import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPage } from './page/build.ts';

/** Makes the script and the style of the page, and puts them beside the handler that reads them. */
export async function generatePage(consoleFolder: string = import.meta.dirname): Promise<void> {
  const folder = join(consoleFolder, 'generated');
  const [{ script, style }] = await Promise.all([buildPage(), mkdir(folder, { recursive: true })]);
  await Promise.all([writeFile(join(folder, 'script.js'), script), writeFile(join(folder, 'style.css'), style)]);
}
