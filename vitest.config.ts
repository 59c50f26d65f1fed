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

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    projects: [unit('models'), unit('schemas'), onPostgres('database'), onPostgres('api'), onPostgres('local'), { test: { name: 'template', include: ['tests/template/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 240_000 } }],
  },
});
