import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runBuildspec } from './runner.ts';

let source: string;
beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'source-'));
});
afterEach(() => rmSync(source, { recursive: true, force: true }));

function build(phases: object, rest: object = {}) {
  const file = join(source, 'buildspec.yml');
  writeFileSync(file, stringify({ version: 0.2, phases, ...rest }));
  return runBuildspec(file, { source, environment: { PATH: process.env.PATH ?? '', GIVEN: 'by the project' } });
}

const names = (phases: readonly { name: string; status: string }[]) =>
  phases.map(({ name, status }) => `${name} ${status}`);

describe('a phase that fails', () => {
  const after = { post_build: { commands: ['echo after'] } };

  test('ends a build before it has begun', async () => {
    const { status, phases, log } = await build({
      pre_build: { commands: ['false', 'echo more'] },
      build: after.post_build,
    });

    expect(status).toBe('FAILED');
    expect(names(phases)).toEqual(['pre_build FAILED']);
    expect(log).not.toContain('\nmore');
  });

  test('lets post_build follow a build, which is why ours say ABORT', async () => {
    const { status, phases } = await build({ build: { commands: ['false'] }, ...after });

    expect(status).toBe('FAILED');
    expect(names(phases)).toEqual(['build FAILED', 'post_build SUCCEEDED']);
  });

  test('with ABORT ends it there, after finally', async () => {
    const { phases, log } = await build({
      build: { 'on-failure': 'ABORT', commands: ['false'], finally: ['echo cleaned'] },
      ...after,
    });

    expect(names(phases)).toEqual(['build FAILED']);
    expect(log).toContain('cleaned');
  });

  test('with CONTINUE goes on and stays failed', async () => {
    const { status, phases } = await build({ install: { 'on-failure': 'CONTINUE', commands: ['false'] }, ...after });

    expect(status).toBe('FAILED');
    expect(names(phases)).toEqual(['install FAILED', 'post_build SUCCEEDED']);
  });
});

test('variables live on from command to command, and go out when they are exported', async () => {
  const phases = { install: { commands: ['A=1', 'export B=2', 'C=3'] }, build: { commands: ['echo "$A$GIVEN$D"'] } };
  const env = { shell: 'bash', variables: { GIVEN: 'by the buildspec', D: '4' }, 'exported-variables': ['B', 'C'] };

  const { log, exported } = await build(phases, { env });

  expect(log).toContain('1by the project4');
  expect(exported).toEqual({ B: '2', C: '' });
});

describe('artifacts', () => {
  const artifacts = { 'base-directory': 'out', files: ['**/*'] };

  test('are what lies below the base directory', async () => {
    const { artifact } = await build({ build: { commands: ['mkdir -p out/a; echo 1 > out/a/b'] } }, { artifacts });

    expect([...(artifact ?? [])].map(([path, content]) => [path, content.toString()])).toEqual([['a/b', '1\n']]);
  });

  test('that are not there fail a build', async () => {
    const { status, artifact } = await build({ build: { commands: ['true'] } }, { artifacts });

    expect([status, artifact]).toEqual(['FAILED', null]);
  });

  test('are uploaded after a failure too, which is why ours are put there last', async () => {
    const { status, artifact } = await build(
      { build: { commands: ['mkdir out; echo 1 > out/b; false'] } },
      { artifacts },
    );

    expect(status).toBe('FAILED');
    expect(artifact?.size).toBe(1);
  });
});

test.for([
  [{ pre_build: { command: ['true'] } }, {}],
  [{ prebuild: { commands: ['true'] } }, {}],
  [{ build: { commands: ['true'], 'on-failure': 'STOP' } }, {}],
  [{ build: { commands: ['true'] } }, { artifact: { files: ['x'] } }],
  [{ build: { commands: ['true'] } }, { version: 0.1 }],
])('%j with %j is no buildspec', async ([phases = {}, rest]) => {
  await expect(build(phases, rest)).rejects.toThrow();
});
