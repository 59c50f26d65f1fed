import { DomainError } from '@inventory/models';
import { apply, type Write } from './allocation/apply.ts';
import type { Database } from './connection.ts';
import { DatabaseError } from './database-error.ts';
import { parameters } from './parameters.ts';
import type { Queryable } from './queryable.ts';

/** What was decided: the answer, and what to write before it counts; nothing for a replay. */
export type Decision<Outcome> = { readonly outcome: Outcome; readonly write: Write | null };

export type Writing<State, Outcome> = {
  readonly load: (database: Queryable) => Promise<State>;
  /** Pure; called once for every attempt. What it throws ends the writing. */
  readonly decide: (state: State) => Decision<Outcome>;
  /** Epoch milliseconds: no attempt begins later than this. */
  readonly deadline: number;
};

/** Attempts without a lock before the one that cannot lose. */
const OPTIMISTIC_ATTEMPTS = 2;

/** A SKU that has just lost a race is contended: for this long its next loss is the last one. */
const CONTENDED_MILLISECONDS = 1_000;

/**
 * Load, decide, apply, until it is written. No lock is held across the network unless two attempts have lost: then one
 * transaction locks first (orders, then positions), and loads, decides and applies under the locks.
 * Throws what `decide` throws, and RETRY_LATER where the deadline comes first.
 */
export async function write<State, Outcome>(database: Database, writing: Writing<State, Outcome>): Promise<Outcome> {
  for (let lost = 0; ; ) {
    if (Date.now() > writing.deadline) throw tooLate();
    const state = await writing.load(database);
    const decision = writing.decide(state);
    if (!decision.write) return decision.outcome;
    if (lost >= OPTIMISTIC_ATTEMPTS || (lost > 0 && isContended(decision.write))) {
      const outcome = await writeLocked(database, writing, decision.write);
      if (outcome) return outcome.outcome;
    } else if (await applied(database, decision.write)) {
      return decision.outcome;
    }
    lost += 1;
  }
}

const tooLate = () => new DomainError('RETRY_LATER', 'The stock is being written by others; ask again');

/** True when written. A repeated key is no loss: the next load finds its answer. */
async function applied(database: Queryable, what: Write): Promise<boolean> {
  try {
    const outcome = await apply(database, what);
    if (outcome.kind === 'MOVED') outcome.skus.forEach(contend);
    return outcome.kind === 'APPLIED';
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'WRITE_CONFLICT') return false;
    throw error;
  }
}

/** Null where even this was in vain: the orders had named other SKUs meanwhile, or the key was stored by another. */
async function writeLocked<State, Outcome>(
  database: Database,
  { load, decide }: Writing<State, Outcome>,
  { change }: Write,
): Promise<Decision<Outcome> | null> {
  const lost = new Error('lost under lock');
  try {
    return await database.transaction(async (transaction) => {
      await lock(transaction, {
        orderIds: change.orders.map(({ id }) => id),
        skus: change.positions.map(({ sku }) => sku),
      });
      const decision = decide(await load(transaction));
      if (decision.write && !(await applied(transaction, decision.write))) throw lost;
      return decision;
    });
  } catch (error) {
    if (error === lost || (error instanceof DatabaseError && error.kind === 'WRITE_CONFLICT')) return null;
    throw error;
  }
}

/** Locks orders by id, then positions by SKU. What is read under the locks must be read by a later statement. */
export async function lock(
  transaction: Queryable,
  { orderIds, skus }: { orderIds: readonly string[]; skus: readonly string[] },
): Promise<void> {
  const bound = parameters();
  await transaction.query({
    text: `WITH locked_order AS MATERIALIZED (
  SELECT o.id FROM orders o WHERE o.id IN (SELECT id FROM unnest(${bound.bind(orderIds, 'uuid[]')}) AS w(id))
  ORDER BY o.id FOR UPDATE OF o),
locked_position AS MATERIALIZED (
  SELECT p.sku FROM positions p WHERE p.sku IN (SELECT sku FROM unnest(${bound.bind(skus, 'text[]')}) AS w(sku))
    AND (SELECT count(*) FROM locked_order) >= 0 ORDER BY p.sku FOR UPDATE OF p)
SELECT count(*) AS locked FROM locked_position`,
    values: bound.values,
  });
}

const contendedUntil = new Map<string, number>();

function contend(sku: string) {
  if (contendedUntil.size > 10_000) contendedUntil.clear();
  contendedUntil.set(sku, Date.now() + CONTENDED_MILLISECONDS);
}

const isContended = ({ change }: Write) =>
  change.positions.some(({ sku }) => (contendedUntil.get(sku) ?? 0) > Date.now());
