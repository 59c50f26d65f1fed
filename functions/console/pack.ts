// Packs the function for SAM, which can bundle a handler but no page: node pack.ts <folder of the artifact>
import { join } from 'node:path';
import { bundleHandler } from './bundle.ts';
import { generatePage } from './generate.ts';

const [artifact] = process.argv.slice(2);
if (artifact === undefined) throw new Error('usage: node pack.ts <folder of the artifact>');

const folder = join(artifact, 'console');
await Promise.all([bundleHandler(folder), generatePage(folder)]);
