import type { Change, RunSlice } from '@inventory/models';

/**
 * What a worker has written lately. Its orders have moved by that, which a part of the run that was read at the same time
 * may have seen or not: either way the revision that the part relies on is the later of the two.
 */
export class Written {
  readonly sliceIds: string[] = [];
  /** Order id → revision, of this part and of those that were written while it was read. */
  readonly #revisions: Map<string, number>[] = [new Map()];

  beginPart(): void {
    this.#revisions.unshift(new Map());
    this.#revisions.length = Math.min(this.#revisions.length, PARTS_AT_ONCE);
  }

  add({ id, change }: RunSlice & { readonly id: string }): void {
    this.sliceIds.push(id);
    for (const order of change.orders) {
      if (order.allocatedDelta !== 0n) this.#revisions[0]!.set(order.id, order.revision + 1);
    }
  }

  /** The change of a slice that is written next. */
  onTop(change: Change): Change {
    return { ...change, orders: change.orders.map((order) => ({ ...order, revision: this.#latest(order) })) };
  }

  #latest({ id, revision }: { readonly id: string; readonly revision: number }): number {
    let latest = revision;
    for (const part of this.#revisions) latest = Math.max(latest, part.get(id) ?? 0);
    return latest;
  }
}

/** Being written, decided, and read. */
const PARTS_AT_ONCE = 3;
