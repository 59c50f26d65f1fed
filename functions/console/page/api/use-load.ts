import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { session } from '../session/session.ts';
import { useStore } from '../store.ts';
import { asProblem, type Problem } from './problem.ts';

export type Loading<Value> = {
  /** The newest one; stays while it is loaded again. */
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/** Loads when the view appears, when `key` changes, after a new sign-in, and on demand. */
export function useLoad<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loading<Value> {
  const { serial } = useStore(session.store);
  const [times, setTimes] = useState(0);
  const [state, setState] = useState<{ key: string; value: Value | null; problem: Problem | null; isLoading: boolean }>(
    {
      key,
      value: null,
      problem: null,
      isLoading: true,
    },
  );
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const controller = new AbortController();
    setState((before) => ({ ...before, key, value: before.key === key ? before.value : null, isLoading: true }));
    latest
      .current(controller.signal)
      .then((value) => {
        if (!controller.signal.aborted) setState({ key, value, problem: null, isLoading: false });
      })
      .catch((error) => {
        if (controller.signal.aborted) return;
        setState((before) => ({ ...before, problem: asProblem(error), isLoading: false }));
      });
    return () => controller.abort();
  }, [key, serial, times]);

  const reload = useCallback(() => setTimes((count) => count + 1), []);
  const isStale = state.key !== key;
  return {
    value: isStale ? null : state.value,
    problem: isStale ? null : state.problem,
    isLoading: isStale || state.isLoading,
    reload,
  };
}
