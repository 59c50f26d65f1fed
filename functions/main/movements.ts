import { listMovements as listNewest, readFeed } from '@inventory/database';
import { type contracts, movementReply } from '@inventory/schemas';
import { pageReply } from '../http/page.ts';
import type { UseCase } from '../http/use-case.ts';

/** The ledger, newest first; or oldest first as a change feed, whose page always says where to go on. */
export const listMovements: UseCase<typeof contracts.listMovements> = async (request, { database, settings }) => {
  const { query, page } = request;
  const read = query.order === 'OLDEST' ? readFeed : listNewest;
  const entries = await read(database, query, page);
  return { status: 200, body: pageReply(page, entries, (movement) => movementReply(movement, settings.currency)) };
};
