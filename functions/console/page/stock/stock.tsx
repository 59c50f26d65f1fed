import type { AvailabilityResponse } from '@inventory/schemas';
import { useState } from 'preact/hooks';
import { usePages } from '../api/use-pages.ts';
import { grouped } from '../format/decimal.ts';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { TextField } from '../parts/field.tsx';
import { ImportCsv } from '../parts/import-csv.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { Empty } from '../parts/notice.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { linkTo } from '../route.ts';
import { useRefusal } from '../session/use-allowed.ts';
import { AvailabilityBar, AvailabilityLegend } from './availability-bar.tsx';
import { ReceiveLot } from './receive-lot.tsx';

const columns =
  'sku, location, quantity, unitCost, totalCost, receivedAt, receiptNumber, lotNumber, expiresOn, status'.split(', ');

/** What there is of each SKU. */
export function Stock() {
  const [sku, setSku] = useState('');
  const [place, setPlace] = useState('');
  const settled = useSettled({ location: place });
  const stock = usePages<AvailabilityResponse>('/availability', settled);
  const [open, setOpen] = useState<'IMPORT' | 'RECEIVE' | null>(null);
  const writeRefusal = useRefusal('inventory:write');
  return (
    <section class="card">
      <header class="head">
        <h1>Stock</h1>
        <div class="actions">
          <Button kind="primary" onClick={() => setOpen('RECEIVE')} refusal={writeRefusal}>
            Receive a lot
          </Button>
          <Button onClick={() => setOpen('IMPORT')} refusal={writeRefusal}>
            Import CSV
          </Button>
          <ExportButton path="/inventories" query={{ location: place }} fileName="lots.csv" />
        </div>
      </header>
      <form
        class="filters"
        aria-label="Search"
        onSubmit={(event) => {
          event.preventDefault();
          if (sku.trim()) location.hash = linkTo.sku(sku.trim());
        }}
      >
        <TextField label="SKU" type="search" value={sku} onInput={setSku} placeholder="Whole SKU" />
        <Button submits>Open</Button>
        <TextField label="Location" type="search" value={place} onInput={setPlace} placeholder="All" />
      </form>
      <Loaded of={stock}>
        {(items) =>
          items.length > 0 ? (
            <StockTable stock={items} />
          ) : settled.location ? (
            <Empty title="Nothing lies at this location" />
          ) : (
            <Empty title="No stock yet">
              <p>
                Receive a lot, import a CSV file with the columns <code>sku, location, quantity, unitCost</code>, or run{' '}
                <code>npm run sample</code>.
              </p>
            </Empty>
          )
        }
      </Loaded>
      <LoadMore of={stock} />
      {open === 'RECEIVE' && <ReceiveLot onDone={stock.reload} onClose={() => setOpen(null)} />}
      {open === 'IMPORT' && (
        <ImportCsv
          title="Import lots"
          path="/imports/inventories"
          things="lots"
          columns={columns}
          onDone={stock.reload}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}

const StockTable = ({ stock }: { readonly stock: readonly AvailabilityResponse[] }) => (
  <>
    <AvailabilityLegend />
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <Column>SKU</Column>
            <Column>
              <span class="unseen">By use</span>
            </Column>
            <Column isNumber>Available</Column>
            <Column isNumber>Reserved</Column>
            <Column isNumber>Allocated</Column>
            <Column isNumber>On hold</Column>
            <Column isNumber>Expired</Column>
            <Column isNumber>On hand</Column>
          </tr>
        </thead>
        <tbody>
          {stock.map((of) => (
            <tr key={of.sku}>
              <th scope="row">
                <a href={linkTo.sku(of.sku)}>{of.sku}</a>
              </th>
              <td class="wide">
                <AvailabilityBar of={of} />
              </td>
              {[of.available, of.reserved, of.allocated, of.onHold, of.expired, of.onHand].map((quantity, index) => (
                <td key={columns[index]} class={quantity === '0' ? 'number faint' : 'number'}>
                  {grouped(quantity)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
