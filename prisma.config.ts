import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// Prisma's CLI loads this file first and then looks for its schema engine, which it would download from a host that
// may be out of reach. Where Prisma's own engine is installed, it serves.
if (!isEngineInstalled()) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL('prisma/engine/schema-engine.ts', import.meta.url));
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only the commands that look at a database need one; `validate` and `generate` do not.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/inventory' },
});

function isEngineInstalled(): boolean {
  const prisma = createRequire(createRequire(import.meta.url).resolve('prisma/package.json'));
  const folder = dirname(dirname(prisma.resolve('@prisma/engines')));
  return readdirSync(folder).some((file) => file.startsWith('schema-engine-'));
}
