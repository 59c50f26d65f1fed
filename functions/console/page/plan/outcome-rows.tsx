import { useState } from 'preact/hooks';
import { grouped, sum } from '../format/decimal.ts';
import { Badge } from '../parts/badge.tsx';
import { LotCells } from '../parts/lot-cells.tsx';
import { OrderName, useOrder } from '../parts/names.tsx';
import { linkTo } from '../route.ts';
import { settings } from '../settings.ts';
import type { LineOutcome, OrderOutcome } from './outcome.ts';
import { ReasonsOf } from './shortages.tsx';
import { Why } from './why.tsx';

/** An order with its sums, and what each of its lines gets. */
export function OrderRows({ order: { orderId, lines } }: { readonly order: OrderOutcome }) {
  const order = useOrder(orderId);
  const results = lines.flatMap((line) => line.results);
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colSpan={4}>
          <OrderName id={orderId} />
          {order?.customerId && <small> {order.customerId}</small>}
          {order && <small> priority {order.priority}</small>}
        </th>
        <td class="number">{grouped(sum(results.map(({ quantity }) => quantity)))}</td>
        <td />
        <td class="number">{grouped(totalCost(results.map(({ costAmount }) => costAmount)))}</td>
        <td />
      </tr>
      {lines.map((line) => (
        <LineRows key={line.lineNumber} line={line} sku={line.sku ?? skuOf(order, line.lineNumber)} />
      ))}
    </tbody>
  );
}

function LineRows({ line, sku }: { readonly line: LineOutcome; readonly sku: string | null }) {
  const [isOpen, setOpen] = useState(false);
  const { lineNumber, results, shortage, explanation } = line;
  const why = explanation && (
    <button
      type="button"
      class="why"
      aria-expanded={isOpen}
      aria-label={`Why, line ${lineNumber}`}
      onClick={() => setOpen(!isOpen)}
    >
      why?
    </button>
  );
  const name = (isFirst: boolean) => (
    <>
      <td class="faint">{isFirst ? lineNumber : ''}</td>
      <td>{isFirst && sku !== null && <a href={linkTo.sku(sku)}>{sku}</a>}</td>
    </>
  );
  return (
    <>
      {results.map((result, index) => (
        <tr key={result.inventoryId + (result.id ?? '')}>
          {name(index === 0)}
          <LotCells {...result} />
          <td class="number">
            {grouped(result.costAmount)} {result.costing === 'PROVISIONAL' && <Badge status="PROVISIONAL" />}{' '}
            {result.status !== 'ALLOCATED' && <Badge status={result.status} />}
          </td>
          <td class="end">{index === 0 && why}</td>
        </tr>
      ))}
      {shortage && (
        <tr class="short">
          {name(results.length === 0)}
          <td colSpan={2}>
            <ReasonsOf shortage={shortage} />
          </td>
          <td class="number">
            <span class="unseen">short </span>−{grouped(shortage.short)}
          </td>
          <td colSpan={2} class="faint">
            short of {grouped(shortage.requested)}
          </td>
          <td class="end">{results.length === 0 && why}</td>
        </tr>
      )}
      {!shortage && results.length === 0 && (
        <tr>
          {name(true)}
          <td colSpan={5} class="faint">
            nothing
          </td>
          <td class="end">{why}</td>
        </tr>
      )}
      {isOpen && explanation && (
        <tr class="why-row">
          <td colSpan={8}>
            <Why candidates={explanation.candidates} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Amounts have the digits of the currency; a sum of quantities would drop them. */
const totalCost = (amounts: readonly string[]): string => {
  const { digits } = settings.currency;
  const [whole = '0', fraction = ''] = sum(amounts).split('.');
  return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`;
};

const skuOf = (order: ReturnType<typeof useOrder>, lineNumber: number): string | null =>
  order?.lines.find((line) => line.lineNumber === lineNumber)?.sku ?? null;
