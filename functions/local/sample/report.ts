import type { AllocationRunResponse, CompareResponse } from '@inventory/schemas';
import Table from 'cli-table3';

/** What a run filled, what it could not and why, and the cost. */
export function runReport({ strategy, totals, shortages }: AllocationRunResponse): string {
  const reasons = new Map<string, number>();
  for (const { code, quantity } of shortages.flatMap((shortage) => shortage.reasons)) {
    reasons.set(code, (reasons.get(code) ?? 0) + Number(quantity));
  }
  const why = [...reasons].toSorted(([, a], [, b]) => b - a).map(([code, quantity]) => `${code} ${grouped(quantity)}`);
  return [
    `${strategy.allocationMethod} filled ${grouped(totals.allocated)} of ${grouped(totals.requested)} units (${percent(totals.fillRate)}) at a cost of ${grouped(totals.costAmount, 2)}.`,
    `Short are ${grouped(totals.short)} units on ${grouped(shortages.length)} lines${why.length > 0 ? `: ${why.join(', ')}` : ''}.`,
  ].join('\n');
}

/** All methods side by side. */
export function comparisonReport({ comparison }: CompareResponse): string {
  const table = new Table({
    head: ['Method', 'Filled', 'Short', 'Fill rate', 'Cost', 'Lots used', 'Expires unused*'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  table.push(
    ...comparison.map(({ allocationMethod, totals, lotsUsed, expiryWaste }) => [
      allocationMethod,
      grouped(totals.allocated),
      grouped(totals.short),
      percent(totals.fillRate),
      grouped(totals.costAmount, 2),
      grouped(lotsUsed),
      grouped(expiryWaste),
    ]),
  );
  return [
    table.toString(),
    '* units left in lots that expire within 30 days. SPECIFIC takes only lots that a line names, and these name none.',
  ].join('\n');
}

/** For reading, not for reckoning. */
const grouped = (value: string | number, digits = 0) =>
  Number(value).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, 6) });

const percent = (rate: string) => `${(Number(rate) * 100).toFixed(1)} %`;
