import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BrowserServer, chromium } from 'playwright-core';

const cache = resolve(import.meta.dirname, '../../node_modules/.cache');

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real browser from npm alone, with the libraries and the font that it brings: nothing of the machine is used but libc.
 * `CHROMIUM` names another one, for machines that the package has none for.
 */
export async function startChromium(): Promise<BrowserServer> {
  const { CHROMIUM } = process.env;
  if (CHROMIUM) return chromium.launchServer({ executablePath: CHROMIUM, args: quiet });
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('There is a browser for Linux on x64 here. Set CHROMIUM to the path of a Chromium of yours.');
  const folder = await unpacked();
  return chromium.launchServer({
    executablePath: join(folder, 'chromium'),
    args: quiet,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  });
}

/** Unpacks it beside its place and moves it there as a whole, so that an interrupted one is not taken for a browser. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(manifest(), 'utf8'));
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  await mkdir(cache, { recursive: true });
  const beside = await mkdtemp(join(cache, 'unpacking-'));
  // The package unpacks into TMPDIR, and its libraries only where it believes to be in a Lambda function.
  const script =
    "const { default: c } = await import('@sparticuz/chromium'); c.setGraphicsMode = false; await c.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { ...process.env, TMPDIR: beside, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
  });
  await writeFile(join(beside, 'fonts.conf'), fontsIn(folder));
  await rename(beside, folder).catch(async (error) => {
    await rm(beside, { recursive: true });
    if (!existsSync(folder)) throw error; // another run was faster
  });
  return folder;
}

const manifest = () => {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  return join(entry.slice(0, entry.lastIndexOf('@sparticuz/chromium')), '@sparticuz/chromium/package.json');
};

const fontsIn = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`;
