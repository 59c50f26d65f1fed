import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Checkout, makeCheckout } from './checkout.ts';
import { deployStack } from './stand-in/world.ts';

const name = 'inventory-allocation-prod';
let checkout: Checkout;
beforeEach(async () => {
  checkout = await makeCheckout();
  checkout.arrange((world) => deployStack(world, { name, version: 12 }));
});
afterEach(() => checkout.remove());

const rollback = (...args: string[]) => checkout.run('rollback.sh', ['prod', ...args]);
const started = () => checkout.calls().find((call) => call.includes('create-deployment'));
const option = (name: string) => {
  const call = started() ?? [];
  return call.includes(name) ? call[call.indexOf(name) + 1] : undefined;
};

/** The AppSpec that a deployment has left, by which it went from version 11 to 12. */
async function shifted(): Promise<string> {
  const parts = [
    '--resource',
    'MainFunction',
    '--name',
    `${name}-main`,
    '--alias',
    'live',
    '--hook',
    'CodeDeployHook_x',
  ];
  const { stdout } = await checkout.run('appspec.sh', ['print', ...parts, '--current', '11', '--target', '12']);
  return checkout.write('appspec-MainFunction.yml', stdout);
}

test('starts a deployment of a valid AppSpec from the version that the alias really points to', async () => {
  const { code } = await rollback('--function', 'AllocationFunction', '--to', '9');

  expect(code).toBe(0);
  expect(option('--application-name')).toBe(`${name}-ServerlessDeploymentApplication-1A2B3C`);
  expect(option('--deployment-group-name')).toBe(`${name}-AllocationFunctionDeploymentGroup-9Z8Y7X`);
  expect(option('--deployment-config-name')).toBe('CodeDeployDefault.LambdaAllAtOnce');
  const revision = JSON.parse(option('--revision') ?? '');
  expect(revision.revisionType).toBe('AppSpecContent');
  const { content, sha256 } = revision.appSpecContent;
  expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
  const Properties = { Name: `${name}-allocation`, Alias: 'live', CurrentVersion: '12', TargetVersion: '9' };
  expect(parse(content)).toEqual({
    version: 0,
    Resources: [{ AllocationFunction: { Type: 'AWS::Lambda::Function', Properties } }],
  });
});

test('takes back the shift that a deployment has left a description of', async () => {
  const { code } = await rollback('--appspec', await shifted());

  expect(code).toBe(0);
  expect(option('--revision')).toContain('CurrentVersion: \\"12\\"\\n        TargetVersion: \\"11\\"');
});

test('neither an alarm nor the hook of the release that is fled from stops it', async () => {
  await rollback('--appspec', await shifted());

  expect(option('--override-alarm-configuration')).toBe('enabled=false');
  expect(option('--auto-rollback-configuration')).toBe('enabled=false');
  expect(option('--revision')).not.toContain('Hooks');
});

test('asks the hook where that is wanted', async () => {
  await rollback('--appspec', await shifted(), '--hook');

  expect(option('--revision')).toContain(`BeforeAllowTraffic: CodeDeployHook_${name}`);
});

test('shows what it would do, and does nothing', async () => {
  const { code, stdout } = await rollback('--appspec', await shifted(), '--dry-run');

  expect(code).toBe(0);
  expect(parse(stdout).Resources).toHaveLength(1);
  expect(started()).toBeUndefined();
});

test('says which versions there are', async () => {
  const { code, stdout } = await rollback('--list');

  expect(code).toBe(0);
  expect(stdout).toContain(`MainFunction: ${name}-main:live points to version 12`);
  expect(stdout).toMatch(/^11\t/m);
  expect(stdout).not.toContain('$LATEST');
});

describe('starts nothing', () => {
  test.for([
    ['without a function', []],
    ['without a version', ['--function', 'MainFunction']],
    ['for a function that takes no traffic', ['--function', 'MigrateFunction', '--to', '9']],
    ['for two of them', ['--function', 'MainFunction AllocationFunction', '--to', '9']],
    ['to what is no version', ['--function', 'MainFunction', '--to', '$LATEST']],
    ['to a hostile version', ['--function', 'MainFunction', '--to', '9"; touch hacked; "']],
    ['with an AppSpec and a version', ['--appspec', 'x', '--to', '9']],
    ['with an unknown option', ['--force']],
  ] as const)('%s', async ([_what, args]) => {
    expect((await rollback(...args)).code).toBe(2);
    expect(started()).toBeUndefined();
  });

  test('to a version that does not exist', async () => {
    const { code, stderr } = await rollback('--function', 'MainFunction', '--to', '99');

    expect(code).toBe(1);
    expect(stderr).toContain('has no version 99; --list says');
  });

  test('to the version that it points to', async () => {
    expect((await rollback('--function', 'MainFunction', '--to', '12')).code).toBe(1);
  });

  test('when another shift has come since', async () => {
    const file = await shifted();
    checkout.arrange((world) => {
      world.aliases[`${name}-main:live`] = { version: 13 };
    });

    const { code, stderr } = await rollback('--appspec', file);

    expect(code).toBe(1);
    expect(stderr).toContain('points to version 13, not to 12');
  });

  test('for the AppSpec of another environment', async () => {
    checkout.arrange((world) => deployStack(world, { name: 'inventory-allocation-stage', version: 12 }));

    const { code, stderr } = await checkout.run('rollback.sh', ['stage', '--appspec', await shifted()]);

    expect(code).toBe(1);
    expect(stderr).toContain('of another environment');
  });

  test('while traffic is being shifted', async () => {
    checkout.arrange((world) => {
      world.aliases[`${name}-main:live`] = { version: 12, weights: { '13': 0.5 } };
    });

    expect((await rollback('--function', 'MainFunction', '--to', '11')).code).toBe(3);
  });
});

test('another deployment that is under way is to be stopped first', async () => {
  checkout.arrange(({ failures }) => {
    const message = 'The deployment group already has an active deployment d-1';
    failures['deploy create-deployment'] = [{ code: 'DeploymentLimitExceededException', message }];
  });

  const { code, stderr } = await rollback('--function', 'MainFunction', '--to', '11');

  expect(code).toBe(3);
  expect(stderr).toContain('aws deploy stop-deployment');
});

test('a deployment that does not succeed is a failure, and says why', async () => {
  checkout.arrange((world) => {
    world.shift = 'Failed';
  });

  const { code, stderr } = await rollback('--function', 'MainFunction', '--to', '11');

  expect(code).toBe(1);
  expect(stderr).toContain('It has failed');
});
