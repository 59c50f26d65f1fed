import { type OrderStatus, orderStatuses } from '@inventory/models';
import type { OrderResponse } from '@inventory/schemas';
import { useEffect, useState } from 'preact/hooks';
import { usePages } from '../api/use-pages.ts';
import { Button } from '../parts/button.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { ImportCsv } from '../parts/import-csv.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { rememberOrders } from '../parts/names.tsx';
import { Empty } from '../parts/notice.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { useRefusal } from '../session/use-allowed.ts';
import { inWords } from '../words/status.ts';
import { OrdersTable } from './orders-table.tsx';
import { Ticks } from './ticks.tsx';

type Filter = {
  readonly orderNumber: string;
  readonly status: OrderStatus | '';
  readonly customerId: string;
  readonly sku: string;
};

const noFilter: Filter = { orderNumber: '', status: '', customerId: '', sku: '' };
const columns = 'orderNumber, customerId, priority, orderedAt, requestedShipDate, lineNumber, sku, quantity'.split(
  ', ',
);

export function Orders() {
  const [filter, setFilter] = useState(noFilter);
  const settled = useSettled(filter);
  const orders = usePages<OrderResponse>('/orders', settled);
  const [isImporting, setImporting] = useState(false);
  const writeRefusal = useRefusal('orders:write');
  const set = (change: Partial<Filter>) => setFilter({ ...filter, ...change });
  useEffect(() => rememberOrders(orders.value ?? []), [orders.value]);
  const isFiltered = Object.values(settled).some((value) => value !== '');

  return (
    <section class="card">
      <header class="head">
        <h1>Orders</h1>
        <div class="actions">
          <Button onClick={() => setImporting(true)} refusal={writeRefusal}>
            Import CSV
          </Button>
          <ExportButton path="/orders" query={filter} fileName="orders.csv" />
        </div>
      </header>
      <form class="filters" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
        <TextField
          label="Order number"
          type="search"
          value={filter.orderNumber}
          onInput={(orderNumber) => set({ orderNumber })}
          fault={orders.problem?.at('/query/orderNumber')}
        />
        <SelectField
          label="Status"
          value={filter.status}
          onChange={(status) => set({ status })}
          options={[
            { value: '', title: 'Any' },
            ...orderStatuses.map((status) => ({ value: status, title: inWords(status) })),
          ]}
        />
        <TextField
          label="Customer"
          type="search"
          value={filter.customerId}
          onInput={(customerId) => set({ customerId })}
          fault={orders.problem?.at('/query/customerId')}
        />
        <TextField
          label="SKU"
          type="search"
          value={filter.sku}
          onInput={(sku) => set({ sku })}
          fault={orders.problem?.at('/query/sku')}
        />
      </form>
      <Loaded of={orders}>
        {(items) =>
          items.length > 0 ? (
            <OrdersTable orders={items} />
          ) : isFiltered ? (
            <Empty title="No order is like that">
              <p>Texts are compared as a whole. Clear a filter to see more.</p>
              <p>
                <Button onClick={() => setFilter(noFilter)}>Clear the filter</Button>
              </p>
            </Empty>
          ) : (
            <Empty title="No orders yet">
              <p>
                Import a CSV file with the columns <code>orderNumber, sku, quantity</code>, post them to the API, or run{' '}
                <code>npm run sample</code> for a real day of a shop.
              </p>
            </Empty>
          )
        }
      </Loaded>
      <LoadMore of={orders} />
      <Ticks />
      {isImporting && (
        <ImportCsv
          title="Import orders"
          path="/imports/orders"
          things="orders"
          columns={columns}
          onDone={orders.reload}
          onClose={() => setImporting(false)}
        />
      )}
    </section>
  );
}
