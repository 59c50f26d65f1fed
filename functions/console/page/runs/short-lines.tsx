import { useState } from 'preact/hooks';
import type { Shortage } from '../answers.ts';
import { grouped } from '../format/decimal.ts';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { OrderName } from '../parts/names.tsx';
import { ReasonsOf } from '../plan/shortages.tsx';

const AT_ONCE = 25;

/** Which lines fall short, and why. */
export function ShortLines({ shortages }: { readonly shortages: readonly Shortage[] }) {
  const [count, setCount] = useState(AT_ONCE);
  return (
    <section class="card" aria-label="Short lines">
      <header class="head">
        <h2>Short lines</h2>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <Column>Order</Column>
              <Column isNumber>Line</Column>
              <Column isNumber>Wanted</Column>
              <Column isNumber>Got</Column>
              <Column isNumber>Short</Column>
              <Column>Why</Column>
            </tr>
          </thead>
          <tbody>
            {shortages.slice(0, count).map((shortage) => (
              <tr key={`${shortage.orderId} ${shortage.lineNumber}`}>
                <th scope="row">
                  <OrderName id={shortage.orderId} />
                </th>
                <td class="number">{shortage.lineNumber}</td>
                <td class="number">{grouped(shortage.requested)}</td>
                <td class="number">{grouped(shortage.allocated)}</td>
                <td class="number">{grouped(shortage.short)}</td>
                <td>
                  <ReasonsOf shortage={shortage} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shortages.length > count && (
        <p class="more">
          <Button onClick={() => setCount(count + AT_ONCE * 4)}>
            Show more of {grouped(String(shortages.length))} lines
          </Button>
        </p>
      )}
    </section>
  );
}
