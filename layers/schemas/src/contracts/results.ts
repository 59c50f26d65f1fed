import { costings, resultStatuses } from '@inventory/models';
import * as z from 'zod';
import { contract, type Rules } from '../contract.ts';
import { quantity } from '../decimal.ts';
import { notInTheFuture } from '../not-in-the-future.ts';
import { pageOf } from '../page.ts';
import { optional } from '../presence.ts';
import { AllocationResultResponse, MovedResultResponse } from '../result-reply.ts';
import { isRecord } from '../rules.ts';
import { id, oneOf, text } from '../text.ts';
import { instant } from '../time.ts';
import * as example from './examples.ts';

const tag = 'Results';
const params = { resultId: id('The result.') };

export const listResults = contract({
  method: 'GET',
  path: '/allocation-results',
  function: 'main',
  tag,
  summary: 'List allocation results',
  description: 'Newest first.',
  scope: 'orders:read',
  isList: true,
  query: {
    orderId: optional(id('Only results of this order.')),
    runId: optional(id('Only results of this run.')),
    sku: optional(text('Only results of this SKU.')),
    inventoryId: optional(id('Only results from this lot.')),
    status: optional(oneOf(resultStatuses, 'Only results in this state.')),
    costing: optional(oneOf(costings, 'Only results whose cost is provisional, or final.')),
  },
  replies: {
    200: { description: 'A page.', schema: pageOf(AllocationResultResponse), example: example.page(example.result) },
  },
});

export const readResult = contract({
  method: 'GET',
  path: '/allocation-results/{resultId}',
  function: 'main',
  tag,
  summary: 'Read an allocation result',
  description: 'So much of a line from a lot, at this cost.',
  scope: 'orders:read',
  params,
  replies: { 200: { description: 'The result.', schema: AllocationResultResponse, example: example.result } },
});

export const ReleaseRequest = z.strictObject({ quantity: optional(quantity('All of it where it is left out.', '4')) });

export const releaseResult = contract({
  method: 'POST',
  path: '/allocation-results/{resultId}/release',
  function: 'main',
  tag,
  summary: 'Release a result or a part of it',
  description:
    'Puts quantity and amount back. The row of the given id keeps what stays; the part that moves gets a new id, a whole ' +
    'one keeps its id. The answer is the part that moved.',
  scope: 'allocate:run',
  params,
  body: ReleaseRequest,
  isBodyOptional: true,
  bodyExamples: { all: {}, part: { quantity: '4' } },
  replies: {
    200: {
      description: 'What was released, and what stays.',
      schema: MovedResultResponse,
      example: { ...example.result, status: 'RELEASED', releasedAt: example.result.createdAt, remainder: null },
    },
  },
  errors: ['STATE_CONFLICT'],
});

export const ShipRequest = z.strictObject({
  quantity: optional(quantity('All of it where it is left out.', '4')),
  shippedAt: optional(instant('Not in the future, not in a closed month; now where it is left out.')),
});

const shipRules: Rules = (body, { now }) => (isRecord(body) ? notInTheFuture(body.shippedAt, '/shippedAt', now) : []);

export const shipResult = contract({
  method: 'POST',
  path: '/allocation-results/{resultId}/ship',
  function: 'main',
  tag,
  summary: 'Ship a result or a part of it',
  description:
    'The cost stays as it was allocated. The row of the given id keeps what stays; the part that moves gets a new id, a ' +
    'whole one keeps its id. The answer is the part that moved.',
  scope: 'ship',
  params,
  body: ShipRequest,
  isBodyOptional: true,
  bodyExamples: { all: {}, part: { quantity: '4', shippedAt: '2026-01-31T15:00:00Z' } },
  rules: shipRules,
  replies: {
    200: {
      description: 'What was shipped, and what stays.',
      schema: MovedResultResponse,
      example: { ...example.result, status: 'SHIPPED', shippedAt: example.result.createdAt, remainder: null },
    },
  },
  errors: ['STATE_CONFLICT', 'PERIOD_CLOSED'],
});
