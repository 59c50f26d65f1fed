import { useState } from 'preact/hooks';
import { ask, type Query } from './call.ts';
import { asProblem, type Problem } from './problem.ts';
import { type Loading, useLoad } from './use-load.ts';

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export type Pages<Item> = Loading<readonly Item[]> & {
  /** Null at the end of the list. */
  readonly loadMore: (() => Promise<void>) | null;
  readonly isLoadingMore: boolean;
};

/** A list of the API, page after page. */
export function usePages<Item>(path: string, query: Query = {}): Pages<Item> {
  const key = `${path}?${JSON.stringify(query)}`;
  const first = useLoad(key, (signal) => ask<Page<Item>>(path, { query, signal }));
  const [more, setMore] = useState<{ of: Page<Item>; pages: readonly Page<Item>[] } | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const pages = first.value ? [first.value, ...(more?.of === first.value ? more.pages : [])] : [];
  const cursor = pages.at(-1)?.nextCursor ?? null;
  const loadMore = async () => {
    if (!first.value) return;
    setBusy(true);
    setProblem(null);
    try {
      const next = await ask<Page<Item>>(path, { query: { ...query, cursor } });
      setMore({ of: first.value, pages: [...pages.slice(1), next] });
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };

  return {
    ...first,
    value: first.value && pages.flatMap(({ items }) => items),
    problem: first.problem ?? problem,
    loadMore: cursor === null ? null : loadMore,
    isLoadingMore: busy,
  };
}
