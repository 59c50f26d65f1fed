import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Json, listOf } from './json.ts';

const repository = resolve(import.meta.dirname, '../..');

/** template.yaml, with its intrinsics in their long form, and samconfig.toml. */
export const readFiles = (): Promise<Json> => transform({ read: repository });

/** Processes that render side by side; each takes a second to start. */
const PROCESSES = 2;

/** What was rendered last is kept in the folder for temporary files: unchanged files are not rendered again. */
export async function transformAll(requests: readonly Json[]): Promise<readonly Json[]> {
  const script = await readFile(join(import.meta.dirname, 'transform.py'));
  const pins = await read('pipeline/requirements.txt');
  const hash = createHash('sha256').update(script).update(pins).update(JSON.stringify(requests)).digest('hex');
  const kept = join(
    tmpdir(),
    `inventory-renderings-${createHash('sha256').update(repository).digest('hex').slice(0, 8)}.json`,
  );
  const known = await readFile(kept, 'utf8').catch(() => '');
  if (known.startsWith(hash)) return JSON.parse(known.slice(hash.length));

  const length = Math.max(Math.ceil(requests.length / PROCESSES), 5);
  const parts = Array.from({ length: PROCESSES }, (_, part) => requests.slice(part * length, (part + 1) * length));
  const answers = await Promise.all(parts.filter((part) => part.length > 0).map((part) => transform({ render: part })));
  const all = answers.flatMap(listOf);
  await writeFile(`${kept}.${process.pid}`, hash + JSON.stringify(all));
  await rename(`${kept}.${process.pid}`, kept);
  return all;
}

const read = (file: string) => readFile(join(repository, file), 'utf8');

async function transform(request: Json): Promise<Json> {
  // The script of the SAM CLI installs .venv first, where it is missing.
  const run = promisify(execFile)(
    join(repository, 'pipeline/scripts/sam.sh'),
    [join(import.meta.dirname, 'transform.py')],
    { env: { ...process.env, SAM_TOOL: 'python' }, maxBuffer: 1024 * 1024 * 1024 },
  );
  run.child.stdin?.end(JSON.stringify(request));
  return JSON.parse((await run).stdout);
}
