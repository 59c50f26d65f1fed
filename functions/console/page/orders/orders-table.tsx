import type { OrderResponse } from '@inventory/schemas';
import { timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Column } from '../parts/column.tsx';
import { tickedStore } from '../plan/plan-state.ts';
import { linkTo } from '../route.ts';
import { settings } from '../settings.ts';
import { useStore } from '../store.ts';
import { FilledBar } from './filled-bar.tsx';

/** Orders to tick for the plan. */
export function OrdersTable({ orders }: { readonly orders: readonly OrderResponse[] }) {
  const ticked = useStore(tickedStore);
  const areAllTicked = orders.every(({ id }) => id in ticked);
  const tick = (some: readonly OrderResponse[], isOn: boolean) => {
    const next: Record<string, string> = { ...ticked };
    for (const { id, orderNumber } of some) {
      if (isOn) next[id] = orderNumber;
      else delete next[id];
    }
    tickedStore.set(next);
  };
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col" class="tick">
              <input
                type="checkbox"
                aria-label="Tick all orders shown"
                checked={areAllTicked}
                onChange={(event) => tick(orders, event.currentTarget.checked)}
              />
            </th>
            <Column>Order</Column>
            <Column>Customer</Column>
            <Column isNumber>Priority</Column>
            <Column>Ordered</Column>
            <Column>Ship by</Column>
            <Column isNumber>Lines</Column>
            <Column>Filled</Column>
            <Column>Status</Column>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.id} class={order.id in ticked ? 'ticked' : undefined}>
              <td class="tick">
                <input
                  type="checkbox"
                  aria-label={`Tick order ${order.orderNumber}`}
                  checked={order.id in ticked}
                  onChange={(event) => tick([order], event.currentTarget.checked)}
                />
              </td>
              <th scope="row">
                <a href={linkTo.order(order.id)}>{order.orderNumber}</a>
              </th>
              <td>{order.customerId}</td>
              <td class="number">{order.priority}</td>
              <td class="nowrap">{timeIn(settings.timeZone, order.orderedAt)}</td>
              <td class="nowrap">{order.requestedShipDate}</td>
              <td class="number">{order.lines.length}</td>
              <td>
                <FilledBar lines={order.lines} />
              </td>
              <td>
                <Badge status={order.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
