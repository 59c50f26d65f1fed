import type { AllocationMethod } from '@inventory/models';
import type { AllocationResponse, CompareResponse } from '@inventory/schemas';
import { useRef, useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { asProblem, isOnlyTooLongToExplain } from '../api/problem.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from '../parts/button.tsx';
import { Skeleton } from '../parts/loaded.tsx';
import { Empty, ProblemNotice } from '../parts/notice.tsx';
import { useRefusal } from '../session/use-allowed.ts';
import { useStore } from '../store.ts';
import { Comparison } from './comparison.tsx';
import { ConfirmAllocation } from './confirm-allocation.tsx';
import { DemandFields } from './demand-fields.tsx';
import { allocationRequest, compareFaultsOf, compareRequest, type Draft, faultsOf } from './draft.ts';
import { circumstancesOf, comparisonStore, draftStore, previewStore, tickedStore } from './plan-state.ts';
import { Preview } from './preview.tsx';
import { Shortages } from './shortages.tsx';
import { StrategyFields } from './strategy-fields.tsx';

/** Choose demand and strategy, compare, look into one method, allocate. */
export function Plan() {
  const draft = useStore(draftStore);
  const ticked = useStore(tickedStore);
  const comparison = useStore(comparisonStore);
  const preview = useStore(previewStore);
  const comparing = useAction();
  const previewing = useAction();
  const [isConfirming, setConfirming] = useState(false);
  const previewPlace = useRef<HTMLElement>(null);
  const simulateRefusal = useRefusal(['allocate:simulate', 'allocate:run']);
  const compareRefusal = useRefusal('allocate:simulate');
  const runRefusal = useRefusal('allocate:run');

  const circumstances = circumstancesOf(ticked);
  const faults = faultsOf(draft, circumstances);
  const compareFaults = compareFaultsOf(draft, circumstances);
  const faultAt = (pointer: string) =>
    [...faults, ...compareFaults].find((fault) => fault.pointer === pointer)?.detail ??
    comparing.problem?.at(pointer) ??
    previewing.problem?.at(pointer);

  const compare = () =>
    comparing.run(async () => {
      const body = compareRequest(draft, circumstances);
      comparisonStore.set({
        request: JSON.stringify(body),
        answer: await ask<CompareResponse>('/allocate/compare', { body }),
      });
    });
  const show = (next: Draft) => {
    draftStore.set(next);
    return previewing.run(async () => {
      const body = allocationRequest(next, circumstances);
      previewStore.set({ request: JSON.stringify(body), answer: await simulate(body) });
      previewPlace.current?.scrollIntoView({ block: 'start', behavior: 'smooth' });
      previewPlace.current?.focus({ preventScroll: true });
    });
  };
  const choose = (method: AllocationMethod) => show({ ...draft, method, pick: '', cost: '' });
  const isStale = (request: string, body: object) => request !== JSON.stringify(body);

  return (
    <div class="plan">
      <h1 class="unseen">Plan</h1>
      <form
        class="card choices"
        aria-label="Plan"
        onSubmit={(event) => {
          event.preventDefault();
          compare();
        }}
      >
        <DemandFields draft={draft} ticked={ticked} faultAt={faultAt} />
        <StrategyFields draft={draft} faultAt={faultAt} />
        <div class="actions">
          <Button kind="primary" submits isBusy={comparing.isBusy} refusal={compareRefusal ?? compareFaults[0]?.detail}>
            Compare methods
          </Button>
          <Button onClick={() => show(draft)} isBusy={previewing.isBusy} refusal={simulateRefusal ?? faults[0]?.detail}>
            Preview
          </Button>
          <Button onClick={() => setConfirming(true)} refusal={runRefusal ?? faults[0]?.detail}>
            Allocate…
          </Button>
        </div>
      </form>

      <div class="outcome">
        <ProblemNotice problem={comparing.problem} onRetry={comparing.problem?.fields.length ? undefined : compare} />
        {comparing.isBusy && !comparison && <Skeleton rows={8} />}
        {comparison ? (
          <Comparison
            answer={comparison.answer}
            chosen={preview?.answer.strategy.allocationMethod ?? null}
            isStale={isStale(comparison.request, compareRequest(draft, circumstances))}
            onChoose={choose}
            refusal={simulateRefusal}
          />
        ) : (
          !comparing.isBusy && !comparing.problem && !preview && <Start />
        )}
        <section ref={previewPlace} tabIndex={-1} aria-label="Preview" class="preview">
          <ProblemNotice problem={previewing.problem} />
          {previewing.problem && <Shortages shortages={previewing.problem.shortages} />}
          {previewing.isBusy && !preview && <Skeleton rows={8} />}
          {preview && (
            <Preview
              answer={preview.answer}
              isStale={isStale(preview.request, allocationRequest(draft, circumstances))}
              isBusy={previewing.isBusy}
              onAgain={() => show(draft)}
              onAllocate={() => setConfirming(true)}
              refusal={runRefusal ?? faults[0]?.detail ?? null}
            />
          )}
        </section>
      </div>

      {isConfirming && (
        <ConfirmAllocation
          draft={draft}
          ticked={ticked}
          request={allocationRequest(draft, circumstances)}
          preview={
            preview && !isStale(preview.request, allocationRequest(draft, circumstances)) ? preview.answer : null
          }
          onClose={() => setConfirming(false)}
        />
      )}
    </div>
  );
}

/** A dry run that explains itself, or does not where there are too many lines for that. */
async function simulate(body: object): Promise<AllocationResponse> {
  try {
    return await ask<AllocationResponse>('/allocate', { body: { ...body, dryRun: true, explain: true } });
  } catch (error) {
    if (!isOnlyTooLongToExplain(asProblem(error))) throw error;
    return ask<AllocationResponse>('/allocate', { body: { ...body, dryRun: true } });
  }
}

const Start = () => (
  <Empty title="Compare methods on today's stock">
    <p>
      Choose which orders to serve and by which rules. <b>Compare methods</b> sets them side by side and changes
      nothing; a click on a method shows what each order would get, and why.
    </p>
  </Empty>
);
