import { lotStatuses } from '@inventory/models';
import * as z from 'zod';
import { contract } from '../contract.ts';
import { InventoryResponse } from '../inventory-reply.ts';
import { InventoryRequests, inventoryRules } from '../inventory-request.ts';
import { pageOf } from '../page.ts';
import { optional } from '../presence.ts';
import { id, oneOf, text } from '../text.ts';
import { date } from '../time.ts';
import * as example from './examples.ts';

const tag = 'Inventory';

export const receiveInventories = contract({
  method: 'POST',
  path: '/inventories',
  function: 'main',
  tag,
  summary: 'Receive one lot or many',
  description: 'Takes one lot or an array of up to 1,000, all or nothing. The answer has the form of the request.',
  scope: 'inventory:write',
  body: InventoryRequests,
  bodyExamples: { one: example.inventoryRequest, many: [example.inventoryRequest] },
  rules: inventoryRules,
  replies: {
    201: {
      description: 'Received, as GET answers it.',
      schema: z.union([InventoryResponse, z.array(InventoryResponse)]),
      headers: ['Location', 'ETag'],
      example: example.inventory,
    },
  },
  errors: ['DUPLICATE_RECEIPT_NUMBER', 'PERIOD_CLOSED'],
});

export const listInventories = contract({
  method: 'GET',
  path: '/inventories',
  function: 'main',
  tag,
  summary: 'List lots',
  description: 'Newest first.',
  scope: 'inventory:read',
  isList: true,
  query: {
    sku: optional(text('Only lots of this SKU.')),
    location: optional(text('Only lots at this location.')),
    status: optional(oneOf(lotStatuses, 'Only lots in this state.')),
    lotNumber: optional(text("Only this maker's lot.")),
    receiptNumber: optional(text('Only this receipt.')),
    expiringBefore: optional(date('Only lots whose last good day is before this date.')),
  },
  replies: {
    200: { description: 'A page.', schema: pageOf(InventoryResponse), example: example.page(example.inventory) },
  },
});

export const readInventory = contract({
  method: 'GET',
  path: '/inventories/{inventoryId}',
  function: 'main',
  tag,
  summary: 'Read a lot',
  description: 'With what is available of it now.',
  scope: 'inventory:read',
  params: { inventoryId: id('The lot.') },
  replies: {
    200: { description: 'The lot.', schema: InventoryResponse, headers: ['ETag'], example: example.inventory },
  },
});
