import { AllocationResponse } from '../allocation-reply.ts';
import { AllocationRequest, allocationRules } from '../allocation-request.ts';
import { CompareResponse } from '../compare-reply.ts';
import { CompareRequest, compareRules } from '../compare-request.ts';
import { contract } from '../contract.ts';
import { isRecord } from '../rules.ts';
import { AllocationRunResponse } from '../run-reply.ts';
import * as example from './examples.ts';

const tag = 'Allocation';

export const allocate = contract({
  method: 'POST',
  path: '/allocate',
  function: 'allocation',
  tag,
  summary: 'Run an allocation',
  description:
    'Decides which lots serve which orders, and records every decision with its cost. Without method, pick or cost: FIFO. ' +
    'What cannot be given is told in `shortages`, with reasons. With `dryRun` it decides the same and stores nothing, and ' +
    '`allocate:simulate` suffices. A run of more than 1,000 lines or 5,000 results is worked off in the background.',
  scope: {
    anyOf: ['allocate:run', 'allocate:simulate'],
    narrowed: (body) =>
      isRecord(body) && body.dryRun === true ? ['allocate:run', 'allocate:simulate'] : ['allocate:run'],
  },
  body: AllocationRequest,
  bodyExamples: {
    orders: example.allocationRequest,
    everything: { filter: {}, allocationMethod: 'FEFO', sequence: 'SHIP_DATE', dryRun: true, explain: true },
    fairShare: { filter: { sku: 'COFFEE-1KG' }, sequence: 'PRO_RATA' },
  },
  rules: allocationRules,
  replies: {
    200: {
      description: 'What a run would do: nothing is stored.',
      schema: AllocationResponse,
      example: {
        ...example.allocation,
        runId: null,
        dryRun: true,
        status: 'SIMULATED',
        results: example.allocation.results.map((result) => ({ ...result, id: null })),
      },
    },
    201: { description: 'Committed.', schema: AllocationResponse, headers: ['Location'], example: example.allocation },
    202: {
      description: 'Stored; worked off in the background. Its results are read from the list.',
      schema: AllocationRunResponse,
      headers: ['Location'],
      example: example.pendingRun,
    },
  },
  errors: [
    'INSUFFICIENT_STOCK',
    'STATE_CONFLICT',
    'PERIOD_CLOSED',
    'INVALID_COMBINATION',
    'COST_NOT_ALLOWED',
    'PICKS_EXCEED_LINE',
    'PICK_SKU_MISMATCH',
    'UNKNOWN_ORDER',
  ],
});

export const compare = contract({
  method: 'POST',
  path: '/allocate/compare',
  function: 'allocation',
  tag,
  summary: 'Compare allocation methods',
  description: 'What each of several methods would do with the stock of this moment. Changes nothing.',
  scope: 'allocate:simulate',
  isIdempotent: false,
  body: CompareRequest,
  bodyExamples: { three: { filter: {}, methods: ['FIFO', 'LOWEST_COST', 'MOVING_AVERAGE'] } },
  rules: compareRules,
  replies: {
    200: {
      description: 'The methods side by side.',
      schema: CompareResponse,
      example: {
        asOf: example.allocation.asOf,
        comparison: [
          {
            allocationMethod: 'FIFO',
            strategy: example.strategy,
            totals: example.totals,
            shortages: [example.shortage],
            lotsUsed: 1,
            expiryWaste: '0',
          },
        ],
      },
    },
  },
  errors: ['INVALID_COMBINATION', 'COST_NOT_ALLOWED', 'PICKS_EXCEED_LINE', 'PICK_SKU_MISMATCH', 'UNKNOWN_ORDER'],
});
