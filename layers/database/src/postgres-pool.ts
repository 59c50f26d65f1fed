import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** One pool of plain PostgreSQL connections, shared by the Prisma client and our own statements. */
export function openPool(url: string): { factory: SqlDriverAdapterFactory; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 20 });
  // A connection that dies while idle is replaced by the pool; without a listener its error would end the process.
  pool.on('error', () => {});
  return { factory: new PrismaPg(pool, { schema: 'public' }), close: () => pool.end() };
}
