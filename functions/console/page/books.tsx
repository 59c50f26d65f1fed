import type { IntegrityResponse } from '@inventory/schemas';
import { useState } from 'preact/hooks';
import { ask } from './api/call.ts';
import { useAction } from './api/use-action.ts';
import { grouped } from './format/decimal.ts';
import { timeIn } from './format/time.ts';
import { Button } from './parts/button.tsx';
import { Dialog } from './parts/dialog.tsx';
import { Notice, ProblemNotice } from './parts/notice.tsx';
import { useRefusal } from './session/use-allowed.ts';
import { settings } from './settings.ts';
import { inWords } from './words/status.ts';

/** Recomputes every counter from the ledger, on demand: it reads all of it. */
export function Books() {
  const { run, isBusy, problem, forget } = useAction();
  const [differences, setDifferences] = useState<IntegrityResponse['differences'] | null>(null);
  const [checkedAt, setCheckedAt] = useState('');
  const [isOpen, setOpen] = useState(false);
  const refusal = useRefusal('inventory:read');
  const check = () =>
    run(async () => {
      const answer = await ask<IntegrityResponse>('/integrity');
      setDifferences(answer.differences);
      setCheckedAt(timeIn(settings.timeZone, new Date().toISOString()));
      if (answer.differences.length > 0) setOpen(true);
    });
  const isSound = differences?.length === 0;
  return (
    <div class="books" role="status">
      <button
        type="button"
        class={`books-button ${differences === null ? '' : isSound ? 'good' : 'bad'}`}
        disabled={isBusy || refusal !== null}
        title={refusal ?? (checkedAt ? `Checked ${checkedAt}; check again` : 'Recompute every counter from the ledger')}
        onClick={check}
      >
        <i class="dot" aria-hidden="true" />
        {isBusy ? 'Checking…' : differences === null ? 'Check the books' : isSound ? 'Books are sound' : 'Books differ'}
      </button>
      {problem && (
        <Dialog title="The books could not be checked" onClose={forget}>
          <ProblemNotice problem={problem} onRetry={check} />
        </Dialog>
      )}
      {isOpen && differences && <Differences differences={differences} onClose={() => setOpen(false)} />}
    </div>
  );
}

type DifferencesProps = { readonly differences: IntegrityResponse['differences']; readonly onClose: () => void };

const Differences = ({ differences, onClose }: DifferencesProps) => (
  <Dialog title={`${differences.length} counters differ from the ledger`} onClose={onClose} isWide>
    <Notice tone="warn">Nothing is repaired by itself. Give this list to who runs the system.</Notice>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Id</th>
            <th scope="col">Counter</th>
            <th scope="col" class="number">
              Stored
            </th>
            <th scope="col" class="number">
              Ledger
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ entity, id, counter, stored, expected }) => (
            <tr key={`${entity} ${id} ${counter}`}>
              <td>{inWords(entity)}</td>
              <td>
                <code>{id}</code>
              </td>
              <td>{counter}</td>
              <td class="number">{grouped(stored)}</td>
              <td class="number">{grouped(expected)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <footer>
      <Button onClick={onClose}>Close</Button>
    </footer>
  </Dialog>
);
