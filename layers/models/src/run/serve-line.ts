import type { Candidate, Shortage } from '../allocation.ts';
import type { Decimal } from '../decimal.ts';
import type { LineDemand, OrderDemand } from '../order.ts';
import type { Reservation } from '../stock.ts';
import { candidatesOf, withheld } from './explanation.ts';
import { type Gain, showAllocated, take } from './gain.ts';
import { picksOf, worthOf } from './picks.ts';
import { allowanceOf, ownReservation } from './protection.ts';
import type { Run } from './run.ts';
import type { Shelf } from './shelf.ts';
import { attribute, pickCaps, type Reasons, stockCaps } from './shortage-reasons.ts';
import { sumOf, type Take, type Wish } from './wish.ts';

/** A line at its turn. */
export type Turn = {
  readonly order: OrderDemand;
  readonly line: LineDemand;
  readonly shelf: Shelf;
  readonly own: Reservation | null;
  readonly wish: Wish;
  /** Null while only their sum is known. */
  readonly takes: readonly Take[] | null;
  /** What the takes sum to. */
  readonly quantity: Decimal;
  readonly candidates: readonly Candidate[] | null;
};

/** Chooses lots for a line, up to `quantity`, and books nothing yet. */
export function turnOf(run: Run, order: OrderDemand, line: LineDemand, quantity: Decimal): Turn {
  return choose(run, { order, line, ...requestOf(run, order, line, quantity) });
}

/** As `turnOf` for all that the line wants, but lots are chosen only when it is booked, wherever sums say what it can have. */
export function prospectOf(run: Run, order: OrderDemand, line: LineDemand): Turn {
  const request = { order, line, ...requestOf(run, order, line, line.openQuantity) };
  const quantity = run.input.options.explain || run.choice === 'NAMED' ? null : sumOf(request.shelf, request.wish);
  return quantity === null ? choose(run, request) : { ...request, takes: null, quantity, candidates: null };
}

/** Books the takes of a turn on the shelf; what a shortage of the line is put down to is measured after that. */
export function bookTurn(run: Run, { shelf, wish, takes, own }: Turn): Gain {
  return take(shelf, takes ?? run.choose(shelf, wish), run.costRule, own);
}

type Request = Pick<Turn, 'order' | 'line' | 'shelf' | 'own' | 'wish'>;

function requestOf(run: Run, order: OrderDemand, line: LineDemand, quantity: Decimal) {
  const shelf = run.shelves.get(line.sku)!;
  const own = ownReservation(shelf.protection, line.reservationId);
  const wish: Wish = {
    quantity,
    minLife: line.minShelfLifeDays ?? 0,
    picks: run.choice === 'NAMED' ? worthOf(line, picksOf(run.input.options, order, line)) : [],
    allowance: allowanceOf(shelf.protection, own),
  };
  return { shelf, own, wish };
}

function choose(run: Run, request: Request): Turn {
  const { shelf, wish, line } = request;
  const takes = run.choose(shelf, wish);
  let quantity = 0n;
  for (const each of takes) quantity += each.quantity;
  const candidates = run.input.options.explain ? candidatesOf(shelf, { line, choice: run.choice, wish, takes }) : null;
  return { ...request, takes, quantity, candidates };
}

/** Why the line is short by `short` units, on the shelf as it is now; `of` as in `stockCaps`. */
export function reasonsOf(run: Run, turn: Turn, short: Decimal, of: { gained?: Decimal; withheld?: Decimal }): Reasons {
  if (short === 0n) return [];
  return run.choice === 'NAMED'
    ? attribute(short, pickCaps(turn.shelf, turn.wish.picks), 'LOT_SHORT')
    : attribute(short, stockCaps(turn.shelf, turn.line, of), 'NO_STOCK');
}

/** The line keeps its gain, whose quantity is returned; from here on its units are allocated in the eyes of others. */
export function keep(run: Run, turn: Turn, gain: Gain): Decimal {
  const { order, line } = turn;
  showAllocated(gain);
  for (const [index, { from, quantity }] of gain.takes.entries()) {
    run.results.push({
      id: run.input.newId(),
      orderId: order.id,
      orderLineId: line.id,
      lineNumber: line.lineNumber,
      inventoryId: from.lot.id,
      sku: line.sku,
      location: from.lot.location,
      quantity,
      lotUnitCost: from.lot.lotUnitCost,
      costAmount: gain.costs[index]!,
      costing: run.costRule.costing,
    });
  }
  run.totals.requested += line.openQuantity;
  run.totals.allocated += gain.quantity;
  run.totals.costAmount += gain.cost;
  if (gain.quantity > 0n) {
    run.orderLines.push({ id: line.id, allocatedDelta: gain.quantity, shippedDelta: 0n, cancelledDelta: 0n });
  }
  if (gain.converted) run.reservationsConverted.push(gain.converted.id);
  if (turn.candidates) explain(run, turn, turn.candidates);
  return gain.quantity;
}

/** A complete-only line or order that could not be filled: it gets nothing, and would have got the turn's takes. */
export function withhold(run: Run, turn: Turn, otherReasons: Reasons): void {
  run.totals.requested += turn.line.openQuantity;
  const policy = { code: 'POLICY_COMPLETE_ONLY', quantity: turn.quantity } as const;
  reportShort(run, turn, 0n, turn.quantity > 0n ? [policy, ...otherReasons] : otherReasons);
  if (turn.candidates) explain(run, turn, withheld(turn.candidates));
}

/** The order has had its turn: what it got in all, 0 if nothing. */
export function closeOrder(run: Run, { id, revision }: OrderDemand, allocated: Decimal): void {
  run.orders.push({ id, revision, allocatedDelta: allocated, shippedDelta: 0n, cancelledDelta: 0n });
}

/** Lists the line as short. */
export function reportShort(run: Run, { order, line }: Turn, allocated: Decimal, reasons: Reasons): void {
  const short = line.openQuantity - allocated;
  const shortage: Shortage = {
    orderId: order.id,
    lineNumber: line.lineNumber,
    requested: line.openQuantity,
    allocated,
    short,
    reasons,
  };
  run.shortages.push(shortage);
  run.totals.short += short;
}

function explain(run: Run, { order, line }: Turn, candidates: readonly Candidate[]): void {
  run.explanation.push({ orderId: order.id, lineNumber: line.lineNumber, candidates });
}
