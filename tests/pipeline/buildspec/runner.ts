import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Buildspec, type PhaseName, phaseNames, readBuildspec } from './buildspec.ts';

export type Build = {
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** Those that have run, in order. */
  readonly phases: readonly { readonly name: PhaseName; readonly status: 'SUCCEEDED' | 'FAILED' }[];
  readonly log: string;
  readonly exported: Readonly<Record<string, string>>;
  /** By path below the base directory; null when nothing was there to upload. */
  readonly artifact: ReadonlyMap<string, Buffer> | null;
  /** By report group, the text of each file. */
  readonly reports: Readonly<Record<string, readonly string[]>>;
};

/**
 * Runs a buildspec as CodeBuild does: all commands in one shell, so that variables live on; a failed command ends its phase;
 * `finally` always runs; a failed phase ends the build, except that `post_build` follows a failed `build`, unless
 * `on-failure` says otherwise; artifacts and reports are looked for in any case.
 * Phases in `done` are left out, for a folder where they have run before.
 */
export async function runBuildspec(
  file: string,
  {
    source,
    environment,
    done = [],
  }: { source: string; environment: Record<string, string>; done?: readonly PhaseName[] },
): Promise<Build> {
  const buildspec = readBuildspec(file);
  const results = mkdtempSync(join(tmpdir(), 'codebuild-'));
  try {
    const program = join(results, 'build.sh');
    writeFileSync(program, shellProgram(buildspec, { results, done }));
    const log = await runShell(program, {
      cwd: source,
      // Of the project before those of the buildspec, as CodeBuild has it.
      env: { ...buildspec.env.variables, CODEBUILD_SRC_DIR: source, CODEBUILD_BUILD_ID: 'test:1', ...environment },
    });
    const phases = readLines(join(results, 'phases')).map((line) => {
      const [name = '', code] = line.split(' ');
      return {
        name: phaseNames.find((each) => each === name)!,
        status: code === '0' ? 'SUCCEEDED' : 'FAILED',
      } as const;
    });
    const artifact = buildspec.artifacts ? collect(source, buildspec.artifacts) : new Map<string, Buffer>();
    const reports = Object.entries(buildspec.reports).map(
      ([group, report]) => [group, [...collect(source, report).values()].map(String)] as const,
    );
    const hasFailed = phases.some(({ status }) => status === 'FAILED') || (buildspec.artifacts && artifact.size === 0);
    return {
      status: hasFailed ? 'FAILED' : 'SUCCEEDED',
      phases,
      log,
      exported: readExported(buildspec, results),
      artifact: artifact.size > 0 ? artifact : null,
      reports: Object.fromEntries(reports),
    };
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

function shellProgram(
  buildspec: Buildspec,
  { results, done }: { results: string; done: readonly PhaseName[] },
): string {
  const lines = ['CODEBUILD_BUILD_SUCCEEDING=1; export CODEBUILD_BUILD_SUCCEEDING', 'finish() {'];
  for (const name of buildspec.env['exported-variables']) {
    // Of the environment, as CodeBuild takes it: a variable that is not exported is not there.
    lines.push(`  printenv ${name} > ${quoted(join(results, `exported.${name}`))}`);
  }
  lines.push('  return 0', '}', 'trap finish EXIT');
  for (const name of phaseNames) {
    const phase = buildspec.phases[name];
    if (phase === undefined || done.includes(name)) continue;
    const runtime = phase['runtime-versions']?.nodejs;
    lines.push('code=0');
    if (runtime !== undefined) lines.push(`[[ $(node --version) == v${runtime}.* ]] || code=1`);
    for (const command of phase.commands) {
      lines.push(
        `if [ $code = 0 ]; then echo ${quoted(`[Container] Running command ${command}`)}; eval ${quoted(command)}; code=$?; fi`,
      );
    }
    for (const command of phase.finally) lines.push(`eval ${quoted(command)} || code=1`);
    lines.push(`echo ${name} $code >> ${quoted(join(results, 'phases'))}`);
    lines.push('if [ $code != 0 ]; then CODEBUILD_BUILD_SUCCEEDING=0; fi');
    const goesOn = phase['on-failure'] === 'CONTINUE' || (phase['on-failure'] === undefined && name === 'build');
    if (!goesOn) lines.push('if [ $code != 0 ]; then exit 1; fi');
  }
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

async function runShell(program: string, options: { cwd: string; env: Record<string, string> }): Promise<string> {
  const child = spawn('bash', [program], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (chunk) => (log += chunk));
  child.stderr.on('data', (chunk) => (log += chunk));
  await once(child, 'close');
  return log;
}

type Files = NonNullable<Buildspec['artifacts']>;

function collect(
  source: string,
  { files, ...rest }: Pick<Files, 'files' | 'base-directory' | 'discard-paths'>,
): Map<string, Buffer> {
  const base = join(source, rest['base-directory']);
  const found = new Map<string, Buffer>();
  for (const path of globSync(files, { cwd: base })) {
    if (!statSync(join(base, path)).isFile()) continue;
    found.set(rest['discard-paths'] === 'yes' ? basename(path) : path, readFileSync(join(base, path)));
  }
  return found;
}

function readExported(buildspec: Buildspec, results: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of buildspec.env['exported-variables']) {
    values[name] = readLines(join(results, `exported.${name}`)).join('\n');
  }
  return values;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return []; // never written, since nothing got that far
  }
}
