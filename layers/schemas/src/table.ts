import { DomainError } from '@inventory/models';
import type { CodedError } from './contract.ts';

/** A CSV file as cells: the first row names the columns. Rows without any text are left out. */
export type Table = {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[] }[];
};

/** What is wrong in a CSV file. Rows count as a spreadsheet counts them: the header is row 1. */
export type RowError = { readonly row: number; readonly column: string | null; readonly detail: string };

/** Rows put together to what a POST would take, and the way back from the pointer of an error to its cell. */
export type Gathered = {
  readonly items: readonly unknown[];
  readonly errors: readonly RowError[];
  readonly locate: (pointer: string) => Omit<RowError, 'detail'>;
};

/** How a CSV file becomes the array that a POST takes. */
export type TableForm = {
  readonly columns: readonly string[];
  /** Columns that are whole numbers in JSON. */
  readonly integers: readonly string[];
  readonly gather: (rows: readonly TableRow[]) => Gathered;
};

/** The cells of a row that are not empty, by column. */
export type TableRow = { readonly row: number; readonly cells: Readonly<Record<string, unknown>> };

export const ROWS_OF_A_TABLE = 20_000;

/** Reads a table by its form. Throws VALIDATION_FAILED where the header or the shape of a row is wrong. */
export function gatherTable(table: Table, form: TableForm): Gathered {
  const errors = [...headerErrors(table, form), ...shapeErrors(table)];
  if (errors.length > 0) throw tableRefusal(errors);
  return form.gather(table.rows.map(({ row, cells }) => ({ row, cells: named(table.columns, cells, form) })));
}

/** VALIDATION_FAILED with `errors[{row, column, detail}]`, in the order of the rows. */
export const tableRefusal = (errors: readonly RowError[]): DomainError =>
  new DomainError('VALIDATION_FAILED', errors.length === 1 ? 'A cell is wrong' : `${errors.length} cells are wrong`, {
    members: { errors: errors.toSorted((one, other) => one.row - other.row).slice(0, 5_000) },
  });

/** The errors of gathered items, at their cells. */
export const atCells = (errors: readonly CodedError[], { locate }: Gathered): RowError[] =>
  errors.map(({ pointer, detail }) => ({ ...locate(pointer), detail }));

function headerErrors({ columns }: Table, form: TableForm): RowError[] {
  return columns.flatMap((column, index) => {
    if (!form.columns.includes(column)) return [{ row: 1, column, detail: `is not one of ${form.columns.join(', ')}` }];
    return columns.indexOf(column) < index ? [{ row: 1, column, detail: 'is given twice' }] : [];
  });
}

function shapeErrors({ columns, rows }: Table): RowError[] {
  if (columns.length === 0) return [{ row: 1, column: null, detail: 'the header is missing' }];
  if (rows.length === 0) return [{ row: 2, column: null, detail: 'there are no rows' }];
  if (rows.length > ROWS_OF_A_TABLE) {
    return [{ row: ROWS_OF_A_TABLE + 2, column: null, detail: `there are more than ${ROWS_OF_A_TABLE} rows` }];
  }
  return rows.flatMap(({ row, cells }) =>
    cells.length === columns.length
      ? []
      : [{ row, column: null, detail: `has ${cells.length} cells instead of ${columns.length}` }],
  );
}

function named(columns: readonly string[], cells: readonly string[], form: TableForm): Record<string, unknown> {
  const entries = columns.map((column, index): [string, unknown] => [column, cells[index] ?? '']);
  const filled = entries.filter(([, cell]) => cell !== '');
  return Object.fromEntries(
    filled.map(([column, cell]) => [
      column,
      form.integers.includes(column) && /^-?\d{1,15}$/.test(String(cell)) ? Number(cell) : cell,
    ]),
  );
}
