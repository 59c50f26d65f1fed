// Generates the Prisma client where it is missing or older than the schema or than Prisma itself. It is generated and
// not committed; every script that needs it runs this first, so it costs nothing when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, 'layers/database/src/generated');
/** Says what the client was generated from: file times mean nothing after a checkout. */
const stamp = join(output, 'generated-from.txt');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== source()) {
  generate();
  writeFileSync(stamp, source());
}

function source(): string {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'prisma/schema.prisma')))
    .digest('hex');
  return `prisma ${prismaPackage().version}, schema ${hash}\n`;
}

/** npm puts its programs into PATH for scripts alone; this may also be called by `make`. */
function generate(): void {
  const { folder, bin } = prismaPackage();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, bin.prisma), 'generate', '--no-hints'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
  });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(status ?? 1);
}

function prismaPackage(): { folder: string; version: string; bin: { prisma: string } } {
  const path = createRequire(import.meta.url).resolve('prisma/package.json');
  return { folder: dirname(path), ...JSON.parse(readFileSync(path, 'utf8')) };
}
