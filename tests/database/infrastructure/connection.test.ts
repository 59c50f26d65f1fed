import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDatabaseConfig } from '@inventory/database';
import { describe, expect, it } from 'vitest';

describe('The environment', () => {
  const aws = { CLUSTER_ARN: 'cluster', SECRET_ARN: 'secret', DATABASE_NAME: 'inventory' };

  it('selects the Data API', () => {
    expect(readDatabaseConfig(aws)).toEqual({
      kind: 'data-api',
      resourceArn: 'cluster',
      secretArn: 'secret',
      database: 'inventory',
    });
  });

  it('selects plain PostgreSQL by its URL', () => {
    expect(readDatabaseConfig({ ...aws, DATABASE_URL: 'postgresql://x' })).toEqual({
      kind: 'postgres',
      url: 'postgresql://x',
    });
  });

  it.each(Object.keys(aws))('is refused without %s', (name) => {
    expect(() => readDatabaseConfig({ ...aws, [name]: '' })).toThrow(name);
  });
});

describe('What is for laptops alone', () => {
  it('is out of reach of what is deployed', async () => {
    const source = join(import.meta.dirname, '../../../layers/database/src');
    const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.ts'));

    const texts = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')));

    expect(files.length).toBeGreaterThan(10);
    expect(texts.filter((text) => /(from|import\() ?'[^']*\/local(\/|')/.test(text))).toEqual([]);
  });
});
