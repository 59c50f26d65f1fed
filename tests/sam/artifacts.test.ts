import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { type BuiltFunction, builtFunctions } from './lambda/built-function.ts';
import { scriptsOf } from './lambda/scripts.ts';
import { bundleFunction, bundleLayer, packagesIn } from './metafile.ts';
import { repository, sam } from './sam.ts';

const build = inject('build');
const functions = await builtFunctions(build);

test('the template is valid, for SAM and for cfn-lint', async () => {
  expect(await sam('validate', '--lint')).toContain('is a valid SAM Template');
});

test('what is built holds no TypeScript, and the code of every function', async () => {
  const files = await readdir(build, { recursive: true });

  expect(files.filter((file) => file.endsWith('.ts'))).toEqual([]);
  const handlers = functions.map(({ name, handler }) => `${name}/${handler.replace(/\.handler$/, '.mjs')}`);
  expect(files).toEqual(expect.arrayContaining(handlers));
});

test('the built template leads to what was built', async () => {
  const { Resources }: { Resources: Record<string, Built> } = parse(
    await readFile(join(build, 'template.yaml'), 'utf8'),
  );
  const found = Object.entries(Resources)
    .filter(([, { Type }]) => /^AWS::Serverless::(Function|LayerVersion)$/.test(Type))
    .map(([name, { Properties }]) => [name, Properties.CodeUri ?? Properties.ContentUri]);

  expect(found.length).toBe(functions.length + 3);
  expect(found).toEqual(found.map(([name]) => [name, name]));
});

type Built = {
  readonly Type: string;
  readonly Properties: { readonly CodeUri?: string; readonly ContentUri?: string };
};

test('the query compiler lies beside the bundle of the database layer', async () => {
  const files = await readdir(join(build, 'DatabaseLayer'), { recursive: true });

  expect(files).toContain('nodejs/node_modules/@inventory/database/query_compiler.wasm');
});

describe('every byte is read at a cold start', () => {
  test.each(functions)('$name is small', async (built) => {
    const scripts = await scriptsOf(build, built);
    const bytes = scripts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0);

    const folders = new Set(scripts.map(([file]) => file.split('/')[0]));
    expect([...folders].toSorted()).toEqual([built.name, ...built.layers].toSorted());
    expect(bytes).toBeLessThanOrEqual(built.layers.includes('DatabaseLayer') ? 800_000 : 120_000);
  });
});

describe('what goes into', () => {
  const layers = new Map<string, Metafile>();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layers-'));
    for (const layer of new Set(functions.flatMap((each) => each.layers)))
      layers.set(layer, await bundleLayer(layer, join(folder, layer)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const bundlesOf = async (built: BuiltFunction): Promise<Metafile[]> => [
    await bundleFunction(built.name),
    ...built.layers.map((layer) => layers.get(layer)!),
  ];

  test.each(functions)('$name is for deployment alone: nothing of local/ and tests/', async (built) => {
    const files = (await bundlesOf(built)).flatMap(({ inputs }) => Object.keys(inputs));

    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => /(^|\/)(local|tests)\//.test(file) && !file.includes('node_modules'))).toEqual([]);
  });

  test.each(functions)('$name is no development dependency', async (built) => {
    const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8'));
    const found = (await bundlesOf(built)).flatMap(packagesIn);

    expect(found.filter((path) => !(path in packages))).toEqual([]);
    expect(found.filter((path) => packages[path].dev)).toEqual([]);
  });

  test.each(functions)('$name is there once', async (built) => {
    const found = (await bundlesOf(built)).flatMap(packagesIn).map((path) => path.replace(/^.*node_modules\//, ''));

    expect(found.toSorted()).toEqual([...new Set(found)].toSorted());
  });
});
