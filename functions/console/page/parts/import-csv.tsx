import type { ImportResponse } from '@inventory/schemas';
import { useId, useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import type { RowError } from '../api/problem.ts';
import { useIntention } from '../api/use-intention.ts';
import { Button } from './button.tsx';
import { Column } from './column.tsx';
import { Dialog } from './dialog.tsx';
import { Notice, ProblemNotice } from './notice.tsx';

type ImportCsvProps = {
  readonly title: string;
  readonly path: '/imports/orders' | '/imports/inventories';
  /** What the rows become: `orders`. */
  readonly things: string;
  readonly columns: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** A file, all or nothing: what is wrong is told cell by cell, as the spreadsheet counts them. */
export function ImportCsv({ title, path, things, columns, onDone, onClose }: ImportCsvProps) {
  const [file, setFile] = useState<File | null>(null);
  const [choices, setChoices] = useState(0);
  const [done, setDone] = useState<ImportResponse | null>(null);
  const intention = useIntention(onClose, String(choices));
  const { run, isBusy, problem, forget, close, refusalToClose } = intention;
  const id = useId();
  const send = () =>
    run(async () => {
      if (!file) return;
      setDone(await ask<ImportResponse>(path, { csv: await file.text(), ...intention.try }));
      onDone();
    });
  return (
    <Dialog title={title} onClose={close} isWide={Boolean(problem?.rows.length)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div class="field">
          <label for={id}>CSV file</label>
          <input
            id={id}
            type="file"
            accept=".csv,text/csv"
            aria-describedby={`${id}-hint`}
            onClick={(event) => {
              event.currentTarget.value = ''; // the same file, mended, is another choice
            }}
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              setFile(chosen ?? null);
              setChoices(choices + 1);
              setDone(null);
              forget();
            }}
          />
          <p class="hint" id={`${id}-hint`}>
            The first row names the columns: <code>{columns.join(', ')}</code>. Up to 20,000 rows, all or nothing.
          </p>
        </div>
        {problem?.rows.length ? <RowErrors errors={problem.rows} /> : <ProblemNotice problem={problem} />}
        {done && (
          <Notice tone="good">
            {done.rows} {done.rows === 1 ? 'row' : 'rows'} read, {done.created} {things} made.
          </Notice>
        )}
        <footer>
          <Button onClick={close} refusal={refusalToClose}>
            {done ? 'Close' : 'Cancel'}
          </Button>
          {!done && (
            <Button kind="primary" submits isBusy={isBusy} refusal={file ? null : 'Choose a file first'}>
              Import
            </Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

const SHOWN = 200;

const RowErrors = ({ errors }: { readonly errors: readonly RowError[] }) => (
  <div class="notice bad" role="alert">
    <p>
      <strong>
        {errors.length} {errors.length === 1 ? 'cell is' : 'cells are'} wrong; nothing was imported.
      </strong>
    </p>
    <table aria-label="Wrong cells">
      <thead>
        <tr>
          <Column isNumber>Row</Column>
          <Column>Column</Column>
          <Column>What is wrong</Column>
        </tr>
      </thead>
      <tbody>
        {errors.slice(0, SHOWN).map(({ row, column, detail }) => (
          <tr key={`${row} ${column} ${detail}`}>
            <td class="number">{row}</td>
            <td>{column}</td>
            <td>{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {errors.length > SHOWN && <p>And {errors.length - SHOWN} more.</p>}
  </div>
);
