import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Checkout, makeCheckout, repository } from '../pipeline/scripts/checkout.ts';
import { stackStatuses } from '../pipeline/scripts/stack-statuses.ts';
import { deployStack } from '../pipeline/scripts/stand-in/world.ts';
import { sam } from '../sam/sam.ts';

const python = (args: readonly string[], input = '') =>
  spawnSync(join(repository, '.venv/bin/python'), args, { input, encoding: 'utf8' });
let checkout: Checkout;

beforeAll(async () => {
  await sam('--version'); // makes .venv where there is none
  checkout = await makeCheckout();
});
afterAll(() => checkout.remove());

test('shellcheck has nothing to say to the scripts', async () => {
  const scripts = readdirSync(join(repository, 'pipeline/scripts')).map((name) => `pipeline/scripts/${name}`);
  const shellcheck = join(repository, '.venv/bin/shellcheck');

  const { stdout } = await promisify(execFile)(shellcheck, ['--external-sources', ...scripts], { cwd: repository });

  expect(scripts.length).toBeGreaterThan(8);
  expect(stdout).toBe('');
});

test('there is no state of a stack that has no answer', () => {
  const statuses = `
import botocore.session, json
print(json.dumps(botocore.session.get_session().get_service_model('cloudformation').shape_for('StackStatus').enum))`;

  const { stdout } = python(['-c', statuses]);

  expect(JSON.parse(stdout).sort()).toEqual(Object.keys(stackStatuses).sort());
});

test('every call of aws is one that its CLI understands', async () => {
  const name = 'inventory-allocation-stage';
  checkout.arrange((world) => deployStack(world, { name, version: 3 }));
  checkout.write('.aws-sam/build/template.yaml', 'Resources: {}\n');
  checkout.write('sbom.json', '{}');
  const store = {
    BUNDLE_STORE: 'codeartifact',
    CODEARTIFACT_DOMAIN: 'inventory-allocation',
    CODEARTIFACT_DOMAIN_OWNER: '123456789012',
    CODEARTIFACT_REPOSITORY: 'inventory-allocation',
    AWS_REGION: 'us-east-1',
  };
  const run = async (script: string, ...args: string[]) =>
    (await checkout.run(script, args, { ...store, PIPELINE_NAME: 'inventory-allocation' })).stdout.trim();

  const checksum = await run('bundle.sh', 'pack', 'b.tar.gz', '--sbom', 'sbom.json');
  await run('bundle.sh', 'put', 'b.tar.gz');
  await run('bundle.sh', 'get', checksum, 'b.tar.gz');
  await run('deploy.sh', 'stage', '--bundle', 'b.tar.gz', '--checksum', checksum);
  await run('smoke.sh', 'stage', '--url', 'http://127.0.0.1:9', '--timeout', '0');
  await run('rollback.sh', 'stage', '--list');
  await run('rollback.sh', 'stage', '--function', 'MainFunction', '--to', '2', '--hook');
  await run('changes.sh', 'commits');

  const calls = checkout.calls().filter(([program]) => program === 'aws');
  const commands = calls.map((call) => JSON.stringify(call.slice(1)));
  const commandsOf = join(import.meta.dirname, 'known-commands.py');
  const { stdout, stderr } = python([commandsOf], commands.join('\n'));
  expect(stdout + stderr).toBe('');
  const used = new Set(
    calls.map((call) =>
      call
        .filter((word) => !/^(--|us-east-1$|text$|aws$)/.test(word))
        .slice(0, 2)
        .join(' '),
    ),
  );
  expect([...used].sort()).toEqual([
    'cloudformation describe-stack-resource',
    'cloudformation describe-stacks',
    'codeartifact get-package-version-asset',
    'codeartifact publish-package-version',
    'codepipeline list-pipeline-executions',
    'deploy create-deployment',
    'deploy wait',
    'lambda get-alias',
    'lambda get-function-configuration',
    'lambda list-versions-by-function',
  ]);
});

test('a misspelt option would be seen', () => {
  const wrong = [
    ['--region', 'x', 'lambda', 'get-alias', '--function-name', 'a', '--alias', 'b'],
    ['lambda', 'get-aliases'],
  ];

  const { stdout } = python(
    [join(import.meta.dirname, 'known-commands.py')],
    wrong.map((call) => JSON.stringify(call)).join('\n'),
  );

  expect(stdout).toContain("unknown ['alias'], missing ['Name']");
  expect(stdout).toContain('no such operation');
});
