/** How long the things of a process may take to close before it goes without them; PostgreSQL then ends by itself. */
const patienceMilliseconds = 10_000;

export type Ending = {
  /** Closes something when the process ends, before all that was named earlier. */
  readonly before: (close: () => unknown) => void;
  /** Closes everything, then ends the process. A second call changes nothing. */
  readonly end: (exitCode: number) => Promise<void>;
};

/**
 * Sees to it that nothing of this process outlives it: closes what was named, in reverse, on SIGINT, SIGTERM, SIGHUP, on
 * an error that nobody caught, and when npm, which started it, is gone. Call it before the first child process starts.
 */
export function prepareEnding(): Ending {
  const closers: (() => unknown)[] = [];
  let ended = false;

  const end = async (exitCode: number) => {
    if (ended) return;
    ended = true;
    setTimeout(() => process.exit(exitCode || 1), patienceMilliseconds).unref();
    for (const close of closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        console.error(error);
      }
    }
    process.exit(exitCode);
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      console.error(error);
      end(1);
    });
  }
  if (process.env.npm_lifecycle_event) followParent(() => end(0));

  return { before: (close) => closers.push(close), end };
}

/** npm killed by SIGKILL tells its child nothing, but the child has another parent then. */
function followParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 500).unref();
}
