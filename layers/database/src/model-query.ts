import type { Database } from './connection.ts';
import { toDatabaseError } from './database-error.ts';
import type { PrismaClient } from './generated/client.ts';

/** Runs a model query of the Prisma client. Throws `DatabaseError`, as `query` does, and not what Prisma wraps it in. */
export async function modelQuery<Result>(
  database: Database,
  query: (prisma: PrismaClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await query(database.prisma);
  } catch (error) {
    throw toDatabaseError(adapterErrorIn(error) ?? error);
  }
}

/** Prisma keeps the adapter's error in `meta`, or passes it on as it came. */
function adapterErrorIn(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('meta' in error)) return null;
  const { meta } = error;
  return typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta ? meta.driverAdapterError : null;
}
