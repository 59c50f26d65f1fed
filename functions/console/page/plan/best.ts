import type { Compared } from '../answers.ts';
import { compareDecimals } from '../format/decimal.ts';

/** What a comparison is judged by, and how its value reads. */
export const measures = {
  filled: (row: Compared) => row.totals.allocated,
  short: (row: Compared) => row.totals.short,
  fillRate: (row: Compared) => row.totals.fillRate,
  cost: (row: Compared) => row.totals.costAmount,
  lots: (row: Compared) => String(row.lotsUsed),
  waste: (row: Compared) => row.expiryWaste,
} as const;

export type Measure = keyof typeof measures;

const isBetterWhenHigh: Readonly<Record<Measure, boolean>> = {
  filled: true,
  short: false,
  fillRate: true,
  cost: false,
  lots: false,
  waste: false,
};

/** Less cost is no merit of a method that fills less: these are compared among those that fill the most. */
const amongTheFullest: readonly Measure[] = ['cost', 'lots', 'waste'];

/** The rows with the best value of a measure; none where all are alike. */
export function bestRows(rows: readonly Compared[], measure: Measure): ReadonlySet<Compared> {
  const candidates = amongTheFullest.includes(measure) ? [...bestOf(rows, 'filled')] : rows;
  const best = bestOf(candidates, measure);
  const values = new Set(candidates.map(measures[measure]));
  return values.size > 1 ? new Set(best) : new Set();
}

function bestOf(rows: readonly Compared[], measure: Measure): readonly Compared[] {
  const value = measures[measure];
  const [best] = rows
    .map(value)
    .toSorted((one, other) => compareDecimals(one, other) * (isBetterWhenHigh[measure] ? -1 : 1));
  return rows.filter((row) => best !== undefined && compareDecimals(value(row), best) === 0);
}
