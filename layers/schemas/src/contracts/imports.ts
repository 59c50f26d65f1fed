import * as z from 'zod';
import { contract } from '../contract.ts';
import { inventoryTable, orderTable } from '../import-tables.ts';
import { InventoryRequest, inventoryRules } from '../inventory-request.ts';
import { OrderRequest, orderRules } from '../order-request.ts';
import { list } from '../presence.ts';
import { idReply, integerReply } from '../reply-scalar.ts';
import { ROWS_OF_A_TABLE } from '../table.ts';
import * as example from './examples.ts';

const tag = 'Imports';

export const ImportResponse = z.object({
  rows: integerReply('How many rows were read, without the header.'),
  created: integerReply('How many orders or lots they made.'),
  ids: z.array(idReply('What was made.')).meta({ description: 'In the order of the file.' }),
});
export type ImportResponse = z.output<typeof ImportResponse>;

export const importOrders = contract({
  method: 'POST',
  path: '/imports/orders',
  function: 'main',
  tag,
  summary: 'Import orders from a CSV file',
  description:
    'Columns are the field names of an order and of its lines; a row is a line, and rows with one orderNumber are one ' +
    'order. Up to 20,000 rows, all or nothing. Errors are told by row (the header is row 1) and column.',
  scope: 'orders:write',
  body: list(OrderRequest, { max: ROWS_OF_A_TABLE }),
  table: orderTable,
  bodyExamples: { 'two lines of an order': 'orderNumber,sku,quantity\nSO-1002,COFFEE-1KG,12\nSO-1002,TEA-500G,3\n' },
  rules: orderRules,
  replies: {
    201: {
      description: 'All of them are stored.',
      schema: ImportResponse,
      example: { rows: 2, created: 1, ids: [example.orderId] },
    },
  },
  errors: ['DUPLICATE_ORDER_NUMBER', 'STATE_CONFLICT'],
});

export const importInventories = contract({
  method: 'POST',
  path: '/imports/inventories',
  function: 'main',
  tag,
  summary: 'Import lots from a CSV file',
  description:
    'Columns are the field names of a lot; a row is a lot. Up to 20,000 rows, all or nothing. Errors are told by row (the ' +
    'header is row 1) and column.',
  scope: 'inventory:write',
  body: list(InventoryRequest, { max: ROWS_OF_A_TABLE }),
  table: inventoryTable,
  bodyExamples: { 'one lot': 'sku,location,quantity,unitCost\nCOFFEE-1KG,W1,10,12.00\n' },
  rules: inventoryRules,
  replies: {
    201: {
      description: 'All of them are stored.',
      schema: ImportResponse,
      example: { rows: 1, created: 1, ids: [example.inventoryId] },
    },
  },
  errors: ['DUPLICATE_RECEIPT_NUMBER', 'PERIOD_CLOSED'],
});
