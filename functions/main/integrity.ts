import { findDifferences } from '@inventory/database';
import { type contracts, integrityReply } from '@inventory/schemas';
import type { UseCase } from '../http/use-case.ts';

/** Every counter that differs from what the ledger gives. */
export const checkIntegrity: UseCase<typeof contracts.checkIntegrity> = async (_, { database, settings }) => ({
  status: 200,
  body: integrityReply(await findDifferences(database), settings.currency),
});
