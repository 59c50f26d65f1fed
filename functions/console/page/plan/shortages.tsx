import type { ShortageReason } from '@inventory/models';
import type { Shortage } from '../answers.ts';
import { compareDecimals, grouped, sum } from '../format/decimal.ts';
import { Bar, Legend, Swatch } from '../parts/bar.tsx';
import { reasonWords } from '../words/reasons.ts';

/** What is short in all, by reason: a bar, and the same in words. */
export function Shortages({ shortages }: { readonly shortages: readonly Shortage[] }) {
  if (shortages.length === 0) return null;
  const reasons = sumByReason(shortages);
  const short = sum(shortages.map((shortage) => shortage.short));
  return (
    <div class="shortages">
      <p class="because">
        {grouped(short)} short on {shortages.length} {shortages.length === 1 ? 'line' : 'lines'}, because
      </p>
      <Bar
        label={`Short ${short}: ${reasons.map(({ code, quantity }) => `${reasonWords[code].title} ${quantity}`).join(', ')}`}
        whole={short}
        parts={reasons.map(({ code, quantity }) => ({ name: reasonWords[code].title, quantity, color: `r-${code}` }))}
      />
      <Legend>
        {reasons.map(({ code, quantity }) => (
          <li key={code} title={code}>
            <Swatch color={`r-${code}`} />
            <b>{grouped(quantity)}</b> {reasonWords[code].title}
            <small>{reasonWords[code].explanation}</small>
          </li>
        ))}
      </Legend>
    </div>
  );
}

/** `7 allocated to others, 3 no stock`: of one line. */
export const ReasonsOf = ({ shortage }: { readonly shortage: Shortage }) => (
  <>
    {shortage.reasons.map(({ code, quantity }) => (
      <span key={code} class="reason" title={reasonWords[code].explanation}>
        <Swatch color={`r-${code}`} />
        {grouped(quantity)} {reasonWords[code].title.toLowerCase()}
      </span>
    ))}
  </>
);

function sumByReason(shortages: readonly Shortage[]) {
  const quantities = new Map<ShortageReason, string[]>();
  for (const { code, quantity } of shortages.flatMap(({ reasons }) => reasons)) {
    const sameReason = quantities.get(code) ?? [];
    sameReason.push(quantity);
    quantities.set(code, sameReason);
  }
  return [...quantities]
    .map(([code, parts]) => ({ code, quantity: sum(parts) }))
    .toSorted((one, other) => compareDecimals(other.quantity, one.quantity));
}
