import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { forLambda } from '../../layers/bundle.ts';

/** Bundles the handler, and beside it what is loaded on demand; answers what went into it. */
export async function bundleHandler(outdir: string, { write = true } = {}): Promise<Metafile> {
  const { metafile } = await build({
    ...forLambda,
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    outdir,
    splitting: true,
    outExtension: { '.js': '.mjs' },
    write,
    metafile: true,
    external: ['@inventory/*'],
  });
  return metafile;
}
