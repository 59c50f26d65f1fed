import type { AllocationResponse } from '@inventory/schemas';
import { Button } from '../parts/button.tsx';
import { Empty, Notice } from '../parts/notice.tsx';
import { methodWords } from '../words/strategy.ts';
import { OutcomeList } from './outcome-list.tsx';
import { Shortages } from './shortages.tsx';
import { StrategyLine, Totals } from './totals.tsx';

type PreviewProps = {
  readonly answer: AllocationResponse;
  readonly isStale: boolean;
  readonly isBusy: boolean;
  readonly onAgain: () => void;
  readonly onAllocate: () => void;
  readonly refusal: string | null;
};

/** What a run would do: nothing of it is stored. */
export function Preview({ answer, isStale, isBusy, onAgain, onAllocate, refusal }: PreviewProps) {
  const { strategy, totals, results, shortages, explanation } = answer;
  return (
    <div class={`card ${isStale ? 'stale' : ''}`}>
      <header class="head">
        <h2>Preview: {methodWords[strategy.allocationMethod].title}</h2>
        <StrategyLine strategy={strategy} asOf={answer.asOf} />
        <div class="actions">
          {isStale && (
            <Button onClick={onAgain} isBusy={isBusy}>
              Preview again
            </Button>
          )}
          <Button kind="primary" onClick={onAllocate} refusal={refusal} isBusy={isBusy}>
            Allocate this…
          </Button>
        </div>
      </header>
      {isStale && <Notice tone="warn">The plan has changed since. Preview again to see it.</Notice>}
      <Totals totals={totals} />
      <Shortages shortages={shortages} />
      {!explanation && (
        <p class="hint">Why each lot was taken is explained for up to 200 lines: choose fewer orders to see it.</p>
      )}
      {results.length === 0 && shortages.length === 0 ? (
        <Empty title="Nothing is open">
          <p>The chosen orders want nothing more. Choose others, or wait for new ones.</p>
        </Empty>
      ) : (
        <OutcomeList results={results} shortages={shortages} explanation={explanation} />
      )}
    </div>
  );
}
