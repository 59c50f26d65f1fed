import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Build, runBuildspec } from '../pipeline/buildspec/runner.ts';
import { callsIn, repository, standIn, standInEnvironment } from '../pipeline/scripts/checkout.ts';
import { empty, type World, writeWorld } from '../pipeline/scripts/stand-in/world.ts';
import { copyCheckout } from '../toolchain/checkout.ts';

export type Source = {
  /** A fresh clone, as SourceAction hands it on. */
  readonly folder: string;
  run(
    buildspec: string,
    environment?: Record<string, string>,
    done?: Parameters<typeof runBuildspec>[1]['done'],
  ): Promise<Build>;
  /** Every call of `aws` and of `sam deploy` so far. */
  calls(): string[][];
  readonly worldFile: string;
  remove(): void;
};

/** Minutes of tests that the build would run; what is left of each suite shows that it is run. */
const left = [
  'tests/models/methods.test.ts',
  'tests/schemas/scalars.test.ts',
  'tests/database/health.test.ts',
  'tests/sam/artifacts.test.ts',
];

export async function takeSource(world: (world: World) => void): Promise<Source> {
  const home = await mkdtemp(join(tmpdir(), 'pipeline-'));
  const folder = join(home, 'source');
  for (const file of copyCheckout(folder)) {
    if (/^tests\/.*\.test\.ts$/.test(file) && !left.includes(file)) rmSync(join(folder, file));
  }
  standIn({ checkout: folder, home, sam: join(repository, '.venv/bin/sam') });
  const worldFile = join(home, 'world.json');
  const held = empty();
  world(held);
  writeWorld(worldFile, held);
  return {
    folder,
    run: (buildspec, environment = {}, done = []) =>
      runBuildspec(join(folder, 'pipeline/buildspecs', buildspec), {
        source: folder,
        environment: { ...outside(), ...standInEnvironment(home), ...environment },
        done,
      }),
    calls: () => callsIn(home),
    worldFile,
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** What a build machine gives; nothing of whoever is signed in to AWS here, and nothing of the npm that runs this test. */
function outside(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^(LANG|npm_config_(cache|registry|userconfig)|.*_(PROXY|proxy|CERTS|CERT_FILE|CA_BUNDLE))$/.test(name),
  );
  const kept = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  return {
    ...kept,
    HOME: homedir(),
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
}
