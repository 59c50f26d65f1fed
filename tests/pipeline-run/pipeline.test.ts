import { createHash, randomBytes } from 'node:crypto';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Build } from '../pipeline/buildspec/runner.ts';
import { deployStack } from '../pipeline/scripts/stand-in/world.ts';
import { sam } from '../sam/sam.ts';
import { startCodeStore } from './code-store.ts';
import { startDeployedApi } from './deployed-api.ts';
import { type Source, takeSource } from './source.ts';

const secrets = {
  npm: randomBytes(24).toString('hex'),
  aws: randomBytes(30).toString('base64'),
  token: randomBytes(24).toString('hex'),
};
const packages = {
  AWS_REGION: 'us-east-1',
  CODEARTIFACT_DOMAIN: 'inventory-allocation',
  CODEARTIFACT_DOMAIN_OWNER: '123456789012',
  CODEARTIFACT_REPOSITORY: 'inventory-allocation',
  CODEBUILD_RESOLVED_SOURCE_VERSION: 'c0ffee',
};
const sumOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

let source: Source;
let store: Awaited<ReturnType<typeof startCodeStore>>;
let api: Awaited<ReturnType<typeof startDeployedApi>>;
let build: Build;
let environment: Record<string, string>;

beforeAll(async () => {
  await sam('--version'); // makes .venv where there is none
  source = await takeSource((world) => deployStack(world, { name: 'inventory-allocation-prod', version: 7 }));
  store = await startCodeStore();
  api = await startDeployedApi({ worldFile: source.worldFile, token: secrets.token });
  environment = {
    ...packages,
    ARTIFACT_BUCKET: 'artifacts',
    AWS_ENDPOINT_URL_S3: store.url,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: secrets.aws,
    CODEARTIFACT_AUTH_TOKEN: secrets.npm,
  };
  build = await source.run('build.yml', environment);
});

afterAll(() => {
  store?.close();
  api?.close();
  source?.remove();
});

describe('the build of a fresh clone', () => {
  test('goes through all phases: real npm ci, tests, sam build and sam package', () => {
    expect(
      build.phases.map(({ name, status }) => `${name} ${status}`),
      build.log,
    ).toEqual(['install SUCCEEDED', 'pre_build SUCCEEDED', 'build SUCCEEDED', 'post_build SUCCEEDED']);
    expect(build.status).toBe('SUCCEEDED');
    expect(build.log).toContain('Running unit tests...');
    expect(build.log).toContain('Unit tests completed.');
  });

  test('logs npm in to CodeArtifact before anything is installed', () => {
    expect(source.calls()[0]?.slice(0, 5)).toEqual(['aws', 'codeartifact', 'login', '--tool', 'npm']);
  });

  test('reports its tests and their coverage', () => {
    const [tests = ''] = build.reports['unit-tests'] ?? [];
    const [coverage = ''] = build.reports['unit-coverage'] ?? [];

    expect(tests).toMatch(/<testsuites name="vitest tests" tests="\d+" failures="0" errors="0"/);
    expect(coverage).toMatch(/<coverage generated=.*clover=/);
    expect(Number(/coveredstatements="(\d+)"/.exec(coverage)?.[1])).toBeGreaterThan(0);
  });

  test('hands on the bundle, the packaged template and the list of parts, and the checksum of the first', () => {
    expect([...(build.artifact?.keys() ?? [])].sort()).toEqual(['bundle.tar.gz', 'packaged.yaml', 'sbom.cdx.json']);
    expect(build.exported.BUNDLE_SHA256).toBe(sumOf(build.artifact?.get('bundle.tar.gz') ?? Buffer.of()));
    const { components } = JSON.parse(String(build.artifact?.get('sbom.cdx.json')));
    expect(components.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['@middy/core', 'jose', 'zod']),
    );
  });

  test('packages every function and layer, each once', () => {
    const uris = String(build.artifact?.get('packaged.yaml')).match(/s3:\/\/artifacts\/packages\/\w+/g) ?? [];

    expect(uris.length).toBeGreaterThan(8);
    for (const uri of uris) expect(store.objects.has(uri.replace('s3:/', ''))).toBe(true);
  });

  test('publishes the bundle by its checksum', () => {
    const published = source.calls().find((call) => call.includes('publish-package-version'));

    expect(published).toEqual(
      expect.arrayContaining(['--package-version', build.exported.BUNDLE_SHA256, '--format', 'generic']),
    );
  });
});

describe('from the tests to production', () => {
  const builds: Record<string, Build> = {};
  let deployEnvironment: Record<string, string>;

  beforeAll(async () => {
    deployEnvironment = { ...packages, BUNDLE_SHA256: build.exported.BUNDLE_SHA256 ?? '', SMOKE_TOKEN: secrets.token };
    for (const name of ['stage', 'prod']) {
      builds[`check ${name}`] = await source.run('check.yml', { AWS_REGION: 'us-east-1', ENVIRONMENT: name });
    }
    builds.test = await source.run('test.yml', { ...environment, ...deployEnvironment }, ['install']); // as in the build
    for (const name of ['stage', 'prod']) {
      rmSync(join(source.folder, 'deployed'), { recursive: true, force: true });
      const url = `${api.url}/inventory-allocation-${name}`;
      builds[name] = await source.run('deploy.yml', { ...deployEnvironment, ENVIRONMENT: name, STAND_IN_API_URL: url });
    }
  });

  test('each step succeeds', () => {
    for (const [name, { status, log }] of Object.entries(builds)) expect(status, `${name}\n${log}`).toBe('SUCCEEDED');
  });

  test('the check says what each environment is', () => {
    expect(builds['check stage']?.exported).toEqual({ STACK_STATE: 'absent' });
    expect(builds['check prod']?.exported).toEqual({ STACK_STATE: 'ready' });
  });

  test('integration tests run on a real PostgreSQL and on the bundle, and report', () => {
    const [report = ''] = builds.test?.reports['integration-tests'] ?? [];

    expect(report).toContain('tests/database/health.test.ts');
    expect(report).toContain('tests/sam/artifacts.test.ts');
    expect(report).toMatch(/failures="0" errors="0"/);
  });

  test.for(['stage', 'prod'])('what %s gets is byte for byte what was built and tested', (name) => {
    const deployed = join(dirname(source.folder), 'deployed', `inventory-allocation-${name}`);

    const built = checksums(join(source.folder, '.aws-sam/build'));
    expect(Object.keys(built).length).toBeGreaterThan(15);
    expect(checksums(join(source.folder, 'tested/build'))).toEqual(built);
    expect(checksums(deployed)).toEqual(built);
  });

  test('an environment that was absent is created, one that was there shifts and leaves its AppSpec', () => {
    expect([...(builds.stage?.artifact?.keys() ?? [])]).toEqual(['release.txt']);
    expect([...(builds.prod?.artifact?.keys() ?? [])].sort()).toEqual([
      'appspec-AllocationFunction.yml',
      'appspec-AllocationWorker.yml',
      'appspec-MainFunction.yml',
      'release.txt',
    ]);
  });

  test('the release that is deployed is the one that is asked for', () => {
    expect(builds.prod?.exported.RELEASE_ID).toMatch(/^[0-9a-f]{40}$/);
    expect(String(builds.prod?.artifact?.get('release.txt'))).toContain(`release ${builds.prod?.exported.RELEASE_ID}`);
    expect(builds.prod?.log).toContain('prod works');
  });

  test('no secret is printed, in no step', () => {
    const logs = [build, ...Object.values(builds)].map(({ log }) => log).join('');

    for (const secret of Object.values(secrets)) expect(logs).not.toContain(secret);
  });

  test('no function is changed past CloudFormation', () => {
    const calls = source.calls().map((call) => call.join(' '));

    expect(calls.filter((call) => /update-function|update-alias|publish-version /.test(call))).toEqual([]);
    expect(calls.filter((call) => call.startsWith('sam deploy'))).toHaveLength(2);
  });

  test('a checksum that no bundle has deploys nothing', async () => {
    const before = source.calls().length;

    const { status, phases } = await source.run('deploy.yml', {
      ...deployEnvironment,
      BUNDLE_SHA256: '0'.repeat(64),
      ENVIRONMENT: 'prod',
    });

    expect([status, phases.map(({ name }) => name)]).toEqual(['FAILED', ['install', 'pre_build']]);
    expect(
      source
        .calls()
        .slice(before)
        .filter(([program]) => program === 'sam'),
    ).toEqual([]);
  });
});

describe('a build that fails leaves nothing: no artifact, nothing published', () => {
  async function rebuild(): Promise<{ failed: Build; published: string[][] }> {
    for (const left of ['release', 'bundle.tar.gz', 'packaged.yaml', '.aws-sam'])
      rmSync(join(source.folder, left), { recursive: true, force: true });
    const before = source.calls().length;
    const failed = await source.run('build.yml', environment, ['install']); // as in the build above
    return { failed, published: source.calls().slice(before) };
  }

  test('by a unit test: nothing is even packaged, and the report says which', async () => {
    const file = join(source.folder, 'tests/models/broken.test.ts');
    writeFileSync(file, "import { expect, test } from 'vitest';\ntest('two and two', () => expect(2 + 2).toBe(5));\n");

    const { failed, published } = await rebuild();

    rmSync(file);
    expect(failed.status).toBe('FAILED');
    expect(failed.phases.map(({ name }) => name)).toEqual(['pre_build']);
    expect(failed.reports['unit-tests']?.[0]).toContain('two and two');
    expect([failed.artifact, published]).toEqual([null, []]);
    expect(failed.log).not.toContain('sam.sh build');
  });

  test('by what cannot be built', async () => {
    const file = join(source.folder, 'functions/main/handler.ts');
    const handler = readFileSync(file, 'utf8');
    writeFileSync(file, "import './nowhere.ts';\n");

    const { failed, published } = await rebuild();

    writeFileSync(file, handler);
    expect(failed.phases.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'pre_build SUCCEEDED',
      'build FAILED',
    ]);
    expect([failed.artifact, published]).toEqual([null, []]);
  });
});

function checksums(folder: string): Record<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.sort().map((file) => [file, sumOf(readFileSync(join(folder, file)))]));
}
