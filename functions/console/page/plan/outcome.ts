import type { Allocated, Explanation, Shortage } from '../answers.ts';

export type LineOutcome = {
  readonly lineNumber: number;
  readonly sku: string | null;
  readonly results: readonly Allocated[];
  readonly shortage: Shortage | null;
  readonly explanation: Explanation | null;
};

export type OrderOutcome = { readonly orderId: string; readonly lines: readonly LineOutcome[] };

type Outcome = {
  readonly results: readonly Allocated[];
  readonly shortages: readonly Shortage[];
  readonly explanation?: readonly Explanation[] | null | undefined;
};

/** What each order got and did not get, in the order in which they were served, the lines by number. */
export function outcomeByOrder({ results, shortages, explanation }: Outcome): OrderOutcome[] {
  const orders = new Map<string, Map<number, { -readonly [Member in keyof LineOutcome]: LineOutcome[Member] }>>();
  const lineOf = ({ orderId, lineNumber }: { orderId: string; lineNumber: number }) => {
    const lines = orders.get(orderId) ?? orders.set(orderId, new Map()).get(orderId);
    const line = lines?.get(lineNumber) ?? { lineNumber, sku: null, results: [], shortage: null, explanation: null };
    lines?.set(lineNumber, line);
    return line;
  };
  for (const explained of explanation ?? []) lineOf(explained).explanation = explained;
  for (const result of results) {
    const line = lineOf(result);
    line.sku = result.sku;
    line.results = [...line.results, result];
  }
  for (const shortage of shortages) lineOf(shortage).shortage = shortage;
  return [...orders].map(([orderId, lines]) => ({
    orderId,
    lines: [...lines.values()].toSorted((one, other) => one.lineNumber - other.lineNumber),
  }));
}
