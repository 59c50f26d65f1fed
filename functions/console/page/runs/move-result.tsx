import type { AllocationResultResponse, MovedResultResponse } from '@inventory/schemas';
import { useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { useIntention } from '../api/use-intention.ts';
import { grouped } from '../format/decimal.ts';
import { instantIn } from '../format/time.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/field.tsx';
import { OrderName } from '../parts/names.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { settings } from '../settings.ts';

export type Move = 'ship' | 'release';

type MoveResultProps = {
  readonly result: AllocationResultResponse;
  readonly move: Move;
  readonly onMoved: () => void;
  readonly onClose: () => void;
};

const words = {
  ship: { title: 'Ship?', does: 'Ship', hint: 'It leaves the stock for good. Its cost stays as it was allocated.' },
  release: {
    title: 'Release?',
    does: 'Release',
    hint: 'Quantity and cost go back to the lot; the line is open again.',
  },
} as const;

/** Whole or in part. What it does is said before it is done; each try carries the same key. */
export function MoveResult({ result, move, onMoved, onClose }: MoveResultProps) {
  const [quantity, setQuantity] = useState(result.quantity);
  const [shippedAt, setShippedAt] = useState('');
  const { run, isBusy, problem, close, refusalToClose, try: attempt } = useIntention(onClose);
  const { title, does, hint } = words[move];
  const go = () =>
    run(async () => {
      const body = {
        ...(quantity.trim() !== result.quantity && { quantity: quantity.trim() }),
        ...(shippedAt && { shippedAt: instantIn(settings.timeZone, shippedAt) }),
      };
      await ask<MovedResultResponse>(`/allocation-results/${result.id}/${move}`, { body, ...attempt });
      onClose();
      onMoved();
    });
  return (
    <Dialog title={title} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <dl class="facts">
          <dt>Order</dt>
          <dd>
            <OrderName id={result.orderId} />, line {result.lineNumber}
          </dd>
          <dt>SKU</dt>
          <dd>
            {result.sku} at {result.location}
          </dd>
          <dt>Allocated</dt>
          <dd>
            {grouped(result.quantity)} for {grouped(result.costAmount)} {settings.currency.code}
          </dd>
        </dl>
        <div class="grid spaced">
          <TextField
            label="Quantity"
            isDecimal
            isRequired
            value={quantity}
            onInput={setQuantity}
            fault={problem?.at('/quantity')}
          />
          {move === 'ship' && (
            <TextField
              label={`Shipped at (${settings.timeZone})`}
              type="datetime-local"
              value={shippedAt}
              onInput={setShippedAt}
              hint="Now unless given."
              fault={problem?.at('/shippedAt')}
            />
          )}
        </div>
        <p class="hint">{hint}</p>
        <ProblemNotice problem={problem} shownAtFields={['/quantity', '/shippedAt']} />
        <footer>
          <Button onClick={close} refusal={refusalToClose}>
            Cancel
          </Button>
          <Button kind="primary" submits isBusy={isBusy}>
            {does}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
