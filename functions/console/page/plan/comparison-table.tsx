import type { AllocationMethod } from '@inventory/models';
import type { Compared } from '../answers.ts';
import { settings } from '../settings.ts';
import { methodWords } from '../words/strategy.ts';
import { bestRows, type Measure } from './best.ts';
import { ComparedValue, widestOf } from './compared-value.tsx';

const columns: readonly { readonly measure: Measure; readonly title: string; readonly note?: string }[] = [
  { measure: 'filled', title: 'Filled' },
  { measure: 'short', title: 'Short' },
  { measure: 'fillRate', title: 'Fill rate' },
  { measure: 'cost', title: `Cost, ${settings.currency.code}` },
  { measure: 'lots', title: 'Lots used' },
  { measure: 'waste', title: 'Expires unused', note: 'What stays in usable lots that expire within 30 days' },
];

/** Where less is better, and a difference is easier to see than to read. */
const withBars = ['cost', 'lots', 'waste'] as const satisfies readonly Measure[];

type ComparisonTableProps = {
  readonly rows: readonly Compared[];
  readonly first: Compared;
  readonly chosen: AllocationMethod | null;
  readonly onChoose: (method: AllocationMethod) => void;
  readonly refusal: string | null;
};

/** A row for each method, which opens its preview. */
export function ComparisonTable({ rows, first, chosen, onChoose, refusal }: ComparisonTableProps) {
  const best = Object.fromEntries(columns.map(({ measure }) => [measure, bestRows(rows, measure)]));
  const widest = Object.fromEntries(withBars.map((measure) => [measure, widestOf(rows, first, measure)]));
  return (
    <>
      <div class="scroll">
        <table class="comparison">
          <thead>
            <tr>
              <th scope="col">Method</th>
              {columns.map(({ measure, title, note }) => (
                <th key={measure} scope="col" class="number" title={note}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.allocationMethod} class={row.allocationMethod === chosen ? 'chosen' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    class="method"
                    disabled={refusal !== null}
                    title={refusal ?? undefined}
                    aria-pressed={row.allocationMethod === chosen}
                    onClick={() => onChoose(row.allocationMethod)}
                  >
                    <span class="unseen">Preview </span>
                    <b>{methodWords[row.allocationMethod].title}</b>
                    <small>{methodWords[row.allocationMethod].explanation}</small>
                  </button>
                </th>
                {columns.map(({ measure, title }) => (
                  <td key={measure} class="number" data-label={title}>
                    <ComparedValue
                      row={row}
                      first={first}
                      measure={measure}
                      isBest={best[measure]?.has(row) ?? false}
                      widest={widest[measure] ?? null}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint foot">
        <span class="best">Best</span> of its column; cost, lots and expiry count among the methods that fill the most.
        Small figures are differences to {methodWords[first.allocationMethod].title}.
      </p>
    </>
  );
}
