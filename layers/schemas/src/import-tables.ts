import { InventoryRequest } from './inventory-request.ts';
import { OrderLineRequest, OrderRequest } from './order-request.ts';
import type { Gathered, RowError, TableForm, TableRow } from './table.ts';

/** A row is a lot. */
export const inventoryTable: TableForm = {
  columns: Object.keys(InventoryRequest.shape),
  integers: [],
  gather: (rows) => ({
    items: rows.map(({ cells }) => cells),
    errors: [],
    locate: (pointer) => {
      const [, index, column] = pointer.split('/');
      return { row: rows[Number(index)]?.row ?? 1, column: column ?? null };
    },
  }),
};

const lineColumns = Object.keys(OrderLineRequest.shape).filter((column) => column !== 'picks');
const orderColumns = Object.keys(OrderRequest.in.shape).filter((column) => column !== 'lines');

/** A row is an order line; rows with one orderNumber are one order, which each of them may describe. */
export const orderTable: TableForm = {
  columns: [...orderColumns, ...lineColumns],
  integers: ['priority', 'lineNumber', 'minShelfLifeDays'],
  gather: gatherOrders,
};

function gatherOrders(rows: readonly TableRow[]): Gathered {
  const orders = [...Map.groupBy(rows, ({ cells, row }) => cells.orderNumber ?? row).values()];
  return {
    items: orders.map((lines) => ({
      ...Object.assign({}, ...lines.toReversed().map(({ cells }) => only(orderColumns, cells))),
      lines: lines.map(({ cells }) => only(lineColumns, cells)),
    })),
    errors: orders.flatMap(contradictions),
    locate: (pointer) => {
      const [, index, member, line, column] = pointer.split('/');
      const of = orders[Number(index)] ?? [];
      if (member !== 'lines') return { row: of[0]?.row ?? 1, column: member ?? null };
      return { row: of[Number(line ?? 0)]?.row ?? of[0]?.row ?? 1, column: column ?? null };
    },
  };
}

/** What rows of one order say differently of it; an empty cell says nothing. */
const contradictions = (rows: readonly TableRow[]): RowError[] =>
  orderColumns.flatMap((column) => {
    const [first, ...others] = rows.filter(({ cells }) => column in cells);
    return others
      .filter(({ cells }) => cells[column] !== first?.cells[column])
      .map(({ row }) => ({ row, column, detail: `differs from row ${first?.row} of the same order` }));
  });

const only = (columns: readonly string[], cells: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(columns.filter((column) => column in cells).map((column) => [column, cells[column]]));
