import type { AllocationResultResponse } from '@inventory/schemas';
import { useState } from 'preact/hooks';
import { grouped } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Column } from '../parts/column.tsx';
import { LotCells } from '../parts/lot-cells.tsx';
import { OrderName } from '../parts/names.tsx';
import { linkTo } from '../route.ts';
import { useRefusal } from '../session/use-allowed.ts';
import { settings } from '../settings.ts';
import { type Move, MoveResult } from './move-result.tsx';

type ResultsTableProps = {
  readonly results: readonly AllocationResultResponse[];
  /** What they all belong to, which needs no column. */
  readonly of: 'ORDER' | 'RUN';
  readonly onMoved: () => void;
};

/** So much of a line from a lot, at this cost: and what can be done with it. */
export function ResultsTable({ results, of, onMoved }: ResultsTableProps) {
  const [moving, setMoving] = useState<{ result: AllocationResultResponse; move: Move } | null>(null);
  const refusals = { ship: useRefusal('ship'), release: useRefusal('allocate:run') };
  const isOfOrder = of === 'ORDER';
  return (
    <div class="scroll">
      <table aria-label="Results">
        <thead>
          <tr>
            {!isOfOrder && <Column>Order</Column>}
            <Column isNumber>Line</Column>
            <Column>SKU</Column>
            <Column>Lot</Column>
            <Column>Location</Column>
            <Column isNumber>Quantity</Column>
            <Column isNumber>Unit cost</Column>
            <Column isNumber>Cost</Column>
            <Column>Status</Column>
            {isOfOrder && <Column>Run</Column>}
            <Column>
              <span class="unseen">Actions</span>
            </Column>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <tr key={result.id}>
              {!isOfOrder && (
                <th scope="row">
                  <OrderName id={result.orderId} />
                </th>
              )}
              <td class="number">{result.lineNumber}</td>
              <td>
                <a href={linkTo.sku(result.sku)}>{result.sku}</a>
              </td>
              <LotCells {...result} />
              <td class="number">
                {grouped(result.costAmount)} {result.costing === 'PROVISIONAL' && <Badge status="PROVISIONAL" />}
              </td>
              <td class="nowrap">
                <Badge status={result.status} /> <When result={result} />
              </td>
              {isOfOrder && (
                <td class="nowrap">
                  <a href={linkTo.run(result.runId)}>{timeIn(settings.timeZone, result.createdAt)}</a>
                </td>
              )}
              <td>
                {result.status === 'ALLOCATED' && (
                  <div class="tools">
                    {(['ship', 'release'] as const).map((move) => (
                      <Button
                        key={move}
                        kind="quiet"
                        refusal={refusals[move]}
                        label={`${words[move]} ${result.quantity} of ${result.sku}, line ${result.lineNumber}`}
                        onClick={() => setMoving({ result, move })}
                      >
                        {words[move]}
                      </Button>
                    ))}
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moving && <MoveResult {...moving} onMoved={onMoved} onClose={() => setMoving(null)} />}
    </div>
  );
}

const words: Readonly<Record<Move, string>> = { ship: 'Ship', release: 'Release' };

function When({ result: { shippedAt, releasedAt } }: { readonly result: AllocationResultResponse }) {
  const at = shippedAt ?? releasedAt;
  return at === null ? null : <small>{timeIn(settings.timeZone, at)}</small>;
}
