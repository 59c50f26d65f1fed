import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Artifactory, startArtifactory } from './artifactory.ts';
import { type Checkout, makeCheckout } from './checkout.ts';

let checkout: Checkout;
let artifactory: Artifactory;
const content = randomBytes(200_000);
const checksum = createHash('sha256').update(content).digest('hex');
const path = `/artifactory/releases/inventory-allocation/${checksum}/bundle.tar.gz`;

beforeEach(async () => {
  checkout = await makeCheckout();
  artifactory = await startArtifactory(randomBytes(24).toString('hex'));
});
afterEach(async () => {
  await artifactory.close();
  checkout.remove();
});

const bundle = (args: readonly string[], environment: Record<string, string> = {}) =>
  checkout.run('bundle.sh', args, {
    BUNDLE_STORE: 'artifactory',
    ARTIFACTORY_URL: artifactory.url,
    ARTIFACTORY_REPOSITORY: 'releases',
    ARTIFACTORY_TOKEN: artifactory.token,
    BUNDLE_PAUSE_SECONDS: '0',
    ...environment,
  });

/** Nothing but the checkout's own: no half of a download, hidden or not. */
const leftOver = () => readdirSync(checkout.folder).filter((name) => /bundle|got/.test(name));

test('what is put is got, byte for byte, by its checksum', async () => {
  const put = await bundle(['put', checkout.write('my bundle.tar.gz', content)]);
  const got = await bundle(['get', checksum, 'got.tar.gz']);

  expect([put.code, put.stdout]).toEqual([0, `${checksum}\n`]);
  expect(got.code).toBe(0);
  expect(artifactory.requests.map(({ line }) => line)).toEqual([`PUT ${path}`, `GET ${path}`]);
  expect(checkout.bytes('got.tar.gz').equals(content)).toBe(true);
});

test('a user with a password is known too', async () => {
  const password = { ARTIFACTORY_TOKEN: '', ARTIFACTORY_USER: 'deployer', ARTIFACTORY_PASSWORD: artifactory.token };

  const { code } = await bundle(['put', checkout.write('b.tar.gz', content)], password);

  expect(code).toBe(0);
});

describe('what passes is tried again', () => {
  test.for([[500], [502, 503], [429], ['hang up'], [500, 'hang up', 503, 500]] as const)('after %j', async (faults) => {
    artifactory.faults.push(...faults);

    const { code, stderr } = await bundle(['put', checkout.write('b.tar.gz', content)]);

    expect(code).toBe(0);
    expect(artifactory.requests).toHaveLength(faults.length + 1);
    expect(stderr).toContain(`attempt ${faults.length + 1} of 5`);
  });

  test('a connection that is cut in the middle of a download', async () => {
    artifactory.files.set(path, content);
    artifactory.faults.push('cut');

    const { code } = await bundle(['get', checksum, 'got.tar.gz']);

    expect(code).toBe(0);
    expect(checkout.bytes('got.tar.gz').equals(content)).toBe(true);
    expect(leftOver()).toEqual(['got.tar.gz']);
  });
});

test('a store that stays away is given up, with a code to try again later', async () => {
  artifactory.faults.push(500, 500, 500);

  const { code, stderr } = await bundle(['get', checksum, 'got.tar.gz'], { BUNDLE_ATTEMPTS: '3' });

  expect(code).toBe(3);
  expect(stderr).toContain('asked 3 times');
  expect(leftOver()).toEqual([]);
});

describe('what would not change is asked once', () => {
  test.for([
    [401, 1, 'renew ARTIFACTORY_TOKEN'],
    [403, 1, 'give them read and deploy'],
    [404, 1, 'no such bundle'],
    [409, 5, 'got something else than was sent'],
    [418, 1, '418'],
  ] as const)('%i', async ([status, expected, advice]) => {
    artifactory.faults.push(status);

    const { code, stderr } = await bundle(['put', checkout.write('b.tar.gz', content)]);

    expect(code).toBe(expected);
    expect(stderr).toContain(advice);
    expect(artifactory.requests).toHaveLength(1);
  });

  test('a token that is not known', async () => {
    const { code } = await bundle(['get', checksum, 'got.tar.gz'], {
      ARTIFACTORY_TOKEN: randomBytes(24).toString('hex'),
    });

    expect(code).toBe(1);
    expect(leftOver()).toEqual([]);
  });
});

test('what is not what the checksum says is refused, and the file that was there stays', async () => {
  artifactory.files.set(path, content);
  artifactory.faults.push('other bytes');
  checkout.write('got.tar.gz', 'the one before');

  const { code, stderr } = await bundle(['get', checksum, 'got.tar.gz']);

  expect(code).toBe(5);
  expect(stderr).toContain(`for the bundle ${checksum}`);
  expect(checkout.read('got.tar.gz')).toBe('the one before');
  expect(leftOver()).toEqual(['got.tar.gz']);
});

test('no secret is printed or seen among the arguments of a process', async () => {
  const environment = { PATH: `${join(checkout.folder, 'spy')}:${process.env.PATH}` };
  checkout.program('spy/curl', `echo "$@" >> "$0.arguments"\nPATH=\${PATH#*:} exec curl "$@"`);

  const put = await bundle(['put', checkout.write('b.tar.gz', content)], environment);
  const refused = await bundle(['get', '0'.repeat(64), 'x.tar.gz'], environment);

  expect([put.code, refused.code]).toEqual([0, 1]);
  const seen =
    [put, refused].map(({ stdout, stderr }) => stdout + stderr).join('') + checkout.read('spy/curl.arguments');
  expect(seen).toContain('X-Checksum-Sha256');
  expect(seen).not.toContain(artifactory.token);
  expect(artifactory.requests.every(({ authorization }) => authorization?.includes(artifactory.token))).toBe(true);
});

describe('settings that cannot be right are refused before anything is sent', () => {
  test.for([
    ['ARTIFACTORY_URL', ''],
    ['ARTIFACTORY_URL', 'http://artifactory.example/artifactory'],
    ['ARTIFACTORY_URL', 'https://a.example/artifactory/ x'],
    ['ARTIFACTORY_URL', 'file:///etc'],
    ['ARTIFACTORY_REPOSITORY', '../other'],
    ['ARTIFACTORY_REPOSITORY', ''],
    ['ARTIFACTORY_TOKEN', 'a\nheader = "X-Other: 1"'],
    ['BUNDLE_ATTEMPTS', '0'],
    ['BUNDLE_PAUSE_SECONDS', '$(touch hacked)'],
    ['BUNDLE_STORE', 's3'],
  ] as const)('%s = %j', async ([name, value]) => {
    const { code, stderr } = await bundle(['put', checkout.write('b.tar.gz', content)], { [name]: value });

    expect(code).toBe(2);
    expect(stderr).toContain(name === 'BUNDLE_STORE' ? 's3' : name);
    expect(artifactory.requests).toEqual([]);
    expect(existsSync(join(checkout.folder, 'hacked'))).toBe(false);
  });
});
