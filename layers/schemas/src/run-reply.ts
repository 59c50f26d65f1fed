import {
  type AllocationRun,
  type AllocationRunSummary,
  type Currency,
  errorCodes,
  runStatuses,
} from '@inventory/models';
import * as z from 'zod';
import {
  ExplanationResponse,
  explanationReply,
  ShortageResponse,
  StrategyResponse,
  shortageReply,
  TotalsResponse,
  totalsReply,
} from './outcome-reply.ts';
import { enumReply, idReply, instantReply, integerReply, textReply } from './reply-scalar.ts';

/** A run in a list, without what may be large. */
export const AllocationRunSummaryResponse = z.object({
  id: idReply('The run.'),
  strategy: StrategyResponse,
  asOf: instantReply('When it happened.'),
  status: enumReply(runStatuses, 'COMMITTED at once, or PENDING, RUNNING and then COMMITTED or FAILED when large.'),
  totals: TotalsResponse,
  slicesApplied: integerReply('How many parts of a large run are written.'),
  slicesTotal: integerReply('Of how many, as far as is known before the end; 0 for a run that was answered at once.'),
  failure: z
    .object({ code: enumReply(errorCodes, 'As a problem would have it.'), detail: textReply('What was wrong.') })
    .nullable()
    .meta({ description: 'Why a large run has FAILED; else null.' }),
  createdAt: instantReply('When it was stored.'),
  createdBy: textReply('`sub` of the token.'),
});

export const AllocationRunResponse = AllocationRunSummaryResponse.extend({
  shortages: z.array(ShortageResponse),
  explanation: z
    .array(ExplanationResponse)
    .nullable()
    .meta({ description: 'Null unless the run was asked to explain.' }),
});
export type AllocationRunResponse = z.output<typeof AllocationRunResponse>;

/** A run in a list. */
export const runSummaryReply = (
  run: AllocationRunSummary,
  currency: Currency,
): z.output<typeof AllocationRunSummaryResponse> => ({
  id: run.id,
  strategy: run.strategy,
  asOf: run.asOf,
  status: run.status,
  totals: totalsReply(run.totals, currency),
  slicesApplied: run.slicesApplied,
  slicesTotal: run.slicesTotal,
  failure: run.failure,
  createdAt: run.createdAt,
  createdBy: run.createdBy,
});

/** A run, whole: what its GET answers, and the 202 of a large one. */
export const runReply = (run: AllocationRun, currency: Currency): AllocationRunResponse => ({
  ...runSummaryReply(run, currency),
  shortages: run.shortages.map(shortageReply),
  explanation: run.explanation?.map(explanationReply) ?? null,
});
