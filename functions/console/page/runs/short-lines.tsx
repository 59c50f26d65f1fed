import { useState } from 'preact/hooks';
import type { Shortage } from '../answers.ts';
import { grouped } from '../format/decimal.ts';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { OrderName, useOrder } from '../parts/names.tsx';
import { ReasonsOf } from '../plan/shortages.tsx';
import { linkTo } from '../route.ts';

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
              <Column>SKU</Column>
              <Column isNumber>Wanted</Column>
              <Column isNumber>Got</Column>
              <Column isNumber>Short</Column>
              <Column>Why</Column>
            </tr>
          </thead>
          <tbody>
            {shortages.slice(0, count).map((shortage) => (
              <ShortLine key={`${shortage.orderId} ${shortage.lineNumber}`} shortage={shortage} />
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

function ShortLine({ shortage }: { readonly shortage: Shortage }) {
  const { orderId, lineNumber, requested, allocated, short } = shortage;
  const sku = useOrder(orderId)?.lines.find((line) => line.lineNumber === lineNumber)?.sku;
  return (
    <tr>
      <th scope="row">
        <OrderName id={orderId} />
      </th>
      <td class="number">{lineNumber}</td>
      <td>{sku !== undefined && <a href={linkTo.sku(sku)}>{sku}</a>}</td>
      <td class="number">{grouped(requested)}</td>
      <td class="number">{grouped(allocated)}</td>
      <td class="number">{grouped(short)}</td>
      <td>
        <ReasonsOf shortage={shortage} />
      </td>
    </tr>
  );
}
