import { findResult, listResults as listStored } from '@inventory/database';
import { DomainError } from '@inventory/models';
import { type contracts, resultReply } from '@inventory/schemas';
import { pageReply } from '../http/page.ts';
import type { UseCase } from '../http/use-case.ts';

/** One allocation result. */
export const readResult: UseCase<typeof contracts.readResult> = async ({ params }, { database, settings }) => {
  const result = await findResult(database, params.resultId);
  if (!result) throw new DomainError('NOT_FOUND', `There is no allocation result ${params.resultId}`);
  return { status: 200, body: resultReply(result, settings.currency) };
};

/** Allocation results, newest first. */
export const listResults: UseCase<typeof contracts.listResults> = async ({ query, page }, { database, settings }) => {
  const { limit: _, cursor: __, ...filters } = query;
  const results = await listStored(database, filters, page);
  return { status: 200, body: pageReply(page, results, (result) => resultReply(result, settings.currency)) };
};
