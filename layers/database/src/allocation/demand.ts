import type { Instant, LocalDate, OrderStatus, RankKey } from '@inventory/models';
import type { Parameters } from '../parameters.ts';

/** Which orders a run is asked for. */
export type OrderChoice =
  | { readonly orderIds: readonly string[] }
  | { readonly orderNumbers: readonly string[] }
  | { readonly filter: OrderFilter };

export type OrderFilter = {
  readonly status?: OrderStatus | null;
  readonly customerId?: string | null;
  readonly sku?: string | null;
  readonly priority?: number | null;
  readonly requestedShipDateBefore?: LocalDate | null;
};

/**
 * The part of a choice that is meant: all but the SKUs that the applied slices of this run have finished. Slices that
 * are known to be of other SKUs (`besides`) need not be looked at.
 */
export type LineScope = { readonly unfinishedOf: string; readonly besides?: readonly string[] };

/** The condition on `order_lines l` that narrows a choice. */
export function scopedLines(scope: LineScope | null, bound: Parameters): string {
  if (!scope) return 'true';
  const { unfinishedOf, besides = [] } = scope;
  const others = besides.length ? `AND slice_id NOT IN (SELECT * FROM unnest(${bound.bind(besides, 'uuid[]')}))` : '';
  return `l.sku NOT IN (
    SELECT unnest(skus) FROM allocation_run_slices WHERE run_id = ${bound.bind(unfinishedOf, 'uuid')} ${others})`;
}

/** What is still to be allocated of `order_lines l`. */
export const openQuantity = 'l.quantity - l.cancelled_quantity - l.allocated_quantity - l.shipped_quantity';
export const isOpenLine = 'l.quantity > l.cancelled_quantity + l.allocated_quantity + l.shipped_quantity';

/** What the load must know of a run: how far down its lots to read, and as of when. */
export type Reach = {
  readonly asOf: Instant;
  readonly today: LocalDate;
  /** The server's clock: judges reservations. */
  readonly now: Instant;
  /** Lots are read by rank as far as the demand reaches; null reads every lot that has stock. */
  readonly ranking: readonly RankKey[] | null;
  readonly locations: readonly string[] | null;
  readonly locationPriority: readonly string[];
  /** Lots named by the request for SPECIFIC; those that the lines name are found by themselves. */
  readonly named: readonly string[];
  /** For an explanation: lots that are received after `asOf` too, and those that nothing is left of. */
  readonly every: boolean;
};

/**
 * The condition on `orders o` that makes a choice; orders with nothing open only where they are named one by one.
 * What an unfinished run has begun to fill stays chosen, though its status is another by now.
 */
export function chosenOrders(choice: OrderChoice, scope: LineScope | null, bound: Parameters): string {
  if ('orderIds' in choice) {
    return `o.id IN (SELECT id FROM unnest(${bound.bind(choice.orderIds, 'uuid[]')}) AS named(id))`;
  }
  if ('orderNumbers' in choice) {
    return `o.order_number IN (SELECT n FROM unnest(${bound.bind(choice.orderNumbers, 'text[]')}) AS named(n))`;
  }
  const { status, customerId, sku, priority, requestedShipDateBefore } = choice.filter;
  const conditions = ['o.open_quantity > 0'];
  if (status) conditions.push(`(o.status = ${bound.bind(status, 'text')}${begunIn(scope, bound)})`);
  if (customerId) conditions.push(`o.customer_id = ${bound.bind(customerId, 'text')}`);
  if (priority) conditions.push(`o.priority = ${bound.bind(priority, 'smallint')}`);
  if (requestedShipDateBefore) {
    conditions.push(`o.requested_ship_date < ${bound.bind(requestedShipDateBefore, 'date')}`);
  }
  if (sku) {
    conditions.push(
      `EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.sku = ${bound.bind(sku, 'text')})`,
    );
  }
  return conditions.join(' AND ');
}

/** Found by the order, which has a few results: an equality would also read all results of the run, for each order. */
const begunIn = (scope: LineScope | null, bound: Parameters) =>
  scope
    ? ` OR EXISTS (SELECT 1 FROM allocation_results r
    WHERE r.order_id = o.id AND r.run_id IS NOT DISTINCT FROM ${bound.bind(scope.unfinishedOf, 'uuid')})`
    : '';
