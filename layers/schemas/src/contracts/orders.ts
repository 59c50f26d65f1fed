import { orderStatuses } from '@inventory/models';
import * as z from 'zod';
import { contract } from '../contract.ts';
import { OrderResponse } from '../order-reply.ts';
import { OrderRequests, orderRules } from '../order-request.ts';
import { pageOf } from '../page.ts';
import { optional } from '../presence.ts';
import { id, oneOf, text } from '../text.ts';
import * as example from './examples.ts';

const tag = 'Orders';

export const createOrders = contract({
  method: 'POST',
  path: '/orders',
  function: 'main',
  tag,
  summary: 'Create one order or many',
  description: 'Takes one order or an array of up to 1,000, all or nothing. The answer has the form of the request.',
  scope: 'orders:write',
  body: OrderRequests,
  bodyExamples: { one: example.orderRequest, many: [example.orderRequest] },
  rules: orderRules,
  replies: {
    201: {
      description: 'Stored, as GET answers it.',
      schema: z.union([OrderResponse, z.array(OrderResponse)]),
      headers: ['Location', 'ETag'],
      example: example.order,
    },
  },
  errors: ['DUPLICATE_ORDER_NUMBER', 'STATE_CONFLICT', 'PICKS_EXCEED_LINE', 'PICK_SKU_MISMATCH'],
});

export const listOrders = contract({
  method: 'GET',
  path: '/orders',
  function: 'main',
  tag,
  summary: 'List orders',
  description: 'Newest first.',
  scope: 'orders:read',
  isList: true,
  query: {
    orderNumber: optional(text('Only this order.')),
    status: optional(oneOf(orderStatuses, 'Only orders in this state.')),
    customerId: optional(text('Only orders of this customer.')),
    sku: optional(text('Only orders with a line of this SKU.')),
  },
  replies: { 200: { description: 'A page.', schema: pageOf(OrderResponse), example: example.page(example.order) } },
});

export const readOrder = contract({
  method: 'GET',
  path: '/orders/{orderId}',
  function: 'main',
  tag,
  summary: 'Read an order',
  description: 'With the computed status of the order and of each line.',
  scope: 'orders:read',
  params: { orderId: id('The order.') },
  replies: { 200: { description: 'The order.', schema: OrderResponse, headers: ['ETag'], example: example.order } },
});
