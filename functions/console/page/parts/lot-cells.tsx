import type { AllocationResultResponse } from '@inventory/schemas';
import { grouped, unitCost } from '../format/decimal.ts';
import { settings } from '../settings.ts';
import { LotName } from './names.tsx';

type LotCellsProps = Pick<AllocationResultResponse, 'inventoryId' | 'location' | 'quantity' | 'unitCost'>;

/** What a result takes from its lot: which, where, how much and at what cost a unit. */
export const LotCells = (result: LotCellsProps) => (
  <>
    <td>
      <LotName id={result.inventoryId} />
    </td>
    <td>{result.location}</td>
    <td class="number">{grouped(result.quantity)}</td>
    <td class="number faint">{unitCost(result.unitCost, settings.currency.digits)}</td>
  </>
);
