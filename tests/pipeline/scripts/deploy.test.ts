import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checkout, makeCheckout } from './checkout.ts';
import { deployStack, type World } from './stand-in/world.ts';

const name = 'inventory-allocation-stage';
const release = createHash('sha1').update('release').digest('hex');
let checkout: Checkout;
let checksum: string;
beforeEach(async () => {
  checkout = await makeCheckout();
  checkout.write('.aws-sam/build/template.yaml', 'Resources: {}\n');
  checkout.write('.aws-sam/build/MainFunction/handler.mjs', 'export const handler = 1;\n');
  checkout.write('sbom.json', '{}');
  checksum = (await checkout.run('bundle.sh', ['pack', 'the bundle.tar.gz', '--sbom', 'sbom.json'])).stdout.trim();
});
afterEach(() => checkout.remove());

const deploy = (environment: Record<string, string> = {}, ...more: string[]) =>
  checkout.run(
    'deploy.sh',
    [
      'stage',
      '--bundle',
      'the bundle.tar.gz',
      '--checksum',
      checksum,
      '--release-id',
      release,
      '--output',
      'out put',
      ...more,
    ],
    environment,
  );
const deployed = () => checkout.calls().filter(([program]) => program === 'sam');
const arrangeStack = (change: (world: World) => void = () => {}) =>
  checkout.arrange((world) => {
    deployStack(world, { name, version: 12 });
    change(world);
  });

test('a first deployment creates the stack, and says that nothing shifts', async () => {
  const { code, stderr } = await deploy();

  expect(code).toBe(0);
  expect(stderr).toContain('stage is created; nothing could be shifted');
  expect(checkout.read('out put/release.txt')).toBe(`environment stage\nrelease ${release}\nbundle ${checksum}\n`);
  expect(existsSync(join(checkout.folder, 'out put/appspec-MainFunction.yml'))).toBe(false);
});

test('a later one shifts, and leaves an AppSpec of each function', async () => {
  arrangeStack();

  const { code } = await deploy();

  expect(code).toBe(0);
  for (const resource of ['MainFunction', 'AllocationFunction', 'AllocationWorker']) {
    expect(checkout.read(`out put/appspec-${resource}.yml`)).toMatch(/CurrentVersion: "12"\n +TargetVersion: "13"/);
  }
});

test('what is deployed is the bundle, with its own settings and the release', async () => {
  arrangeStack();
  checkout.write(
    'samconfig.toml',
    checkout.read('samconfig.toml').replaceAll('BackupRetentionDays=14', 'BackupRetentionDays=7'),
  );

  await deploy();

  expect(checkout.read(`stand-in/deployed/${name}/MainFunction/handler.mjs`)).toBe('export const handler = 1;\n');
  const configuration = checkout.read(`stand-in/deployed/${name}.toml`);
  const [, stage = ''] = configuration.split('[stage.deploy.parameters]');
  expect(stage.split('\n[')[0]).toContain('"BackupRetentionDays=14"');
  expect(configuration.match(/ReleaseId=/g)).toEqual(['ReleaseId=']);
  expect(stage.split('\n[')[0]).toContain(`  "ReleaseId=${release}",`);
  const [call = []] = deployed();
  expect(call).toEqual(
    expect.arrayContaining(['--config-env', 'stage', '--no-confirm-changeset', '--no-fail-on-empty-changeset']),
  );
  expect(call).not.toContain('--parameter-overrides');
});

test("uploads to the pipeline's bucket, deploys in CloudFormation's role and within the boundary, where they are given", async () => {
  arrangeStack();
  const role = 'arn:aws:iam::123456789012:role/pipeline-inventory-allocation-stage-cloudformation';
  const boundary = 'arn:aws:iam::123456789012:policy/pipeline-inventory-allocation-stage-boundary';

  await deploy({ ARTIFACT_BUCKET: 'artifacts', CLOUDFORMATION_ROLE_ARN: role, PERMISSIONS_BOUNDARY: boundary });

  const [call = []] = deployed();
  expect(call.slice(call.indexOf('--no-resolve-s3'))).toEqual([
    '--no-resolve-s3',
    '--s3-bucket',
    'artifacts',
    '--role-arn',
    role,
  ]);
  expect(checkout.read(`stand-in/deployed/${name}.toml`)).toContain(`  "PermissionsBoundary=${boundary}",`);
});

test('a release id or a boundary that samconfig.toml still holds gives way', async () => {
  const boundary = 'arn:aws:iam::123456789012:policy/boundary';
  const before = '  "Environment=stage",\n  "ReleaseId=0000",\n  "PermissionsBoundary=old",\n';
  checkout.write('samconfig.toml', checkout.read('samconfig.toml').replace('  "Environment=stage",\n', before));
  checksum = (await checkout.run('bundle.sh', ['pack', 'the bundle.tar.gz', '--sbom', 'sbom.json'])).stdout.trim();

  await deploy({ PERMISSIONS_BOUNDARY: boundary });

  const configuration = checkout.read(`stand-in/deployed/${name}.toml`);
  expect(configuration.match(/ReleaseId=\w+/g)).toEqual([`ReleaseId=${release}`]);
  expect(configuration.match(/PermissionsBoundary=[^"]+/g)).toEqual([`PermissionsBoundary=${boundary}`]);
});

test('dev is the section that samconfig.toml calls default', async () => {
  const options = ['--bundle', 'the bundle.tar.gz', '--checksum', checksum, '--release-id', release];

  const { code } = await checkout.run('deploy.sh', ['dev', ...options]);

  expect(code).toBe(0);
  expect(deployed()[0]).toEqual(expect.arrayContaining(['--config-env', 'default']));
});

test('nothing to deploy is a success', async () => {
  arrangeStack((world) => {
    world.deployment = 'has nothing to do';
  });

  const { code, stderr } = await deploy();

  expect(code).toBe(0);
  expect(stderr).toContain('stage was up to date');
});

test('a deployment that succeeds while the alias stays is a failure', async () => {
  arrangeStack((world) => {
    world.deployment = 'leaves the alias';
  });

  const { code, stderr } = await deploy();

  expect(code).toBe(1);
  expect(stderr).toContain('the alias of MainFunction still points to version 12');
});

test('a failed deployment says where to look', async () => {
  arrangeStack((world) => {
    world.deployment = 'fails';
  });

  const { code, stderr } = await deploy();

  expect(code).toBe(1);
  expect(stderr).toContain(`the events of ${name}`);
  expect(existsSync(join(checkout.folder, 'out put'))).toBe(false);
});

test.for([
  ['UPDATE_IN_PROGRESS', 3],
  ['ROLLBACK_COMPLETE', 4],
  ['UPDATE_ROLLBACK_FAILED', 4],
] as const)('a stack in %s gets no deployment, and exit code %i', async ([status, expected]) => {
  arrangeStack((world) => Object.assign(world.stacks[name] ?? {}, { status }));

  const { code } = await deploy();

  expect(code).toBe(expected);
  expect(deployed()).toEqual([]);
});

test('a bundle that is not what the checksum says is not deployed', async () => {
  checkout.write('the bundle.tar.gz', Buffer.concat([checkout.bytes('the bundle.tar.gz'), Buffer.from('x')]));

  const { code } = await deploy();

  expect(code).toBe(5);
  expect(checkout.calls()).toEqual([]);
});

describe('settings that cannot be right stop it before anything is asked', () => {
  test.for([
    ['ARTIFACT_BUCKET', 'bucket --parameter-overrides Environment=dev'],
    ['ARTIFACT_KEY', 'alias/aws/s3 --force-upload'],
    ['CLOUDFORMATION_ROLE_ARN', 'admin'],
    ['PERMISSIONS_BOUNDARY', 'arn:aws:iam::123456789012:policy/x",\n  "Environment=dev'],
  ] as const)('%s', async ([setting, value]) => {
    const { code, stderr } = await deploy({ [setting]: value });

    expect(code).toBe(2);
    expect(stderr).toContain(setting);
    expect(checkout.calls()).toEqual([]);
  });

  test.for(['-1', 'ABCDEF', '$(id)', `${'a'.repeat(40)}\nb`])('the release id %j', async (id) => {
    expect((await deploy({}, '--release-id', id)).code).toBe(2);
    expect(checkout.calls()).toEqual([]);
  });
});

describe('the release id', () => {
  const ask = (environment: Record<string, string>) => checkout.run('release-id.sh', [], environment);
  const build = { CODEBUILD_RESOLVED_SOURCE_VERSION: 'c0ffee', CODEBUILD_BUILD_ID: 'deploy:1' };

  test('is the same for a build, and another for the next build of the same commit', async () => {
    const [first, again, next] = await Promise.all([
      ask(build),
      ask(build),
      ask({ ...build, CODEBUILD_BUILD_ID: 'deploy:2' }),
    ]);

    expect(first?.stdout).toMatch(/^[0-9a-f]{40}\n$/);
    expect(again?.stdout).toBe(first?.stdout);
    expect(next?.stdout).not.toBe(first?.stdout);
  });

  test("is Jenkins's too", async () => {
    const jenkins = { GIT_COMMIT: 'c0ffee', BUILD_TAG: 'jenkins-inventory-main-1' };

    expect((await ask(jenkins)).stdout).toBe((await ask(jenkins)).stdout);
  });
});
