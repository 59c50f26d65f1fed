import { contract } from '../contract.ts';
import { pageOf } from '../page.ts';
import { AllocationRunResponse, AllocationRunSummaryResponse } from '../run-reply.ts';
import { id } from '../text.ts';
import * as example from './examples.ts';

const tag = 'Allocation';

export const listRuns = contract({
  method: 'GET',
  path: '/allocation-runs',
  function: 'main',
  tag,
  summary: 'List allocation runs',
  description: 'Newest first, without `shortages` and `explanation`, which may be large: read a run to see them.',
  scope: 'orders:read',
  isList: true,
  replies: {
    200: { description: 'A page.', schema: pageOf(AllocationRunSummaryResponse), example: example.page(example.run) },
  },
});

export const readRun = contract({
  method: 'GET',
  path: '/allocation-runs/{runId}',
  function: 'main',
  tag,
  summary: 'Read an allocation run',
  description:
    'With strategy, totals, shortages and explanation; of a large one also how far it is, and totals and shortages when it has ended.',
  scope: 'orders:read',
  params: { runId: id('The run.') },
  replies: {
    200: {
      description: 'The run.',
      schema: AllocationRunResponse,
      example: { ...example.run, shortages: [example.shortage], explanation: null },
    },
  },
});
