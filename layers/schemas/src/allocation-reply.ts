import { type Allocation, type Currency, type Instant, runStatuses, type Strategy } from '@inventory/models';
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
import { enumReply, idReply, instantReply } from './reply-scalar.ts';
import { AllocatedResponse, allocatedReply } from './result-reply.ts';

export const AllocationResponse = z.object({
  runId: idReply('The run.').nullable().meta({ description: 'Null in a dry run.' }),
  dryRun: z.boolean(),
  status: enumReply([...runStatuses, 'SIMULATED'], 'COMMITTED, or SIMULATED in a dry run.'),
  asOf: instantReply('When the run happened.'),
  strategy: StrategyResponse,
  results: z.array(AllocatedResponse).meta({ description: 'In the order in which they were decided.' }),
  shortages: z.array(ShortageResponse).meta({ description: 'In the order in which the lines were served.' }),
  totals: TotalsResponse,
  explanation: z.array(ExplanationResponse).optional().meta({ description: 'With `explain` only.' }),
});
export type AllocationResponse = z.output<typeof AllocationResponse>;

export type AllocationAnswer = {
  /** Null for a dry run. */
  readonly runId: string | null;
  readonly asOf: Instant;
  readonly strategy: Strategy;
  readonly explain: boolean;
  readonly allocation: Pick<Allocation, 'results' | 'shortages' | 'explanation' | 'totals'>;
};

/** What `POST /allocate` answers at once: of a commit, or without a `runId` of a dry run. */
export const allocationReply = (answer: AllocationAnswer, currency: Currency): AllocationResponse => ({
  runId: answer.runId,
  dryRun: answer.runId === null,
  status: answer.runId === null ? 'SIMULATED' : 'COMMITTED',
  asOf: answer.asOf,
  strategy: answer.strategy,
  results: answer.allocation.results.map((result) => ({
    id: answer.runId === null ? null : result.id,
    ...allocatedReply(result, currency),
    status: 'ALLOCATED' as const,
  })),
  shortages: answer.allocation.shortages.map(shortageReply),
  totals: totalsReply(answer.allocation.totals, currency),
  ...(answer.explain ? { explanation: answer.allocation.explanation.map(explanationReply) } : {}),
});
