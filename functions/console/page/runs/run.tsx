import type { AllocationResultResponse, AllocationRunResponse } from '@inventory/schemas';
import { useEffect } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { useLoad } from '../api/use-load.ts';
import { usePages } from '../api/use-pages.ts';
import { pause } from '../api/waiting.ts';
import { timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { Empty } from '../parts/notice.tsx';
import { OutcomeList } from '../plan/outcome-list.tsx';
import { Shortages } from '../plan/shortages.tsx';
import { StrategyLine, Totals } from '../plan/totals.tsx';
import { linkTo } from '../route.ts';
import { settings } from '../settings.ts';
import { methodWords } from '../words/strategy.ts';
import { ResultsTable } from './results-table.tsx';
import { ShortLines } from './short-lines.tsx';

const POLL_MILLISECONDS = 700;

/** One run: how far it is, what it came to, what it gave to whom. */
export function Run({ id }: { readonly id: string }) {
  const run = useLoad(id, (signal) =>
    ask<AllocationRunResponse>(`/allocation-runs/${encodeURIComponent(id)}`, { signal }),
  );
  const { value, reload } = run;
  const isUnderWay = value?.status === 'PENDING' || value?.status === 'RUNNING';
  useEffect(() => {
    if (!value || !isUnderWay) return;
    const controller = new AbortController();
    pause(POLL_MILLISECONDS, controller.signal).then(reload, () => {});
    return () => controller.abort();
  }, [value, isUnderWay, reload]);

  return (
    <>
      <p class="crumbs">
        <a href={linkTo.runs}>Runs</a>
      </p>
      <Loaded of={run}>{(loaded) => <RunCard run={loaded} isUnderWay={isUnderWay} />}</Loaded>
      {value && !isUnderWay && <Results key={value.status} run={value} />}
    </>
  );
}

const RunCard = ({ run, isUnderWay }: { readonly run: AllocationRunResponse; readonly isUnderWay: boolean }) => (
  <section class="card">
    <header class="head">
      <div>
        <h1 class="heading">
          {methodWords[run.strategy.allocationMethod].title} <Badge status={run.status} />
        </h1>
        <StrategyLine strategy={run.strategy} asOf={run.asOf} />
        <p>
          Run {timeIn(settings.timeZone, run.createdAt)} by {run.createdBy}
        </p>
      </div>
    </header>
    {run.failure && (
      <div class="notice bad" role="alert">
        <p>
          <strong>The run has failed and changed nothing more</strong>
          <code class="code">{run.failure.code}</code>
        </p>
        <p>{run.failure.detail}</p>
      </div>
    )}
    {isUnderWay ? <Progress run={run} /> : <Totals totals={run.totals} />}
    <Shortages shortages={run.shortages} />
  </section>
);

const Progress = ({ run: { slicesApplied, slicesTotal } }: { readonly run: AllocationRunResponse }) => (
  <div class="progress" role="status">
    <progress aria-label="Progress" max={slicesTotal || 1} value={slicesTotal ? slicesApplied : undefined} />
    <p class="hint">
      {slicesTotal ? `${slicesApplied} of ${slicesTotal} parts are written.` : 'It is being planned.'} This page
      follows; you may leave it.
    </p>
  </div>
);

function Results({ run }: { readonly run: AllocationRunResponse }) {
  const query = { runId: run.id, ...(run.explanation && { limit: 200 }) };
  const results = usePages<AllocationResultResponse>('/allocation-results', query);
  return (
    <>
      {run.shortages.length > 0 && !run.explanation && <ShortLines shortages={run.shortages} />}
      <section class="card" aria-label="Results">
        <header class="head">
          <h2>Results</h2>
          <div class="actions">
            <ExportButton path="/allocation-results" query={{ runId: run.id }} fileName="allocation-results.csv" />
          </div>
        </header>
        <Loaded of={results}>
          {(items) =>
            items.length === 0 && !run.explanation ? (
              <Empty title="The run gave nothing" />
            ) : run.explanation && results.loadMore === null ? (
              // Of a list that is there as a whole, oldest first, as the run decided.
              <OutcomeList results={items.toReversed()} shortages={run.shortages} explanation={run.explanation} />
            ) : (
              <ResultsTable results={items} onMoved={results.reload} of="RUN" />
            )
          }
        </Loaded>
        <LoadMore of={results} />
      </section>
    </>
  );
}
