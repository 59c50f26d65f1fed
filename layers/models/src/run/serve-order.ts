import type { Decimal } from '../decimal.ts';
import type { LineDemand, OrderDemand } from '../order.ts';
import type { Fulfilment } from '../strategy.ts';
import { type Gain, putBack } from './gain.ts';
import type { Run } from './run.ts';
import { openLines } from './sequence.ts';
import {
  bookTurn,
  closeOrder,
  keep,
  prospectOf,
  reasonsOf,
  reportShort,
  type Turn,
  turnOf,
  withhold,
} from './serve-line.ts';
import type { Reasons } from './shortage-reasons.ts';

/** Serves one order by the fulfilment of the run, line by line (product.md 2, Complete). */
export function serveOrder(run: Run, order: OrderDemand): void {
  closeOrder(run, order, serve[run.input.strategy.fulfilment](run, order, openLines(order)));
}

/** Serves the lines of an order; returns what they got. */
type Serve = (run: Run, order: OrderDemand, lines: readonly LineDemand[]) => Decimal;

const serve: Record<Fulfilment, Serve> = {
  PARTIAL: (run, order, lines) => {
    let allocated = 0n;
    for (const line of lines) allocated += give(run, turnOf(run, order, line, line.openQuantity));
    return allocated;
  },
  LINE_COMPLETE: (run, order, lines) => {
    let allocated = 0n;
    for (const line of lines) allocated += serveApart(run, order, [line]);
    return allocated;
  },
  ORDER_COMPLETE: (run, order, lines) =>
    new Set(lines.map(({ sku }) => sku)).size === lines.length
      ? serveApart(run, order, lines)
      : serveByAttempt(run, order, lines),
};

function give(run: Run, turn: Turn): Decimal {
  const gain = bookTurn(run, turn);
  const short = turn.line.openQuantity - gain.quantity;
  if (short > 0n) reportShort(run, turn, gain.quantity, reasonsOf(run, turn, short, {}));
  return keep(run, turn, gain);
}

/** All or nothing, for lines of different SKUs: none changes what another can have, so nothing is booked to find out. */
const serveApart: Serve = (run, order, lines) => {
  const turns = lines.map((line) => prospectOf(run, order, line));
  if (turns.every(isFull)) return turns.reduce((sum, turn) => sum + give(run, turn), 0n);
  for (const turn of turns) withhold(run, turn, reasonsOf(run, turn, missing(turn), { withheld: turn.quantity }));
  return 0n;
};

/** All or nothing, for lines that share a SKU: each is booked, and taken back if one falls short. */
const serveByAttempt: Serve = (run, order, lines) => {
  const attempts: { turn: Turn; gain: Gain; reasons: Reasons }[] = [];
  for (const line of lines) {
    const turn = turnOf(run, order, line, line.openQuantity);
    const gain = bookTurn(run, turn);
    attempts.push({ turn, gain, reasons: reasonsOf(run, turn, missing(turn), {}) });
  }
  if (attempts.every(({ turn }) => isFull(turn))) {
    return attempts.reduce((sum, { turn, gain }) => sum + keep(run, turn, gain), 0n);
  }
  for (const { gain } of attempts.toReversed()) putBack(gain);
  for (const { turn, reasons } of attempts) withhold(run, turn, reasons);
  return 0n;
};

const missing = (turn: Turn) => turn.line.openQuantity - turn.quantity;
const isFull = (turn: Turn) => missing(turn) === 0n;
