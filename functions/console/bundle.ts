import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { forLambda } from '../../layers/bundle.ts';

/** Bundles the handler as SAM bundles the others; answers what went into it. */
export async function bundleHandler(outfile: string, { write = true } = {}): Promise<Metafile> {
  const { metafile } = await build({
    ...forLambda,
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    outfile,
    write,
    metafile: true,
    external: ['@inventory/*'],
  });
  return metafile;
}
