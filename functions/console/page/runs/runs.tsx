import type { RunSummary } from '../answers.ts';
import { usePages } from '../api/use-pages.ts';
import { grouped, percent } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Bar } from '../parts/bar.tsx';
import { Column } from '../parts/column.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { Empty } from '../parts/notice.tsx';
import { linkTo } from '../route.ts';
import { settings } from '../settings.ts';
import { fulfilmentWords, methodWords, sequenceWords } from '../words/strategy.ts';

/** Every allocation that was run, newest first. */
export function Runs() {
  const runs = usePages<RunSummary>('/allocation-runs');
  return (
    <section class="card">
      <header class="head">
        <h1>Runs</h1>
        <div class="actions">
          <ExportButton path="/allocation-runs" query={{}} fileName="allocation-runs.csv" />
        </div>
      </header>
      <Loaded of={runs}>
        {(items) =>
          items.length > 0 ? (
            <RunsTable runs={items} />
          ) : (
            <Empty title="Nothing was allocated yet">
              <p>
                <a href={linkTo.plan}>Plan</a> compares methods and runs one of them.
              </p>
            </Empty>
          )
        }
      </Loaded>
      <LoadMore of={runs} />
    </section>
  );
}

const RunsTable = ({ runs }: { readonly runs: readonly RunSummary[] }) => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <Column>Run</Column>
          <Column>Method</Column>
          <Column>Rules</Column>
          <Column>As of</Column>
          <Column>Status</Column>
          <Column isNumber>Filled</Column>
          <Column isNumber>Short</Column>
          <Column isNumber>Fill rate</Column>
          <Column isNumber>Cost, {settings.currency.code}</Column>
          <Column>By</Column>
        </tr>
      </thead>
      <tbody>
        {runs.map(({ id, strategy, asOf, status, totals, createdAt, createdBy }) => (
          <tr key={id}>
            <th scope="row" class="nowrap">
              <a href={linkTo.run(id)}>{timeIn(settings.timeZone, createdAt)}</a>
            </th>
            <td>{methodWords[strategy.allocationMethod].title}</td>
            <td class="faint">
              {sequenceWords[strategy.sequence].title}, {fulfilmentWords[strategy.fulfilment].title.toLowerCase()}
            </td>
            <td class="nowrap">{timeIn(settings.timeZone, asOf)}</td>
            <td>
              <Badge status={status} />
            </td>
            <td class="number">{grouped(totals.allocated)}</td>
            <td class="number">{grouped(totals.short)}</td>
            <td class="number rate">
              {percent(totals.fillRate)}
              <Bar
                label={`${percent(totals.fillRate)} filled`}
                whole={totals.requested}
                parts={[{ name: 'Filled', quantity: totals.allocated, color: 'c-accent' }]}
              />
            </td>
            <td class="number">{grouped(totals.costAmount)}</td>
            <td class="faint">{createdBy}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
