import { defineConfig } from 'vitest/config';

// Apart from the suite: it needs a Docker engine, and takes minutes.
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['tests/sam-local/**/*.test.ts'],
    globalSetup: ['tests/sam/build.setup.ts'],
    experimental: { viteModuleRunner: false },
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
