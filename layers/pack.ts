// Packs one workspace package as the content of a Lambda layer: node pack.ts <package> <folder of the layer>
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundlePackage } from './bundle.ts';

const [name, folder] = process.argv.slice(2);
if (name === undefined || folder === undefined) throw new Error('usage: node pack.ts <package> <folder of the layer>');

const target = join(folder, 'nodejs', 'node_modules', '@inventory', name);
await bundlePackage(name, target);

const { version }: { version: string } = JSON.parse(
  await readFile(join(import.meta.dirname, name, 'package.json'), 'utf8'),
);
const manifest = { name: `@inventory/${name}`, version, type: 'module', exports: './index.js' };
await writeFile(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
