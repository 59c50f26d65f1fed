import type { InventoryResponse } from '@inventory/schemas';
import { grouped, unitCost } from '../format/decimal.ts';
import { dateIn, daysBetween, timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Column } from '../parts/column.tsx';
import { LotName } from '../parts/names.tsx';
import { settings } from '../settings.ts';

export const LotsTable = ({ lots }: { readonly lots: readonly InventoryResponse[] }) => (
  <div class="scroll">
    <table>
      <thead>
        <tr>
          <Column>Lot</Column>
          <Column>Location</Column>
          <Column>Received</Column>
          <Column>Good until</Column>
          <Column isNumber>Received</Column>
          <Column isNumber>Remaining</Column>
          <Column isNumber>Allocated</Column>
          <Column isNumber>Available</Column>
          <Column isNumber>Unit cost</Column>
          <Column isNumber>Open value</Column>
          <Column>Status</Column>
        </tr>
      </thead>
      <tbody>
        {lots.map((lot) => (
          <tr key={lot.id}>
            <th scope="row">
              <LotName id={lot.id} />
            </th>
            <td>{lot.location}</td>
            <td class="nowrap">{timeIn(settings.timeZone, lot.receivedAt)}</td>
            <td class="nowrap">
              <GoodUntil expiresOn={lot.expiresOn} />
            </td>
            <td class="number faint">{grouped(lot.quantity)}</td>
            <td class="number">{grouped(lot.remainingQuantity)}</td>
            <td class="number">{grouped(lot.allocatedQuantity)}</td>
            <td class="number">{grouped(lot.availableQuantity)}</td>
            <td class="number faint">{unitCost(lot.unitCost, settings.currency.digits)}</td>
            <td class="number">{grouped(lot.openValue)}</td>
            <td>
              <Badge status={lot.status} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const SOON_DAYS = 30;

function GoodUntil({ expiresOn }: { readonly expiresOn: string | null }) {
  if (expiresOn === null) return <span class="faint">no expiry</span>;
  const days = daysBetween(dateIn(settings.timeZone, new Date()), expiresOn);
  if (days > SOON_DAYS) return <span>{expiresOn}</span>;
  return (
    <span class={days < 0 ? 'past' : 'near'}>
      {expiresOn} <small class={days < 0 ? 'past' : 'near'}>{days < 0 ? 'expired' : `${days} days left`}</small>
    </span>
  );
}
