import { useState } from 'preact/hooks';
import { asProblem, type Problem } from './problem.ts';

export type Action = {
  readonly run: (act: () => Promise<void>) => Promise<void>;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly forget: () => void;
};

/** Something that a click starts: whether it is under way, and what went wrong. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (act: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  return { run, isBusy, problem, forget: () => setProblem(null) };
}
