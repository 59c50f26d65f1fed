import type { Decimal } from '../decimal.ts';
import type { LineDemand, OrderDemand } from '../order.ts';
import type { Fulfilment } from '../strategy.ts';
import { type Gain, putBack } from './gain.ts';
import type { Run } from './run.ts';
import { openLines } from './sequence.ts';
import { bookTurn, closeOrder, keep, reasonsOf, reportShort, type Turn, turnOf, withhold } from './serve-line.ts';
import type { Reasons } from './shortage-reasons.ts';

/** Serves one order by the fulfilment of the run, line by line (product.md 2, Complete). */
export function serveOrder(run: Run, order: OrderDemand): void {
  const lines = openLines(order);
  const { fulfilment } = run.input.strategy;
  let allocated = 0n;
  // An order of one line is complete when its line is: the same answer without an attempt to take back.
  if (fulfilment === 'ORDER_COMPLETE' && lines.length > 1) allocated = serveWhole(run, order, lines);
  else for (const line of lines) allocated += serveLine[fulfilment](run, turnOf(run, order, line, line.openQuantity));
  closeOrder(run, order, allocated);
}

/** Serves one line; returns what it got. */
const serveLine: Record<Fulfilment, (run: Run, turn: Turn) => Decimal> = {
  PARTIAL: give,
  LINE_COMPLETE: giveAllOrNothing,
  ORDER_COMPLETE: giveAllOrNothing,
};

function give(run: Run, turn: Turn): Decimal {
  const gain = bookTurn(run, turn);
  if (!isFull(turn)) reportShort(run, turn, turn.quantity, reasonsAtTurn(run, turn));
  return keep(run, turn, gain);
}

function giveAllOrNothing(run: Run, turn: Turn): Decimal {
  if (isFull(turn)) return give(run, turn);
  // Booked for a moment: what the line would have got explains nothing beside POLICY_COMPLETE_ONLY.
  const gain = bookTurn(run, turn);
  const reasons = reasonsAtTurn(run, turn);
  putBack(gain);
  return withhold(run, turn, reasons);
}

function serveWhole(run: Run, order: OrderDemand, lines: readonly LineDemand[]): Decimal {
  const attempts: { turn: Turn; gain: Gain; reasons: Reasons }[] = [];
  for (const line of lines) {
    const turn = turnOf(run, order, line, line.openQuantity);
    const gain = bookTurn(run, turn);
    attempts.push({ turn, gain, reasons: reasonsAtTurn(run, turn) });
  }
  if (attempts.every(({ turn }) => isFull(turn))) {
    return attempts.reduce((sum, { turn, gain }) => sum + keep(run, turn, gain), 0n);
  }
  for (const { gain } of attempts.toReversed()) putBack(gain);
  return attempts.reduce((sum, { turn, reasons }) => sum + withhold(run, turn, reasons), 0n);
}

const isFull = (turn: Turn) => turn.quantity === turn.line.openQuantity;

const reasonsAtTurn = (run: Run, turn: Turn) => reasonsOf(run, turn, turn.line.openQuantity - turn.quantity, 0n);
