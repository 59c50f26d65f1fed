import type { ComponentChildren } from 'preact';
import type { Loading } from '../api/use-load.ts';
import type { Pages } from '../api/use-pages.ts';
import { Button } from './button.tsx';
import { ProblemNotice } from './notice.tsx';

type LoadedProps<Value> = {
  readonly of: Loading<Value>;
  readonly children: (value: Value) => ComponentChildren;
  readonly rows?: number;
};

/** What was loaded, or that it is on its way, or why not. */
export function Loaded<Value>({ of, children, rows = 6 }: LoadedProps<Value>) {
  const { value, problem, isLoading, reload } = of;
  return (
    <>
      {!isLoading && <ProblemNotice problem={problem} onRetry={reload} />}
      {value === null ? isLoading && <Skeleton rows={rows} /> : children(value)}
    </>
  );
}

export const Skeleton = ({ rows }: { readonly rows: number }) => (
  <div class="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: rows }, (_, row) => (
      <i key={row} />
    ))}
  </div>
);

/** The rest of a list, when there is one. */
export const LoadMore = ({ of: { loadMore, isLoadingMore } }: { readonly of: Pages<unknown> }) =>
  loadMore && (
    <p class="more">
      <Button onClick={loadMore} isBusy={isLoadingMore}>
        Load more
      </Button>
    </p>
  );
