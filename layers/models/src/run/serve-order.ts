import type { OrderDemand } from '../order.ts';
import type { Fulfilment } from '../strategy.ts';
import { type Gain, putBack } from './gain.ts';
import type { Run } from './run.ts';
import { openLines } from './sequence.ts';
import { bookTurn, keep, reasonsOf, reportShort, type Turn, turnOf, withhold } from './serve-line.ts';
import type { Reasons } from './shortage-reasons.ts';

/** Serves one order by the fulfilment of the run, line by line (product.md 2, Complete). */
export function serveOrder(run: Run, order: OrderDemand): void {
  const lines = openLines(order);
  // One line is its order: the same answer without an attempt to take back.
  const fulfilment =
    lines.length === 1 && run.input.strategy.fulfilment === 'ORDER_COMPLETE'
      ? 'LINE_COMPLETE'
      : run.input.strategy.fulfilment;
  serve[fulfilment](run, order, lines);
}

const serve: Record<Fulfilment, (run: Run, order: OrderDemand, lines: OrderDemand['lines']) => void> = {
  PARTIAL: (run, order, lines) => {
    for (const line of lines) serveFully(run, turnOf(run, order, line, line.openQuantity));
  },
  LINE_COMPLETE: (run, order, lines) => {
    for (const line of lines) {
      const turn = turnOf(run, order, line, line.openQuantity);
      if (isFull(turn)) serveFully(run, turn);
      else withholdLine(run, turn);
    }
  },
  ORDER_COMPLETE: serveWholeOrder,
};

const isFull = (turn: Turn) => turn.quantity === turn.line.openQuantity;

/** Gives the line what its turn has chosen, and says why if that is not all. */
function serveFully(run: Run, turn: Turn): void {
  const gain = bookTurn(run, turn);
  if (!isFull(turn)) {
    reportShort(run, turn, turn.quantity, reasonsOf(run, turn, turn.line.openQuantity - turn.quantity, 0n));
  }
  keep(run, turn, gain);
}

/** Booked for a moment, so that what the line would have got explains nothing but POLICY_COMPLETE_ONLY. */
function withholdLine(run: Run, turn: Turn): void {
  const gain = bookTurn(run, turn);
  const reasons = reasonsOf(run, turn, turn.line.openQuantity - turn.quantity, 0n);
  putBack(gain);
  withhold(run, turn, reasons);
}

function serveWholeOrder(run: Run, order: OrderDemand, lines: OrderDemand['lines']): void {
  const attempts: { turn: Turn; gain: Gain; reasons: Reasons }[] = [];
  for (const line of lines) {
    const turn = turnOf(run, order, line, line.openQuantity);
    const gain = bookTurn(run, turn);
    attempts.push({ turn, gain, reasons: reasonsOf(run, turn, line.openQuantity - turn.quantity, 0n) });
  }
  if (attempts.every(({ turn }) => isFull(turn))) {
    for (const { turn, gain } of attempts) keep(run, turn, gain);
    return;
  }
  for (const { gain } of attempts.toReversed()) putBack(gain);
  for (const { turn, reasons } of attempts) withhold(run, turn, reasons);
}
