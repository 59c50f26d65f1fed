import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const repository = resolve(import.meta.dirname, '../..');

/** Runs the pinned SAM CLI in the repository and answers all that it printed. Throws with it when it fails. */
export async function sam(...args: string[]): Promise<string> {
  const program = join(repository, 'pipeline/scripts/sam.sh');
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 });
  return stdout + stderr;
}
