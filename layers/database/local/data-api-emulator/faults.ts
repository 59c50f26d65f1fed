import type { Operation } from './operations.ts';

/**
 * - `THROTTLED`: 429 before the statement ran, to be sent again
 * - `UNAVAILABLE`: 504 DatabaseUnavailableException before the statement ran
 * - `INTERNAL_ERROR`: 500 before the statement ran
 * - `CUT_BEFORE`: the connection breaks before the statement ran
 * - `LOST_ANSWER`: the statement ran, and was committed where it was alone; then the connection breaks
 */
export type Fault = 'THROTTLED' | 'UNAVAILABLE' | 'INTERNAL_ERROR' | 'CUT_BEFORE' | 'LOST_ANSWER';

export type Call = { readonly operation: Operation; readonly sql: string };

export type FaultRule = {
  /** How many calls it befalls: 1 where it is left out. */
  readonly times?: number;
  readonly when?: (call: Call) => boolean;
};

/** Faults that were ordered and have not happened yet. */
export function faultQueue() {
  const orders: { fault: Fault; left: number; when: (call: Call) => boolean }[] = [];
  return {
    order(fault: Fault, { times = 1, when = () => true }: FaultRule = {}): void {
      orders.push({ fault, left: times, when });
    },
    next(call: Call): Fault | undefined {
      const order = orders.find(({ left, when }) => left > 0 && when(call));
      if (order) order.left--;
      return order?.fault;
    },
  };
}
