import { defineConfig } from 'vitest/config';

const unit = (name: string) => ({ test: { name, include: [`tests/${name}/**/*.test.ts`] } });
const onPostgres = (name: string) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    globalSetup: ['tests/postgres.setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

/** Tests that start whole processes of their own: `npm start`, the SAM CLI, Lambda's runtime. */
const ofProcesses = (name: string, testTimeout: number, globalSetup: string[] = []) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], globalSetup, testTimeout, hookTimeout: testTimeout },
});

/** What the planner sees: one `npm start` and one browser for all of them. */
const inBrowser = {
  test: {
    ...ofProcesses('console', 60_000, ['tests/console/console.setup.ts']).test,
    include: ['tests/console/*.test.ts'],
  },
};

/** npm has a Chromium for Linux on x64 alone; `CHROMIUM` names one elsewhere. */
function hasBrowser(): boolean {
  if (process.env.CHROMIUM || (process.platform === 'linux' && process.arch === 'x64')) return true;
  console.warn(
    'The page is not driven in a browser, for want of one for this machine: set CHROMIUM to the path of one.',
  );
  return false;
}

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    // Left to itself Vitest takes one worker less than there are cores, which on two is one after the other. Many tests wait
    // for other processes: half a worker more per core keeps the cores busy.
    maxWorkers: '150%',
    // Only with --coverage, as `npm run test:unit` has it. CodeBuild reads clover, Jenkins cobertura.
    coverage: {
      include: ['layers/models/src/**', 'layers/schemas/src/**'],
      reporter: ['text-summary', 'clover', 'cobertura'],
      reportsDirectory: 'reports/coverage',
    },
    projects: [
      unit('models'),
      unit('schemas'),
      onPostgres('database'),
      onPostgres('api'),
      onPostgres('functions'),
      ofProcesses('local', 60_000),
      ...(hasBrowser() ? [inBrowser] : []),
      { test: { name: 'page', include: ['tests/console/page/*.test.ts'] } },
      { test: { ...unit('template').test, globalSetup: ['tests/client.setup.ts'] } },
      ofProcesses('pipeline', 60_000),
      // What needs Python and the SAM CLI, or Java and Maven, or takes long: tests/run.sh says when they are left out.
      ofProcesses('sam', 240_000, ['tests/sam/build.setup.ts']),
      ofProcesses('pipeline-run', 240_000),
      ofProcesses('pipeline-jenkins', 240_000),
      ofProcesses('toolchain', 240_000),
      ofProcesses('processes', 60_000, ['tests/postgres.setup.ts']),
    ],
  },
});
