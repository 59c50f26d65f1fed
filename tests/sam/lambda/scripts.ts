import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltFunction } from './built-function.ts';

/** The JavaScript that a cold start of the function may read: its own and that of its layers, as [path, text]. */
export async function scriptsOf(build: string, { name, layers }: BuiltFunction): Promise<[string, string][]> {
  const folders = await Promise.all([name, ...layers].map((folder) => scriptsIn(build, folder)));
  return folders.flat();
}

async function scriptsIn(build: string, folder: string): Promise<[string, string][]> {
  const files = await readdir(join(build, folder), { recursive: true });
  const scripts = files.filter((file) => /\.[cm]?js$/.test(file)).map((file) => join(folder, file));
  return Promise.all(
    scripts.map(async (file): Promise<[string, string]> => [file, await readFile(join(build, file), 'utf8')]),
  );
}
