import type { MovementResponse } from '@inventory/schemas';
import { usePages } from '../api/use-pages.ts';
import { signed } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Column } from '../parts/column.tsx';
import { ExportButton } from '../parts/export-button.tsx';
import { Loaded, LoadMore } from '../parts/loaded.tsx';
import { LotName } from '../parts/names.tsx';
import { Empty } from '../parts/notice.tsx';
import { settings } from '../settings.ts';
import { inWords } from '../words/status.ts';

/** The ledger of a SKU, newest entry first. */
export function Movements({ sku }: { readonly sku: string }) {
  const movements = usePages<MovementResponse>('/movements', { sku });
  return (
    <section class="card" aria-label="Movements">
      <header class="head">
        <h2>Movements</h2>
        <div class="actions">
          <ExportButton path="/movements" query={{ sku }} fileName="movements.csv" />
        </div>
      </header>
      <Loaded of={movements}>
        {(items) => (items.length > 0 ? <MovementsTable movements={items} /> : <Empty title="Nothing has moved" />)}
      </Loaded>
      <LoadMore of={movements} />
    </section>
  );
}

const MovementsTable = ({ movements }: { readonly movements: readonly MovementResponse[] }) => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <Column isNumber>Entry</Column>
          <Column>What</Column>
          <Column>Lot</Column>
          <Column isNumber>Quantity</Column>
          <Column isNumber>Value</Column>
          <Column>Counts for</Column>
          <Column>Written</Column>
          <Column>By</Column>
        </tr>
      </thead>
      <tbody>
        {movements.map((movement) => (
          <tr key={movement.entryNumber}>
            <td class="number faint">{movement.entryNumber}</td>
            <td>{inWords(movement.kind)}</td>
            <td>{movement.inventoryId && <LotName id={movement.inventoryId} />}</td>
            <td class="number">{signed(movement.quantityDelta)}</td>
            <td class="number">{signed(movement.valueDelta)}</td>
            <td class="nowrap">{timeIn(settings.timeZone, movement.effectiveAt)}</td>
            <td class="nowrap faint">{timeIn(settings.timeZone, movement.at)}</td>
            <td class="faint">{movement.actor}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
