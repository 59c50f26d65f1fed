import { readDatabaseConfig } from '@inventory/database';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { functions, repository, resourcesOf } from './template.ts';

const layers = resourcesOf('AWS::Serverless::LayerVersion');

describe('what is packed', () => {
  test('three layers and the page by make, every other function by esbuild', () => {
    expect(layers.map(([name, { Metadata }]) => [name, Metadata?.BuildMethod])).toEqual([
      ['ModelsLayer', 'makefile'],
      ['SchemasLayer', 'makefile'],
      ['DatabaseLayer', 'makefile'],
    ]);
    const byMake = functions.filter(([, { Metadata }]) => Metadata?.BuildMethod !== 'esbuild');
    expect(byMake.map(([name, { Metadata }]) => [name, Metadata?.BuildMethod])).toEqual([
      ['ConsoleFunction', 'makefile'],
    ]);
  });

  test('the functions of the API carry all three layers', () => {
    for (const [name, { Properties }] of functions.filter(([name]) => /^(Main|Allocation)/.test(name))) {
      expect([name, Properties.Layers]).toEqual([name, ['ModelsLayer', 'SchemasLayer', 'DatabaseLayer']]);
    }
  });

  const entries = [
    ...functions.map(([, { Properties }]) => `functions/${String(Properties.Handler).replace(/\.handler$/, '.ts')}`),
    ...['models', 'schemas', 'database'].map((name) => `layers/${name}/src/index.ts`),
  ];

  test.each(entries)('%s holds nothing that is for laptops only', async (entry) => {
    const { metafile } = await build({
      absWorkingDir: repository,
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      external: ['@inventory/*'],
      logLevel: 'silent',
    });

    expect(
      Object.keys(metafile.inputs).filter(
        (file) => /(^|\/)(local|tests)\//.test(file) && !file.includes('node_modules'),
      ),
    ).toEqual([]);
  });
});

test('the functions are told all that the database connection asks for', () => {
  const [, main] = functions.find(([name]) => name === 'MainFunction')!;
  const { Variables } = main.Properties.Environment as { Variables: Record<string, string> };

  const config = readDatabaseConfig(Variables);

  expect(config.kind).toBe('data-api');
});
