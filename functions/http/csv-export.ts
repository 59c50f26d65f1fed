import { type Contract, csvColumns } from '@inventory/schemas';
import { stringify } from 'csv-stringify/sync';

/**
 * The items of a list as CSV, a row each: members of objects as columns of their own (`strategy.pick`), lists as JSON.
 * A text that a spreadsheet would take for a formula gets a leading apostrophe; numbers stay as they are.
 */
export function toCsv(contract: Contract, body: unknown): string {
  const columns = csvColumns(contract);
  return stringify(
    itemsOf(body).map((item) => columns.map((column) => cell(memberAt(item, column.split('.'))))),
    { header: true, columns: [...columns], record_delimiter: 'windows' },
  );
}

/** The cursor of the next page, which a CSV body has no place for. */
export const nextCursorOf = (body: unknown): string | null =>
  isRecord(body) && typeof body.nextCursor === 'string' ? body.nextCursor : null;

/** A list has items; one entity is a list of itself. */
const itemsOf = (body: unknown): readonly unknown[] =>
  isRecord(body) && Array.isArray(body.items) ? body.items : [body];

const memberAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((at: unknown, member) => (isRecord(at) ? at[member] : undefined), value);

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** What spreadsheets evaluate, the full-width forms too, and what they skip before it. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
