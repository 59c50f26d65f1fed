import {
  allocationMethods,
  type Currency,
  costBases,
  divideHalfUp,
  type Explanation,
  formatDecimal,
  formatFixed,
  formatMoney,
  fulfilments,
  ONE,
  pickNames,
  type Shortage,
  sequences,
  shortageReasons,
  type Totals,
} from '@inventory/models';
import * as z from 'zod';
import { enumReply, idReply, integerReply, moneyReply, quantityReply } from './reply-scalar.ts';

// What runs, dry runs and comparisons have in common.

export const StrategyResponse = z.object({
  allocationMethod: enumReply(allocationMethods, 'The pick when the cost is LOT, else the cost.'),
  pick: enumReply(pickNames, 'Which lots.'),
  cost: enumReply(costBases, 'What cost is recorded.'),
  sequence: enumReply(sequences, 'Who is served first.'),
  fulfilment: enumReply(fulfilments, 'What happens to what falls short.'),
});

export const ShortageResponse = z.object({
  orderId: idReply('The order.'),
  lineNumber: integerReply('Its line.'),
  requested: quantityReply('Open at the start of the run.'),
  allocated: quantityReply('What the run gave.'),
  short: quantityReply('What it could not give.'),
  reasons: z
    .array(z.object({ code: enumReply(shortageReasons, 'Why.'), quantity: quantityReply('How much of it.') }))
    .meta({ description: 'Their quantities sum to `short`.' }),
});
export type ShortageResponse = z.output<typeof ShortageResponse>;

export const ExplanationResponse = z.object({
  orderId: idReply('The order.'),
  lineNumber: integerReply('Its line.'),
  candidates: z
    .array(
      z.object({
        rank: integerReply('Its place in the pick order.'),
        inventoryId: idReply('The lot.'),
        available: quantityReply("Open units at the line's turn."),
        taken: quantityReply('What the line took of it.'),
        skipped: z.enum([...shortageReasons, 'NOT_NEEDED', 'NOT_YET_RECEIVED']).nullable(),
      }),
    )
    .meta({ description: 'All lots of the SKU, usable ones first.' }),
});

export const TotalsResponse = z.object({
  requested: quantityReply('Open at the start.'),
  allocated: quantityReply('What was given.'),
  short: quantityReply('What was not.'),
  costAmount: moneyReply('What the results cost together.'),
  fillRate: z
    .string()
    .meta({ description: 'allocated ÷ requested; 1 when nothing was requested.', examples: ['0.681818'] }),
});

/** A shortage as every answer shows it. */
export const shortageReply = (shortage: Shortage): ShortageResponse => ({
  orderId: shortage.orderId,
  lineNumber: shortage.lineNumber,
  requested: formatDecimal(shortage.requested),
  allocated: formatDecimal(shortage.allocated),
  short: formatDecimal(shortage.short),
  reasons: shortage.reasons.map(({ code, quantity }) => ({ code, quantity: formatDecimal(quantity) })),
});

/** The candidates of a line as every answer shows them. */
export const explanationReply = (explanation: Explanation): z.output<typeof ExplanationResponse> => ({
  orderId: explanation.orderId,
  lineNumber: explanation.lineNumber,
  candidates: explanation.candidates.map(({ rank, inventoryId, available, taken, skipped }) => ({
    rank,
    inventoryId,
    available: formatDecimal(available),
    taken: formatDecimal(taken),
    skipped,
  })),
});

/** Totals with their fill rate, half up to 6 decimals. */
export const totalsReply = (totals: Totals, currency: Currency): z.output<typeof TotalsResponse> => ({
  requested: formatDecimal(totals.requested),
  allocated: formatDecimal(totals.allocated),
  short: formatDecimal(totals.short),
  costAmount: formatMoney(totals.costAmount, currency),
  fillRate: formatFixed(totals.requested === 0n ? ONE : divideHalfUp(totals.allocated * ONE, totals.requested)),
});
