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
const ofProcesses = (name: string, testTimeout: number) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    projects: [
      unit('models'),
      unit('schemas'),
      onPostgres('database'),
      onPostgres('api'),
      ofProcesses('local', 60_000),
      ofProcesses('template', 240_000),
    ],
  },
});
