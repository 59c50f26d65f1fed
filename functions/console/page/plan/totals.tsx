import type { Strategy, Totals as TotalsAnswer } from '../answers.ts';
import { grouped, percent } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Bar } from '../parts/bar.tsx';
import { Figure, Figures } from '../parts/figures.tsx';
import { settings } from '../settings.ts';
import { costWords, fulfilmentWords, methodWords, sequenceWords } from '../words/strategy.ts';

/** What a run comes to. */
export const Totals = ({ totals }: { readonly totals: TotalsAnswer }) => (
  <Figures>
    <Figure name="Filled" note={`of ${grouped(totals.requested)}`}>
      {grouped(totals.allocated)}
    </Figure>
    <Figure name="Short">{grouped(totals.short)}</Figure>
    <Figure
      name="Fill rate"
      note={
        <Bar
          label={`${percent(totals.fillRate)} filled`}
          whole={totals.requested}
          parts={[{ name: 'Filled', quantity: totals.allocated, color: 'c-accent' }]}
        />
      }
    >
      {percent(totals.fillRate)}
    </Figure>
    <Figure name="Cost" note={settings.currency.code}>
      {grouped(totals.costAmount)}
    </Figure>
  </Figures>
);

/** The four choices in one line. The cost is named where it is not the lot's own. */
export const StrategyLine = ({ strategy, asOf }: { readonly strategy: Strategy; readonly asOf: string }) => (
  <p>
    {strategy.cost !== 'LOT' &&
      `Picks by ${methodWords[strategy.pick].title}, costs ${costWords[strategy.cost].title} · `}
    {sequenceWords[strategy.sequence].title} · {fulfilmentWords[strategy.fulfilment].title} · as of{' '}
    {timeIn(settings.timeZone, asOf)}
  </p>
);
