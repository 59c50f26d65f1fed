// npm run bench:cold [-- BUILD]: how long each built function takes from the start of Node to ready, as ratios of an empty
// Node process, all measured in turns. BUILD is the folder of an earlier `sam build`; without it one is made.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BuiltFunction, builtFunctions } from '../sam/lambda/built-function.ts';
import { type Layout, layOut } from '../sam/lambda/layout.ts';
import { scriptsOf } from '../sam/lambda/scripts.ts';
import { sam } from '../sam/sam.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 21);

const home = await mkdtemp(join(tmpdir(), 'cold-'));
const layouts: Layout[] = [];
try {
  const build = process.argv[2] ? resolve(process.argv[2]) : join(home, 'build');
  if (!process.argv[2]) await sam('build', '--build-dir', build);
  const empty = join(home, 'empty.mjs');
  await writeFile(empty, '');

  const functions = await Promise.all((await builtFunctions(build)).map((each) => prepare(build, each)));
  const baseline: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    baseline.push(await time(empty, {}));
    for (const { program, environment, times } of functions) times.push(await time(program, environment));
  }

  const floor = median(baseline);
  console.log(`\nFrom the start of Node to ready, medians of ${ROUNDS} turns (ratios are what counts)`);
  console.log(`  ${'an empty Node process'.padEnd(32)} ${floor.toFixed(1).padStart(7)} ms`);
  for (const { name, hasDatabase, bytes, times } of functions) {
    const goal = hasDatabase ? 'goal 7x, stretch 4x' : 'goal 1.7x';
    const ratio = (median(times) / floor).toFixed(2);
    const size = `${(bytes / 1000).toFixed(0)} kB`;
    console.log(
      `  ${name.padEnd(32)} ${median(times).toFixed(1).padStart(7)} ms ${ratio}x   ${goal.padEnd(20)} ${size}`,
    );
  }
} finally {
  await Promise.all(layouts.map((layout) => layout.remove()));
  await rm(home, { recursive: true, force: true });
}

/** A program that does what Lambda does at a cold start, and ends when the handler is there. */
async function prepare(build: string, built: BuiltFunction) {
  const layout = await layOut(build, built);
  layouts.push(layout);
  // Lambda finds packages of layers from ES modules by its own resolver; plain Node looks for them beside the function.
  await symlink(layout.packages, join(layout.task, 'node_modules')).catch(() => {});
  const program = join(layout.task, 'cold.mjs');
  const handler = built.handler.replace(/^.*\./, '');
  await writeFile(
    program,
    `const { ${handler} } = await import(${JSON.stringify(layout.module)});\nprocess.exit(typeof ${handler} === 'function' ? 0 : 1);\n`,
  );
  const scripts = await scriptsOf(build, built);
  return {
    name: built.name,
    hasDatabase: built.layers.includes('DatabaseLayer'),
    bytes: scripts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0),
    program,
    environment: environmentOf(built),
    times: [] as number[],
  };
}

/** Nothing is called at a cold start: where only a deployment knows a value, any address will do. */
function environmentOf({ variables }: BuiltFunction): Record<string, string> {
  const known = Object.entries(variables).map(([name, value]) => [name, value ?? 'https://stand-in.invalid'] as const);
  return { AWS_REGION: 'local', ...Object.fromEntries(known) };
}

async function time(program: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
