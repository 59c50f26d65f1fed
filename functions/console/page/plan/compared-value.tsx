import type { Compared } from '../answers.ts';
import { compareDecimals, difference, grouped, isZero, percent, share, signed } from '../format/decimal.ts';
import { type Measure, measures } from './best.ts';

type ComparedValueProps = {
  readonly row: Compared;
  readonly first: Compared;
  readonly measure: Measure;
  readonly isBest: boolean;
  /** The greatest difference in the column, against which its bars are drawn; null where there are none. */
  readonly widest: string | null;
};

/** A figure, and how it differs from the first row. */
export function ComparedValue({ row, first, measure, isBest, widest }: ComparedValueProps) {
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

/** The greatest difference of any row to the first. */
export const widestOf = (rows: readonly Compared[], first: Compared, measure: Measure): string =>
  rows
    .map((row) => magnitude(difference(measures[measure](row), measures[measure](first))))
    .reduce((widest, delta) => (compareDecimals(delta, widest) > 0 ? delta : widest), '0');

const magnitude = (delta: string) => delta.replace('-', '');
