import { useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { useIntention } from '../api/use-intention.ts';
import { instantIn } from '../format/time.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { settings } from '../settings.ts';
import { inWords } from '../words/status.ts';

type ReceiveLotProps = { readonly sku?: string; readonly onDone: () => void; readonly onClose: () => void };

const noLot = {
  sku: '',
  location: '',
  quantity: '',
  unitCost: '',
  receivedAt: '',
  expiresOn: '',
  lotNumber: '',
  receiptNumber: '',
};

/** One lot, by hand. */
export function ReceiveLot({ sku = '', onDone, onClose }: ReceiveLotProps) {
  const [lot, setLot] = useState({ ...noLot, sku });
  const [status, setStatus] = useState<'AVAILABLE' | 'ON_HOLD'>('AVAILABLE');
  const intention = useIntention(onClose, JSON.stringify([lot, status]));
  const { run, isBusy, problem, close, refusalToClose } = intention;
  const set = (change: Partial<typeof noLot>) => setLot({ ...lot, ...change });
  const receive = () =>
    run(async () => {
      const { receivedAt, ...texts } = lot;
      const body = {
        ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')),
        ...(receivedAt && { receivedAt: instantIn(settings.timeZone, receivedAt) }),
        status,
      };
      await ask('/inventories', { body, ...intention.try });
      onClose();
      onDone();
    });
  const field = (member: keyof typeof noLot) => ({
    value: lot[member],
    onInput: (value: string) => set({ [member]: value }),
    fault: problem?.at(`/${member}`),
  });
  return (
    <Dialog title="Receive a lot" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          receive();
        }}
      >
        <div class="grid">
          <TextField label="SKU" isRequired {...field('sku')} />
          <TextField label="Location" isRequired {...field('location')} />
          <TextField label="Quantity" isRequired isDecimal {...field('quantity')} />
          <TextField label={`Unit cost, ${settings.currency.code}`} isRequired isDecimal {...field('unitCost')} />
          <TextField
            label={`Received at (${settings.timeZone})`}
            type="datetime-local"
            hint="Now unless given."
            {...field('receivedAt')}
          />
          <TextField label="Good until" type="date" hint="For ever unless given." {...field('expiresOn')} />
          <TextField label="Lot number" {...field('lotNumber')} />
          <TextField label="Receipt number" {...field('receiptNumber')} />
          <SelectField
            label="Status"
            value={status}
            onChange={setStatus}
            options={(['AVAILABLE', 'ON_HOLD'] as const).map((value) => ({ value, title: inWords(value) }))}
          />
        </div>
        <ProblemNotice problem={problem} shownAtFields={Object.keys(noLot).map((member) => `/${member}`)} />
        <footer>
          <Button onClick={close} refusal={refusalToClose}>
            Cancel
          </Button>
          <Button kind="primary" submits isBusy={isBusy}>
            Receive
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
