import { createStore } from '../store.ts';

/** How long until a request that was put off is sent again; null when none waits. */
export const waiting = createStore<{ readonly seconds: number; readonly busy: boolean } | null>(null);

const LONGEST_SECONDS = 60;

/** What `Retry-After` asks for, in seconds; a date is not used by the API and counts as 5. */
export function secondsToWait(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? 5);
  return Number.isFinite(seconds) ? Math.min(LONGEST_SECONDS, Math.max(1, seconds)) : 5;
}

/** Counts down where the planner sees it. Rejects when the view that asked is gone. */
export async function countDown(seconds: number, busy: boolean, signal?: AbortSignal): Promise<void> {
  try {
    for (let left = seconds; left > 0; left--) {
      waiting.set({ seconds: left, busy });
      await pause(1_000, signal);
    }
  } finally {
    waiting.set(null);
  }
}

export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
