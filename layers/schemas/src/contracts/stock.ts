import { movementKinds } from '@inventory/models';
import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageOf } from '../page.ts';
import { optional, withDefault } from '../presence.ts';
import { AvailabilityResponse, IntegrityResponse, MovementResponse } from '../stock-reply.ts';
import { id, oneOf, text } from '../text.ts';
import { instant } from '../time.ts';
import * as example from './examples.ts';

const tag = 'Stock';
const scope = 'inventory:read';

export const readAvailability = contract({
  method: 'GET',
  path: '/availability',
  function: 'main',
  tag,
  summary: 'What is available',
  description: 'With `sku` of this one, without it a page of all SKUs in the order of their code points.',
  scope,
  isList: true,
  query: {
    sku: optional(text('Only this SKU: the answer is an object, not a list.')),
    location: optional(text('Only at this location; `reserved` is what names it.')),
    asOf: optional(instant('Moves expiry and receipts only; now where it is left out.')),
  },
  replies: {
    200: {
      description: 'Of one SKU, or a page of all.',
      schema: z.union([AvailabilityResponse, pageOf(AvailabilityResponse)]),
      example: example.availability,
    },
  },
});

export const listMovements = contract({
  method: 'GET',
  path: '/movements',
  function: 'main',
  tag,
  summary: 'Read the ledger',
  description:
    'Newest first. With `order=OLDEST` it is a change feed: `nextCursor` is then always given and, asked again later, goes ' +
    'on where it stopped.',
  scope,
  isList: true,
  query: {
    sku: optional(text('Only movements of this SKU.')),
    kind: optional(oneOf(movementKinds, 'Only movements of this kind.')),
    inventoryId: optional(id('Only movements of this lot.')),
    order: withDefault(oneOf(['NEWEST', 'OLDEST'], 'What comes first.'), 'NEWEST'),
  },
  replies: {
    200: { description: 'A page.', schema: pageOf(MovementResponse), example: example.page(example.movement) },
  },
});

export const checkIntegrity = contract({
  method: 'GET',
  path: '/integrity',
  function: 'main',
  tag,
  summary: 'Recompute every counter from the ledger',
  description: 'Says where a stored counter differs from what the ledger gives; nothing is repaired.',
  scope,
  replies: {
    200: { description: 'No differences when sound.', schema: IntegrityResponse, example: { differences: [] } },
  },
});
