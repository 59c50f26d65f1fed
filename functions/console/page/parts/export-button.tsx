import type { Query } from '../api/call.ts';
import { exportCsv } from '../api/csv.ts';
import { useAction } from '../api/use-action.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNotice } from './notice.tsx';

type ExportButtonProps = { readonly path: string; readonly query: Query; readonly fileName: string };

/** The whole list as it is filtered, not only what is shown of it. */
export function ExportButton({ path, query, fileName }: ExportButtonProps) {
  const { run, isBusy, problem, forget } = useAction();
  return (
    <>
      <Button onClick={() => run(() => exportCsv(path, query, fileName))} isBusy={isBusy}>
        Export CSV
      </Button>
      {problem && (
        <Dialog title="The export has failed" onClose={forget}>
          <ProblemNotice problem={problem} />
        </Dialog>
      )}
    </>
  );
}
