import type { LineDemand, OrderDemand } from '../order.ts';

/** A line that competes for a SKU, and its order; listed in the sequence in which lots are taken. */
export type Contender = { readonly order: OrderDemand; readonly line: LineDemand };
