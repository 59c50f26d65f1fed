import { existsSync } from 'node:fs';
import { join } from 'node:path';
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

const appspec = (...args: string[]) => checkout.run('appspec.sh', args);
const printed = ['print', '--resource', 'MainFunction', '--name', `${name}-main`, '--alias', 'live'];

test('tells what every alias points to', async () => {
  const { code, stdout } = await appspec('state', 'prod');

  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      `MainFunction ${name}-main live 12`,
      `AllocationFunction ${name}-allocation live 12`,
      `AllocationWorker ${name}-allocation-worker live 12`,
      '',
    ].join('\n'),
  );
});

test('a shift that is under way is said, not rendered', async () => {
  checkout.arrange((world) => {
    world.aliases[`${name}-allocation:live`] = { version: 12, weights: { '13': 0.25 } };
  });

  const { code, stderr } = await appspec('state', 'prod');

  expect(code).toBe(3);
  expect(stderr).toContain('{"13":0.25}');
});

describe('rendered after a deployment', () => {
  test('is a file for each function that has shifted, from the version before to the one now', async () => {
    const before = checkout.write('before', (await appspec('state', 'prod')).stdout);
    checkout.arrange((world) => {
      world.aliases[`${name}-main:live`] = { version: 14 };
    });

    const { code } = await appspec('render', 'prod', '--before', before, '--output', 'out put');

    expect(code).toBe(0);
    expect(parse(checkout.read('out put/appspec-MainFunction.yml'))).toEqual({
      version: 0,
      Resources: [
        {
          MainFunction: {
            Type: 'AWS::Lambda::Function',
            Properties: { Name: `${name}-main`, Alias: 'live', CurrentVersion: '12', TargetVersion: '14' },
          },
        },
      ],
      Hooks: [{ BeforeAllowTraffic: `CodeDeployHook_${name}` }],
    });
    expect(existsSync(join(checkout.folder, 'out put/appspec-AllocationFunction.yml'))).toBe(false);
    expect((await appspec('validate', 'out put/appspec-MainFunction.yml')).code).toBe(0);
  });

  test('needs what was before', async () => {
    const { code, stderr } = await appspec('render', 'prod', '--before', 'nowhere', '--output', 'out');

    expect(code).toBe(1);
    expect(stderr).toContain('appspec.sh state');
  });
});

describe('printed', () => {
  test('without a hook, there is none', async () => {
    const { stdout } = await appspec(...printed, '--current', '12', '--target', '11');

    expect(parse(stdout).Hooks).toBeUndefined();
  });

  test.for([
    ['--resource', 'Main: {}'],
    ['--name', 'a b'],
    ['--name', '$(touch hacked)'],
    ['--name', 'a\n        Alias: other'],
    ['--alias', '12'],
    ['--current', '$LATEST'],
    ['--current', '0'],
    ['--target', '-1'],
    ['--target', '12"\nHooks:'],
    ['--hook', '`touch hacked`'],
  ] as const)('%s %j is refused', async ([option, value]) => {
    const { code, stdout } = await appspec(...printed, '--current', '12', '--target', '11', option, value);

    expect([code, stdout]).toEqual([2, '']);
    expect(existsSync(join(checkout.folder, 'hacked'))).toBe(false);
  });

  test('from a version to itself is no shift', async () => {
    expect((await appspec(...printed, '--current', '12', '--target', '12')).code).toBe(1);
  });
});

describe('validated', () => {
  let valid: string;
  beforeEach(async () => {
    valid = (await appspec(...printed, '--current', '12', '--target', '11', '--hook', 'CodeDeployHook_x')).stdout;
  });

  test('by hand it may have comments', async () => {
    checkout.write('appspec.yml', `# By night\n${valid}`);

    const { code, stdout } = await appspec('validate', 'appspec.yml', '--read', 'TargetVersion');

    expect([code, stdout]).toEqual([0, '11\n']);
  });

  test.for([
    ['a server', 'AWS::Lambda::Function', 'AWS::EC2::Instance'],
    ['a newest version', '"11"', '"$LATEST"'],
    ['a number', '"11"', '11'],
    ['nothing to shift', '"11"', '"12"'],
    ['another hook', 'BeforeAllowTraffic', 'BeforeInstall'],
    ['a misspelling', 'TargetVersion', 'TargetVersoin'],
    ['a missing alias', '        Alias: live\n', ''],
    ['a second function', 'Hooks:', '  - Other: {}\nHooks:'],
    ['another version', 'version: 0.0', 'version: 0.2'],
    ['a dot that is none', 'version: 0.0', 'version: 0x0'],
  ] as const)('%s is refused', async ([_what, from, to]) => {
    checkout.write('appspec.yml', valid.replace(from, to));
    expect(checkout.read('appspec.yml')).not.toBe(valid);

    const { code, stderr } = await appspec('validate', 'appspec.yml');

    expect(code).toBe(1);
    expect(stderr).toContain('appspec.yml');
  });

  test('an empty file, and none', async () => {
    checkout.write('empty.yml', '');

    expect((await appspec('validate', 'empty.yml')).code).toBe(1);
    expect((await appspec('validate', 'none.yml')).code).toBe(1);
  });
});
