import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkPackages } from '../../toolchain/checkout.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

/** The code of one release: what is deployed of it lies in `folder` as in the repository. */
export type Release = { readonly name: string; readonly folder: string; remove(): Promise<void> };

/** What this checkout holds, changes that are not committed included. */
export const thisRelease: Release = { name: 'this release', folder: REPOSITORY, remove: async () => {} };

/**
 * The code of the newest tag like v1.2.0; before the first release, of the last commit. Beside the packages that are
 * installed here, which is what two releases of one lock file have too.
 */
export async function previousRelease(): Promise<Release> {
  const name = newestTag() ?? 'HEAD';
  const folder = await mkdtemp(join(tmpdir(), 'previous-release-'));
  const archive = execFileSync('git', ['archive', name], { cwd: REPOSITORY, maxBuffer: 1_073_741_824 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  linkPackages(folder);
  execFileSync(process.execPath, ['prisma/generate.ts'], { cwd: folder });
  return { name, folder, remove: () => rm(folder, { recursive: true }) };
}

function newestTag(): string | undefined {
  const tags = execFileSync('git', ['tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort', '-v:refname'], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  });
  return tags.split('\n').find(Boolean);
}
