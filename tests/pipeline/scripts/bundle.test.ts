import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checkout, makeCheckout } from './checkout.ts';

let checkout: Checkout;
beforeEach(async () => {
  checkout = await makeCheckout();
});
afterEach(() => checkout.remove());

const store = {
  BUNDLE_STORE: 'codeartifact',
  CODEARTIFACT_DOMAIN: 'inventory-allocation',
  CODEARTIFACT_DOMAIN_OWNER: '123456789012',
  CODEARTIFACT_REPOSITORY: 'inventory-allocation',
  AWS_REGION: 'us-east-1',
  BUNDLE_PAUSE_SECONDS: '0',
};
const bundle = (...args: string[]) => checkout.run('bundle.sh', args, store);
const sumOf = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('in CodeArtifact', () => {
  const content = randomBytes(50_000);
  const checksum = sumOf(content);

  test('what is put is got, byte for byte, by its checksum', async () => {
    const put = await bundle('put', checkout.write('my bundle.tar.gz', content));
    const got = await bundle('get', checksum, 'got.tar.gz');

    expect([put.code, put.stdout, got.code]).toEqual([0, `${checksum}\n`, 0]);
    expect(checkout.bytes('got.tar.gz').equals(content)).toBe(true);
    expect(checkout.calls()[0]).toEqual(
      expect.arrayContaining(['publish-package-version', '--format', 'generic', '--asset-sha256', checksum]),
    );
  });

  test('putting it twice is one bundle', async () => {
    await bundle('put', checkout.write('b.tar.gz', content));

    expect((await bundle('put', 'b.tar.gz')).code).toBe(0);
  });

  test('something else under its checksum is not overwritten, nor deployed', async () => {
    await bundle('put', checkout.write('b.tar.gz', content));
    const there = `stand-in/codeartifact/inventory-allocation/inventory-allocation/inventory-allocation/bundle/${checksum}`;
    checkout.write(there, 'something else');

    expect((await bundle('put', 'b.tar.gz')).code).toBe(5);
    expect((await bundle('get', checksum, 'got.tar.gz')).code).toBe(5);
    expect(existsSync(join(checkout.folder, 'got.tar.gz'))).toBe(false);
  });

  test.for([
    ['ThrottlingException', 0, 2],
    ['InternalServerException', 0, 2],
    ['AccessDeniedException', 1, 1],
    ['ResourceNotFoundException', 1, 1],
    ['ValidationException', 1, 1],
  ] as const)('%s ends with %i after %i calls', async ([code, expected, calls]) => {
    checkout.arrange(({ failures }) => {
      failures['codeartifact publish-package-version'] = [{ code, message: 'No.' }];
    });

    const ended = await bundle('put', checkout.write('b.tar.gz', content));

    expect(ended.code).toBe(expected);
    expect(checkout.calls()).toHaveLength(calls);
  });

  test('a checksum that is not there gets no file', async () => {
    const { code, stderr } = await bundle('get', '0'.repeat(64), 'got.tar.gz');

    expect(code).toBe(1);
    expect(stderr).toContain('no such bundle');
    expect(existsSync(join(checkout.folder, 'got.tar.gz'))).toBe(false);
  });
});

describe('packing', () => {
  function writeBuild(): void {
    checkout.write('.aws-sam/build/template.yaml', 'Resources: {}\n');
    checkout.write('.aws-sam/build/MainFunction/handler.mjs', 'export const handler = 1;\n');
    const component = { 'bom-ref': 'x@1', type: 'library', name: randomBytes(4).toString('hex'), version: '1' };
    const metadata = { timestamp: new Date().toISOString(), component };
    const sbom = { serialNumber: `urn:uuid:${randomBytes(8).toString('hex')}`, version: 1, metadata };
    checkout.write('sbom.json', JSON.stringify(sbom, null, 2));
  }

  test('the same build makes the same bundle, whenever and whoever builds it', async () => {
    writeBuild();
    const first = await bundle('pack', 'first.tar.gz', '--sbom', 'sbom.json');
    writeBuild();
    await setTimeout(1_100); // an archive counts seconds

    const second = await bundle('pack', 'second.tar.gz', '--sbom', 'sbom.json');

    expect(first.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(sumOf(checkout.bytes('first.tar.gz'))).toBe(first.stdout.trim());
  });

  test('another byte makes another one', async () => {
    writeBuild();
    const first = await bundle('pack', 'first.tar.gz', '--sbom', 'sbom.json');
    checkout.write('.aws-sam/build/MainFunction/handler.mjs', 'export const handler = 2;\n');

    const second = await bundle('pack', 'second.tar.gz', '--sbom', 'sbom.json');

    expect(second.stdout).not.toBe(first.stdout);
  });

  test('what is unpacked is what was packed, with a list of its parts that is JSON', async () => {
    writeBuild();
    const { stdout } = await bundle('pack', 'b.tar.gz', '--sbom', 'sbom.json');

    const { code } = await bundle('unpack', 'b.tar.gz', stdout.trim(), 'un packed');

    expect(code).toBe(0);
    expect(checkout.read('un packed/build/MainFunction/handler.mjs')).toBe('export const handler = 1;\n');
    expect(checkout.read('un packed/samconfig.toml')).toBe(checkout.read('samconfig.toml'));
    const sbom = JSON.parse(checkout.read('un packed/sbom.cdx.json'));
    expect(sbom.metadata.component.name).toBe('inventory-allocation');
  });

  test('without a build it says what to run first', async () => {
    const { code, stderr } = await bundle('pack', 'b.tar.gz', '--sbom', 'sbom.json');

    expect(code).toBe(1);
    expect(stderr).toContain('run sam build first');
    expect(existsSync(join(checkout.folder, 'b.tar.gz'))).toBe(false);
  });
});

describe('an archive that would write elsewhere is refused', () => {
  test.for(['../outside', '/tmp/outside', 'a/../../outside'])('%s', async (name) => {
    checkout.write('plain', 'x');
    const archive = join(checkout.folder, 'b.tar.gz');
    execFileSync('tar', ['-czPf', archive, '--transform', `s,^plain$,${name},`, 'plain'], { cwd: checkout.folder });

    const { code } = await bundle('unpack', 'b.tar.gz', sumOf(checkout.bytes('b.tar.gz')), 'un/packed');

    expect(code).toBe(5);
    expect(existsSync(join(checkout.folder, 'un'))).toBe(false);
  });

  test('a link', async () => {
    symlinkSync('/etc', join(checkout.folder, 'link'));
    execFileSync('tar', ['-czf', 'b.tar.gz', 'link'], { cwd: checkout.folder });

    expect((await bundle('unpack', 'b.tar.gz', sumOf(checkout.bytes('b.tar.gz')), 'unpacked')).code).toBe(5);
  });
});
