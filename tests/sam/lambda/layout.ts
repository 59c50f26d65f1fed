import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltFunction } from './built-function.ts';

export type Layout = {
  readonly home: string;
  /** What Lambda has as /var/task. */
  readonly task: string;
  /** Where the packages of the layers lie, in Lambda /opt/nodejs/node_modules. */
  readonly packages: string;
  /** The file that is imported. */
  readonly module: string;
  readonly remove: () => Promise<void>;
};

/**
 * A built function and its layers as Lambda lays them out, in a folder outside the repository: below it Node would find
 * the packages' TypeScript instead of the layers.
 */
export async function layOut(build: string, { name, handler, layers }: BuiltFunction): Promise<Layout> {
  const home = await mkdtemp(join(tmpdir(), 'lambda-'));
  const task = join(home, 'task');
  await cp(join(build, name), task, { recursive: true });
  for (const layer of layers) await cp(join(build, layer), join(home, 'opt'), { recursive: true });
  return {
    home,
    task,
    packages: join(home, 'opt/nodejs/node_modules'),
    module: join(task, `${handler.replace(/\.[^.]+$/, '')}.mjs`),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
