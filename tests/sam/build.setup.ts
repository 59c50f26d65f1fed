import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { sam } from './sam.ts';

/**
 * One `sam build` for all tests of the project, or the one in the folder SAM_BUILD: a pipeline tests the very bundle that it
 * deploys. `inject('build')` tells the folder.
 */
export default async function setup(project: TestProject) {
  const given = process.env.SAM_BUILD;
  if (given !== undefined) return project.provide('build', resolve(given));
  const home = await mkdtemp(join(tmpdir(), 'sam-'));
  const build = join(home, 'build');
  await sam('build', '--build-dir', build);
  project.provide('build', build);
  return () => rm(home, { recursive: true, force: true });
}

declare module 'vitest' {
  interface ProvidedContext {
    build: string;
  }
}
