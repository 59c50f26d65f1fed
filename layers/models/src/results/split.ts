import type { ResultPart, ResultStatus, ResultUpdate } from '../change.ts';
import { type Decimal, formatDecimal } from '../decimal.ts';
import { DomainError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { draw } from '../money.ts';
import type { ResultState } from './result-state.ts';

/** A row after a whole or partial move: `moved` is the part with the new status, `remainder` what stays allocated. */
export type Split = { readonly moved: ResultUpdate; readonly remainder: ResultUpdate | null };

/** The state that the moved part takes on. */
export type Target = {
  readonly status: Exclude<ResultStatus, 'ALLOCATED'>;
  readonly shippedAt: Instant | null;
  readonly releasedAt: Instant | null;
};

/**
 * Moves `quantity` of an allocated row (null: all of it) to another status (product.md 3, State machines). The amount is
 * divided by R1 with the row as pot; a whole move keeps the id, else the part that moves gets a new one.
 * Throws STATE_CONFLICT for a row that is not allocated, VALIDATION_FAILED for more than it holds.
 */
export function split(row: ResultState, quantity: Decimal | null, target: Target, newId: () => string): Split {
  if (row.status !== 'ALLOCATED') {
    throw new DomainError('STATE_CONFLICT', `Result ${row.id} is ${row.status}, not ALLOCATED`);
  }
  const wanted = quantity ?? row.quantity;
  if (wanted > row.quantity) {
    const detail = `must not be more than the ${formatDecimal(row.quantity)} of the result`;
    throw new DomainError('VALIDATION_FAILED', `The quantity ${detail}`, {
      errors: [{ pointer: '/quantity', detail }],
    });
  }
  if (wanted === row.quantity) {
    return { moved: { id: row.id, quantity: wanted, costAmount: row.costAmount, ...target }, remainder: null };
  }
  const costAmount = draw({ quantity: row.quantity, value: row.costAmount }, wanted);
  return {
    moved: { id: newId(), quantity: wanted, costAmount, ...target },
    remainder: {
      id: row.id,
      quantity: row.quantity - wanted,
      costAmount: row.costAmount - costAmount,
      ...{ status: 'ALLOCATED', shippedAt: null, releasedAt: null },
    },
  };
}

/** The rows that a split writes: one update, and for a partial move the part as a copy of its row. */
export function rowsOf({ moved, remainder }: Split): { resultUpdates: ResultUpdate[]; resultParts: ResultPart[] } {
  if (remainder === null) return { resultUpdates: [moved], resultParts: [] };
  return { resultUpdates: [remainder], resultParts: [{ from: remainder.id, ...moved }] };
}
