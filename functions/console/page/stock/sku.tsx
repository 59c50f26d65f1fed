import type { AvailabilityResponse, InventoryResponse } from '@inventory/schemas';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { useLoad } from '../api/use-load.ts';
import { usePages } from '../api/use-pages.ts';
import { grouped } from '../format/decimal.ts';
import { Button } from '../parts/button.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { rememberLots } from '../parts/names.tsx';
import { Empty } from '../parts/notice.tsx';
import { linkTo } from '../route.ts';
import { useRefusal } from '../session/use-allowed.ts';
import { AvailabilityBar, AvailabilityLegend } from './availability-bar.tsx';
import { LotsTable } from './lots-table.tsx';
import { Movements } from './movements.tsx';
import { ReceiveLot } from './receive-lot.tsx';

/** One SKU: what there is, in which lots, and how it came to that. */
export function Sku({ sku }: { readonly sku: string }) {
  const availability = useLoad(sku, (signal) => ask<AvailabilityResponse>('/availability', { query: { sku }, signal }));
  const lots = usePages<InventoryResponse>('/inventories', { sku });
  const [isReceiving, setReceiving] = useState(false);
  const writeRefusal = useRefusal('inventory:write');
  useEffect(() => rememberLots(lots.value ?? []), [lots.value]);
  const reload = () => {
    availability.reload();
    lots.reload();
  };
  return (
    <>
      <p class="crumbs">
        <a href={linkTo.stock}>Stock</a>
      </p>
      <section class="card">
        <header class="head">
          <div>
            <h1>{sku}</h1>
            {availability.value && <p>{grouped(availability.value.onHand)} on hand</p>}
          </div>
          <div class="actions">
            <Button kind="primary" onClick={() => setReceiving(true)} refusal={writeRefusal}>
              Receive a lot
            </Button>
          </div>
        </header>
        <Loaded of={availability} rows={2}>
          {(value) => (
            <>
              <AvailabilityBar of={value} />
              <AvailabilityLegend of={value} />
            </>
          )}
        </Loaded>
      </section>
      <section class="card" aria-label="Lots">
        <header class="head">
          <h2>Lots</h2>
          <div class="actions">
            <ExportButton path="/inventories" query={{ sku }} fileName="lots.csv" />
          </div>
        </header>
        <Loaded of={lots}>
          {(items) =>
            items.length > 0 ? (
              <LotsTable lots={items} />
            ) : (
              <Empty title="There is no lot of this SKU">
                <p>Receive one, or look whether the SKU is written as it was received.</p>
              </Empty>
            )
          }
        </Loaded>
        <LoadMore of={lots} />
      </section>
      <Movements key={availability.value?.onHand} sku={sku} />
      {isReceiving && <ReceiveLot sku={sku} onDone={reload} onClose={() => setReceiving(false)} />}
    </>
  );
}
