import type { AllocationMethod } from '@inventory/models';
import type { CompareResponse } from '@inventory/schemas';
import { grouped, isZero } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Empty, Notice } from '../parts/notice.tsx';
import { settings } from '../settings.ts';
import { fulfilmentWords, sequenceWords } from '../words/strategy.ts';
import { ComparisonTable } from './comparison-table.tsx';

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
        <ComparisonTable rows={rows} first={first} chosen={chosen} onChoose={onChoose} refusal={refusal} />
      )}
    </section>
  );
}
