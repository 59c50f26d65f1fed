import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { CheckField } from '../parts/field.tsx';
import { outcomeByOrder } from './outcome.ts';
import { OrderRows } from './outcome-rows.tsx';

const AT_ONCE = 20;

/** What each order gets, from which lots, at what cost, and what it does not get. */
export function OutcomeList(outcome: Parameters<typeof outcomeByOrder>[0]) {
  const { results, shortages, explanation } = outcome;
  const orders = useMemo(() => outcomeByOrder({ results, shortages, explanation }), [results, shortages, explanation]);
  const [isShortOnly, setShortOnly] = useState(false);
  const [count, setCount] = useState(AT_ONCE);
  const shown = isShortOnly ? orders.filter(({ lines }) => lines.some(({ shortage }) => shortage)) : orders;
  return (
    <>
      <div class="row">
        <h3>
          {shown.length} {shown.length === 1 ? 'order' : 'orders'}
        </h3>
        {shortages.length > 0 && (
          <CheckField label="Only what falls short" isOn={isShortOnly} onChange={setShortOnly} />
        )}
      </div>
      <div class="scroll">
        <table class="outcome-lines">
          <thead>
            <tr>
              <Column>Line</Column>
              <Column>SKU</Column>
              <Column>Lot</Column>
              <Column>Location</Column>
              <Column isNumber>Quantity</Column>
              <Column isNumber>Unit cost</Column>
              <Column isNumber>Cost</Column>
              <Column>
                <span class="unseen">Explanation</span>
              </Column>
            </tr>
          </thead>
          {shown.slice(0, count).map((order) => (
            <OrderRows key={order.orderId} order={order} />
          ))}
        </table>
      </div>
      {shown.length > count && (
        <p class="more">
          <Button onClick={() => setCount(count + AT_ONCE)}>
            Show {Math.min(AT_ONCE, shown.length - count)} more orders
          </Button>
        </p>
      )}
    </>
  );
}
