import { execFileSync } from 'node:child_process';

/** The npm scripts generate Prisma's client before the tests; `npx vitest --project template` on a fresh clone does not. */
export default function generateClient(): void {
  execFileSync(process.execPath, ['prisma/generate.ts'], { stdio: 'inherit' });
}
