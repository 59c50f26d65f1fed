import type { AllocationMethod } from '@inventory/models';
import type { CompareResponse } from '@inventory/schemas';
import type { Compared } from '../answers.ts';
import { compareDecimals, difference, grouped, isZero, percent, share, signed } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Empty, Notice } from '../parts/notice.tsx';
import { settings } from '../settings.ts';
import { fulfilmentWords, methodWords, sequenceWords } from '../words/strategy.ts';
import { bestRows, type Measure, measures } from './best.ts';

type ComparisonProps = {
  readonly answer: CompareResponse;
  readonly chosen: AllocationMethod | null;
  readonly isStale: boolean;
  readonly onChoose: (method: AllocationMethod) => void;
  readonly refusal: string | null;
};

/** Several methods side by side; the first is what the others are measured against. */
export function Comparison({ answer, chosen, isStale, onChoose, refusal }: ComparisonProps) {
  const { comparison: rows, asOf } = answer;
  const [first] = rows;
  if (!first) return null;
  const { sequence, fulfilment } = first.strategy;
  return (
    <section class={`card ${isStale ? 'stale' : ''}`} aria-label="Comparison">
      <header class="head">
        <h2>Comparison</h2>
        <p>
          {grouped(first.totals.requested)} units wanted · {sequenceWords[sequence].title} ·{' '}
          {fulfilmentWords[fulfilment].title} · as of {timeIn(settings.timeZone, asOf)}
        </p>
      </header>
      {isStale && <Notice tone="warn">The plan has changed since. Compare again to see it.</Notice>}
      {isZero(first.totals.requested) ? (
        <Empty title="Nothing is open">
          <p>The chosen orders want nothing more, or there are none. Import orders, or choose others.</p>
        </Empty>
      ) : (
        <Table rows={rows} first={first} chosen={chosen} onChoose={onChoose} refusal={refusal} />
      )}
    </section>
  );
}

const columns: readonly { readonly measure: Measure; readonly title: string; readonly note?: string }[] = [
  { measure: 'filled', title: 'Filled' },
  { measure: 'short', title: 'Short' },
  { measure: 'fillRate', title: 'Fill rate' },
  { measure: 'cost', title: `Cost, ${settings.currency?.code ?? ''}` },
  { measure: 'lots', title: 'Lots used' },
  { measure: 'waste', title: 'Expires unused', note: 'What stays in usable lots that expire within 30 days' },
];

/** Where less is better, and a difference is easier to see than to read. */
const withBars = ['cost', 'lots', 'waste'] as const satisfies readonly Measure[];

type TableProps = Pick<ComparisonProps, 'chosen' | 'onChoose' | 'refusal'> & {
  readonly rows: readonly Compared[];
  readonly first: Compared;
};

function Table({ rows, first, chosen, onChoose, refusal }: TableProps) {
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
                    <Value
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

type ValueProps = {
  readonly row: Compared;
  readonly first: Compared;
  readonly measure: Measure;
  readonly isBest: boolean;
  /** The greatest difference in the column, against which its bars are drawn; null where there are none. */
  readonly widest: string | null;
};

function Value({ row, first, measure, isBest, widest }: ValueProps) {
  const value = measures[measure](row);
  const shown = measure === 'fillRate' ? percent(value) : grouped(value);
  const delta = difference(value, measures[measure](first));
  return (
    <>
      <span class={isBest ? 'best' : undefined}>
        {shown}
        {isBest && <span class="unseen"> (best)</span>}
      </span>
      {measure === 'fillRate' && (
        <span class="bar thin" aria-hidden="true">
          <i class="fill c-accent" style={{ width: `${share(row.totals.allocated, row.totals.requested) * 100}%` }} />
        </span>
      )}
      {measure !== 'fillRate' && row !== first && (
        <span class="delta">
          {widest && !isZero(delta) && <DeltaBar delta={delta} widest={widest} />}
          <small>{isZero(delta) ? '=' : signed(delta)}</small>
        </span>
      )}
    </>
  );
}

/** To the left what is less than the first row, to the right what is more. */
const DeltaBar = ({ delta, widest }: { readonly delta: string; readonly widest: string }) => (
  <span class="delta-bar" aria-hidden="true">
    <i
      class={delta.startsWith('-') ? 'below' : 'above'}
      style={{ width: `${share(magnitude(delta), magnitude(widest)) * 50}%` }}
    />
  </span>
);

const widestOf = (rows: readonly Compared[], first: Compared, measure: Measure): string =>
  rows
    .map((row) => magnitude(difference(measures[measure](row), measures[measure](first))))
    .reduce((widest, delta) => (compareDecimals(delta, widest) > 0 ? delta : widest), '0');

const magnitude = (delta: string) => delta.replace('-', '');
