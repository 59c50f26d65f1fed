import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Bundles the handler as SAM bundles the others (the template's `Metadata`); answers what went into it. */
export async function bundleHandler(outfile: string, { write = true } = {}): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [join(import.meta.dirname, 'handler.ts')],
    outfile,
    write,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['@inventory/*'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return metafile;
}
