import { contracts, type Table } from '@inventory/schemas';
import { expect, test } from 'vitest';
import { parsed, refusal } from './given.ts';

const { importOrders, importInventories } = contracts;

const table = (header: string, ...rows: string[]): Table => ({
  columns: header.split(','),
  rows: rows.map((row, index) => ({ row: index + 2, cells: row.split(',') })),
});
const errorsOf = (contract: typeof importOrders | typeof importInventories, given: Table) =>
  refusal(contract, { table: given }).members.errors;

test('rows with one orderNumber are one order, wherever they stand', () => {
  const given = table('orderNumber,priority,sku,quantity,lineNumber', 'A,1,X,2,', 'B,,Y,1.5,', 'A,,Z,3,9', 'A,1,X,4,');

  expect(parsed(importOrders, { table: given }).body).toMatchObject([
    {
      orderNumber: 'A',
      priority: 1,
      lines: [
        { lineNumber: 1, sku: 'X', quantity: 2_000_000n },
        { lineNumber: 9, sku: 'Z', quantity: 3_000_000n },
        { lineNumber: 2, sku: 'X', quantity: 4_000_000n },
      ],
    },
    { orderNumber: 'B', priority: 5, lines: [{ lineNumber: 1, sku: 'Y', quantity: 1_500_000n }] },
  ]);
});

test('every wrong cell is told by row and column', () => {
  const given = table(
    'orderNumber,priority,orderedAt,sku,quantity',
    'A,high,,X,2',
    'A,,,X,-1',
    ',,,X,1',
    'B,,2027-01-01T00:00:00Z,,1',
  );

  expect(errorsOf(importOrders, given)).toEqual([
    { row: 2, column: 'priority', detail: 'must be a whole number from 1 to 9' },
    { row: 3, column: 'quantity', detail: 'must be above 0' },
    { row: 4, column: 'orderNumber', detail: 'is required' },
    { row: 5, column: 'sku', detail: 'is required' },
  ]);
});

test('rows of one order do not contradict each other', () => {
  const given = table('orderNumber,customerId,sku,quantity', 'A,,X,1', 'A,C-1,X,1', 'A,C-2,X,1');

  expect(errorsOf(importOrders, given)).toEqual([
    { row: 4, column: 'customerId', detail: 'differs from row 3 of the same order' },
  ]);
});

test('a row is a lot', () => {
  const given = table('sku,location,quantity,unitCost,totalCost', 'A,W1,10,12.00,', 'A,W1,1,,3.333');

  expect(errorsOf(importInventories, given)).toEqual([
    { row: 3, column: 'totalCost', detail: 'must have at most 2 digits after the point' },
  ]);
  expect(parsed(importInventories, { table: { ...given, rows: given.rows.slice(0, 1) } }).body).toMatchObject([
    { sku: 'A', unitCost: 12_000_000n, totalCost: null, status: 'AVAILABLE' },
  ]);
});

test('the header names columns that are known, each once', () => {
  expect(errorsOf(importInventories, table('sku,colour,sku', 'A,red,B'))).toEqual([
    { row: 1, column: 'colour', detail: expect.stringContaining('is not one of sku, location') },
    { row: 1, column: 'sku', detail: 'is given twice' },
  ]);
  expect(errorsOf(importOrders, table('sku,picks', 'A,B'))).toHaveLength(1);
});

test('every row has a cell for every column', () => {
  expect(errorsOf(importInventories, table('sku,location,quantity,unitCost', 'A,W1,1', 'A,W1,1,1,1'))).toEqual([
    { row: 2, column: null, detail: 'has 3 cells instead of 4' },
    { row: 3, column: null, detail: 'has 5 cells instead of 4' },
  ]);
});

test('there are 1 to 20,000 rows', () => {
  const many = (count: number) =>
    table('sku,location,quantity,unitCost', ...Array.from({ length: count }, () => 'A,W1,1,1'));

  expect(errorsOf(importInventories, many(0))).toEqual([{ row: 2, column: null, detail: 'there are no rows' }]);
  expect(parsed(importInventories, { table: many(20_000) }).body).toHaveLength(20_000);
  expect(errorsOf(importInventories, many(20_001))).toHaveLength(1);
});

test('an order of a file has at most 2,000 lines', () => {
  const given = table('orderNumber,sku,quantity', ...Array.from({ length: 2_001 }, () => 'A,X,1'));

  expect(errorsOf(importOrders, given)).toEqual([{ row: 2, column: null, detail: 'must have at most 2000 items' }]);
});
