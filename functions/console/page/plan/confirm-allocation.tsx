import type { AllocationResponse } from '@inventory/schemas';
import { ask } from '../api/call.ts';
import { asProblem, isOnlyTooLongToExplain } from '../api/problem.ts';
import { type Intention, useIntention } from '../api/use-intention.ts';
import { grouped, isZero } from '../format/decimal.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { linkTo } from '../route.ts';
import { settings } from '../settings.ts';
import { costWords, fulfilmentWords, methodWords, sequenceWords } from '../words/strategy.ts';
import { choicesOf, type Draft, listed } from './draft.ts';
import { comparisonStore, previewStore, tickedStore } from './plan-state.ts';
import { Shortages } from './shortages.tsx';

type ConfirmAllocationProps = {
  readonly draft: Draft;
  readonly ticked: Readonly<Record<string, string>>;
  readonly request: object;
  /** Of this very plan, or null. */
  readonly preview: AllocationResponse | null;
  readonly onClose: () => void;
};

/** The last word before stock is given away. One dialog is one intention: each try carries the same key. */
export function ConfirmAllocation({ draft, ticked, request, preview, onClose }: ConfirmAllocationProps) {
  const { run, isBusy, problem, close, refusalToClose, try: attempt } = useIntention(onClose);
  const { pick, cost } = choicesOf(draft);
  const allocate = () =>
    run(async () => {
      const answer = await commit(request, Boolean(preview?.explanation), attempt);
      previewStore.set(null);
      comparisonStore.set(null);
      if (draft.demand === 'TICKED') tickedStore.set({});
      onClose();
      location.hash = linkTo.run(answer.runId ?? answer.id ?? '');
    });
  return (
    <Dialog title="Allocate?" onClose={close}>
      <dl class="facts">
        <dt>Orders</dt>
        <dd>{demandInWords(draft, ticked)}</dd>
        <dt>Method</dt>
        <dd>
          {methodWords[draft.method].title}
          {(draft.pick || draft.cost) && `: picks by ${methodWords[pick].title}, costs ${costWords[cost].title}`}
        </dd>
        <dt>Rules</dt>
        <dd>
          {sequenceWords[draft.sequence].title}, {fulfilmentWords[draft.fulfilment].title.toLowerCase()}
          {draft.asOf && `, as of ${draft.asOf.replace('T', ' ')} ${settings.timeZone}`}
          {draft.onShortage === 'FAIL' && ', refused as a whole when something is short'}
        </dd>
        <dt>Preview</dt>
        <dd>{preview ? previewInWords(preview) : 'None of this plan yet.'}</dd>
      </dl>
      <p class="hint">
        The lots are set aside for these orders and their cost is recorded. What counts is the stock at the moment of
        the run; it may have moved since the preview. What is not shipped can be released later.
      </p>
      <ProblemNotice problem={problem} />
      {problem && <Shortages shortages={problem.shortages} />}
      <footer>
        <Button onClick={close} refusal={refusalToClose}>
          Cancel
        </Button>
        <Button kind="primary" onClick={allocate} isBusy={isBusy}>
          {problem ? 'Try again' : 'Allocate'}
        </Button>
      </footer>
    </Dialog>
  );
}

/** A run that is answered at once names itself `runId`, a large one is answered as the run that it is. */
type Committed = { readonly runId?: string; readonly id?: string };

/** Explained where the preview was, so that the run's page can say why; not any more when it has grown too long for that. */
async function commit(request: object, explain: boolean, attempt: Intention['try']): Promise<Committed> {
  if (!explain) return ask<Committed>('/allocate', { body: request, ...attempt });
  try {
    return await ask<Committed>('/allocate', { body: { ...request, explain }, ...attempt });
  } catch (error) {
    if (!isOnlyTooLongToExplain(asProblem(error))) throw error;
    return ask<Committed>('/allocate', { body: request, ...attempt }); // a refusal is not kept: the key is still free
  }
}

function demandInWords({ demand, filter, orderNumbers }: Draft, ticked: Readonly<Record<string, string>>): string {
  const names = demand === 'TICKED' ? Object.values(ticked) : listed(orderNumbers);
  if (demand === 'ALL') return 'All open orders';
  if (demand === 'FILTER') {
    const given = Object.entries(filter).filter(([, value]) => value !== '');
    const words = given.map(([name, value]) => `${filterWords[name] ?? name} ${value}`).join(', ');
    return `Open orders with ${words || 'any properties'}`;
  }
  const named = names.slice(0, 8).join(', ');
  return `${names.length}: ${named}${names.length > 8 ? ' …' : ''}`;
}

const filterWords: Readonly<Record<string, string>> = {
  status: 'status',
  customerId: 'customer',
  sku: 'SKU',
  priority: 'priority',
  requestedShipDateBefore: 'a ship date before',
};

const lotsOf = (results: AllocationResponse['results']) => new Set(results.map(({ inventoryId }) => inventoryId)).size;

const previewInWords = ({ totals, results }: AllocationResponse) =>
  `${grouped(totals.allocated)} of ${grouped(totals.requested)} units from ${grouped(String(lotsOf(results)))} lots ` +
  `for ${grouped(totals.costAmount)} ${settings.currency.code}${isZero(totals.short) ? '' : `; ${grouped(totals.short)} fall short`}`;
