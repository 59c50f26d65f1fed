import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');

/** Copies what a clone would hold, with the changes that are not committed yet, and answers the files' names. */
export function copyCheckout(folder: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  const files = listed.toString().split('\0').filter(Boolean);
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(join(repository, file), join(folder, file), { force: true });
  }
  return files;
}

/** The installed packages as hard links, in a second instead of half a minute, or copied where the disk is another. */
export function linkPackages(folder: string): void {
  const from = join(repository, 'node_modules');
  try {
    execFileSync('cp', ['-al', from, folder], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-a', from, folder]);
  }
}
