import { join } from 'node:path';
import { build } from 'esbuild';

/** The planner's page as one script and one style sheet, minified: the page loads nothing, so both stand in its HTML. */
export async function buildPage(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'main.tsx')],
    outdir: 'page',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    banner: { js: notice },
    logLevel: 'silent', // what is wrong is thrown
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  // Inside of an HTML page the first `</script` would end the script, wherever it stands.
  return { script: textOf('.js').replaceAll('</script', '<\\/script').trim(), style: textOf('.css').trim() };
}

/** What the licences of the bundled libraries ask for. */
const notice =
  '/* Contains Preact, Copyright (c) 2015-present Jason Miller, and oauth4webapi, Copyright (c) 2022 Filip Skokan: MIT License. */';
