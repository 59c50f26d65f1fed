import {
  allocationMethods,
  type Currency,
  type Decimal,
  formatDecimal,
  type Instant,
  type Shortage,
  type Strategy,
  type Totals,
} from '@inventory/models';
import * as z from 'zod';
import { ShortageResponse, StrategyResponse, shortageReply, TotalsResponse, totalsReply } from './outcome-reply.ts';
import { enumReply, instantReply, integerReply, quantityReply } from './reply-scalar.ts';

export const CompareResponse = z.object({
  asOf: instantReply('When the runs would happen.'),
  comparison: z
    .array(
      z.object({
        allocationMethod: enumReply(allocationMethods, 'As asked for.'),
        strategy: StrategyResponse,
        totals: TotalsResponse,
        shortages: z.array(ShortageResponse),
        lotsUsed: integerReply('How many lots serve the orders.'),
        expiryWaste: quantityReply('What stays in usable lots that expire within 30 days.'),
      }),
    )
    .meta({ description: 'In the order of `methods`.' }),
});
export type CompareResponse = z.output<typeof CompareResponse>;

/** What one method of a comparison would do. */
export type Compared = {
  readonly strategy: Strategy;
  readonly totals: Totals;
  readonly shortages: readonly Shortage[];
  readonly lotsUsed: number;
  readonly expiryWaste: Decimal;
};

/** What `POST /allocate/compare` answers. */
export const compareReply = (
  { asOf, comparison }: { readonly asOf: Instant; readonly comparison: readonly Compared[] },
  currency: Currency,
): CompareResponse => ({
  asOf,
  comparison: comparison.map(({ strategy, totals, shortages, lotsUsed, expiryWaste }) => ({
    allocationMethod: strategy.allocationMethod,
    strategy,
    totals: totalsReply(totals, currency),
    shortages: shortages.map(shortageReply),
    lotsUsed,
    expiryWaste: formatDecimal(expiryWaste),
  })),
});
