import { join } from 'node:path';

/** Where the migrations of this release lie; `pack.ts` puts them into the layer, and this line's answer with them. */
export const migrationsFolder = join(import.meta.dirname, '../../../prisma/migrations');
