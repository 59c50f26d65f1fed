import type { AllocationResultResponse, OrderResponse } from '@inventory/schemas';
import { useEffect } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { useLoad } from '../api/use-load.ts';
import { usePages } from '../api/use-pages.ts';
import { grouped, isZero } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { Figure, Figures } from '../parts/figures.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { rememberOrders } from '../parts/names.tsx';
import { Empty } from '../parts/notice.tsx';
import { linkTo } from '../route.ts';
import { ResultsTable } from '../runs/results-table.tsx';
import { settings } from '../settings.ts';
import { isOpen, quantitiesOf } from './filled.ts';
import { FilledBar } from './filled-bar.tsx';
import { planOnly } from './ticks.tsx';

/** One order: what it wants, what it has, and from which lots. */
export function Order({ id }: { readonly id: string }) {
  const order = useLoad(id, (signal) => ask<OrderResponse>(`/orders/${encodeURIComponent(id)}`, { signal }));
  const results = usePages<AllocationResultResponse>('/allocation-results', { orderId: id });
  useEffect(() => rememberOrders(order.value ? [order.value] : []), [order.value]);
  const reload = () => {
    order.reload();
    results.reload();
  };
  return (
    <>
      <p class="crumbs">
        <a href={linkTo.orders}>Orders</a>
      </p>
      <Loaded of={order}>{(value) => <OrderCard order={value} />}</Loaded>
      {order.value && (
        <section class="card" aria-label="Results">
          <header class="head">
            <h2>Allocated to it</h2>
          </header>
          <Loaded of={results}>
            {(items) =>
              items.length > 0 ? (
                <ResultsTable results={items} onMoved={reload} of="ORDER" />
              ) : (
                <Empty title="Nothing is allocated yet">
                  <p>Plan the order to see what it could get.</p>
                </Empty>
              )
            }
          </Loaded>
          <LoadMore of={results} />
        </section>
      )}
    </>
  );
}

function OrderCard({ order }: { readonly order: OrderResponse }) {
  const { wanted, allocated, shipped, backorder } = quantitiesOf(order.lines);
  return (
    <section class="card">
      <header class="head">
        <div>
          <h1 class="heading">
            {order.orderNumber} <Badge status={order.status} />
          </h1>
          <p>
            {order.customerId && `${order.customerId} · `}priority {order.priority} · ordered{' '}
            {timeIn(settings.timeZone, order.orderedAt)}
            {order.requestedShipDate && ` · to ship by ${order.requestedShipDate}`}
          </p>
        </div>
        <div class="actions">
          {isOpen(order) && (
            <Button kind="primary" onClick={() => planOnly({ [order.id]: order.orderNumber })}>
              Plan this order
            </Button>
          )}
        </div>
      </header>
      <Figures>
        <Figure name="Ordered">{grouped(wanted)}</Figure>
        <Figure name="Allocated">{grouped(allocated)}</Figure>
        <Figure name="Shipped">{grouped(shipped)}</Figure>
        <Figure name="Back-order">{grouped(backorder)}</Figure>
      </Figures>
      <Lines order={order} />
    </section>
  );
}

const Lines = ({ order }: { readonly order: OrderResponse }) => (
  <div class="scroll spaced">
    <table aria-label="Lines">
      <thead>
        <tr>
          <Column isNumber>Line</Column>
          <Column>SKU</Column>
          <Column isNumber>Ordered</Column>
          <Column isNumber>Allocated</Column>
          <Column isNumber>Shipped</Column>
          <Column isNumber>Back-order</Column>
          <Column>Filled</Column>
          <Column>Status</Column>
        </tr>
      </thead>
      <tbody>
        {order.lines.map((line) => (
          <tr key={line.id}>
            <td class="number">{line.lineNumber}</td>
            <td>
              <a href={linkTo.sku(line.sku)}>{line.sku}</a>
              {line.minShelfLifeDays !== null && <small> good for {line.minShelfLifeDays} days</small>}
            </td>
            <td class="number">
              {grouped(line.quantity)}
              {!isZero(line.cancelledQuantity) && <small> {grouped(line.cancelledQuantity)} cancelled</small>}
            </td>
            <td class="number">{grouped(line.allocatedQuantity)}</td>
            <td class="number">{grouped(line.shippedQuantity)}</td>
            <td class="number">{grouped(line.backorderQuantity)}</td>
            <td>
              <FilledBar lines={[line]} />
            </td>
            <td>
              <Badge status={line.status} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
