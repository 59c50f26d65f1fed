import { type Difference, parseDecimal } from '@inventory/models';
import { INTEGRITY } from './integrity-statement.ts';
import type { Queryable, Row } from './queryable.ts';

/**
 * Recomputes every counter from the ledger: lots, pools, results, and by these lines and orders. Returns those that
 * differ or are negative, at most 1,000; none when sound. One statement, so one snapshot; changes nothing.
 */
export async function findDifferences(database: Queryable): Promise<readonly Difference[]> {
  const rows = await database.query({ text: INTEGRITY, values: [] });
  return rows.map(differenceOf);
}

/** `entity` and `unit` are names that the statement itself writes. */
function differenceOf(row: Row): Difference {
  const unit = row.unit as Difference['unit'];
  const amountOf = (text: unknown) => (unit === 'MONEY' ? BigInt(String(text)) : parseDecimal(String(text)));
  return {
    entity: row.entity as Difference['entity'],
    id: String(row.id),
    counter: String(row.counter),
    unit,
    stored: amountOf(row.stored),
    expected: amountOf(row.expected),
  };
}
