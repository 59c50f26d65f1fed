import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleHandler } from '../../functions/console/bundle.ts';
import { bundlePackage } from '../../layers/bundle.ts';
import { functions } from '../template/template.ts';
import { repository } from './sam.ts';

/** What goes into a function, bundled as the template tells SAM to. */
export async function bundleFunction(name: string): Promise<Metafile> {
  if (name === 'ConsoleFunction') return bundleHandler('nowhere', { write: false });
  const [, { Metadata, Properties }] = functions.find(([each]) => each === name)!;
  const { External, MainFields } = Metadata!.BuildProperties as { External: string[]; MainFields: string };
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: [join('functions', `${String(Properties.Handler).replace(/\.\w+$/, '')}.ts`)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    outdir: 'nowhere',
    external: External,
    mainFields: MainFields.split(','),
    logLevel: 'silent',
  });
  return metafile;
}

/** What goes into a layer; its logical name is the package's with `Layer` behind. */
export const bundleLayer = (layer: string, folder: string): Promise<Metafile> =>
  bundlePackage(layer.replace(/Layer$/, '').toLowerCase(), folder);

/** The packages whose code is in the output, as the lock file names them: `node_modules/a/node_modules/b`. */
export function packagesIn({ outputs }: Metafile): string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return [...new Set(used.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))];
}
