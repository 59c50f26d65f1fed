import type { AllocationInput, Explanation, Shortage } from '../allocation.ts';
import type { NewResult, OrderChange, QuantityChange } from '../change.ts';
import type { Decimal } from '../decimal.ts';
import type { Money } from '../money.ts';
import type { PickRule } from '../pick-rules/pick-rule.ts';
import { rankingBy } from '../pick-rules/ranking.ts';
import { pickRules } from '../pick-rules/registry.ts';
import type { Reservation, StockRest } from '../stock.ts';
import { choices } from './choices.ts';
import { type CostRule, costRules } from './cost-rules.ts';
import { openShelf, type Shelf, type ShelfStock, type Sight } from './shelf.ts';
import type { Choose } from './wish.ts';

/** One call of `allocate` while it goes on: what it draws on, by which rules, and what it has decided so far. */
export type Run = {
  readonly input: AllocationInput;
  readonly choice: PickRule['choice'];
  readonly choose: Choose;
  readonly costRule: CostRule;
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly results: NewResult[];
  readonly shortages: Shortage[];
  readonly explanation: Explanation[];
  readonly orders: OrderChange[];
  readonly orderLines: QuantityChange[];
  readonly reservationsConverted: string[];
  readonly totals: { requested: Decimal; allocated: Decimal; short: Decimal; costAmount: Money };
};

/** A run that has decided nothing yet, with a shelf for each SKU that an open line names. */
export function startRun(input: AllocationInput): Run {
  const { choice } = pickRules[input.strategy.pick];
  const costRule = costRules[input.strategy.cost];
  if (choice === 'FEWEST' || costRule.pooled) refuseOpenRest(input.stock.rest);
  return {
    input,
    choice,
    choose: choices[choice],
    costRule,
    shelves: openShelves(input),
    results: [],
    shortages: [],
    explanation: [],
    orders: [],
    orderLines: [],
    reservationsConverted: [],
    totals: { requested: 0n, allocated: 0n, short: 0n, costAmount: 0n },
  };
}

/** These look at every open lot of a SKU: a load that leaves some out is a bug that would misprice stock. */
function refuseOpenRest(rest: readonly StockRest[]): void {
  const row = rest.find(({ openQuantity }) => openQuantity !== 0n);
  if (row) throw new Error(`Open lots of ${row.sku} were not loaded one by one, though the strategy needs them all`);
}

type Growing = {
  -readonly [Part in keyof ShelfStock]: ShelfStock[Part] extends readonly (infer Row)[] ? Row[] : ShelfStock[Part];
};

function openShelves(input: AllocationInput): ReadonlyMap<string, Shelf> {
  const stocks = new Map<string, Growing>();
  for (const { lines } of input.orders) {
    for (const { sku } of lines) {
      if (!stocks.has(sku)) stocks.set(sku, { position: null, lots: [], rest: [], reservations: [] });
    }
  }
  for (const position of input.stock.positions) {
    const stock = stocks.get(position.sku);
    if (stock) stock.position = position;
  }
  for (const lot of input.stock.lots) stocks.get(lot.sku)?.lots.push(lot);
  for (const row of input.stock.rest) stocks.get(row.sku)?.rest.push(row);
  for (const reservation of input.stock.reservations) stocks.get(reservation.sku)?.reservations.push(reservation);
  const sight = sightOf(input);
  const shelves = new Map<string, Shelf>();
  for (const [sku, stock] of stocks) shelves.set(sku, openShelf(sku, stock, sight));
  return shelves;
}

function sightOf({ strategy, options, asOf, today, orders }: AllocationInput): Sight {
  return {
    asOf,
    today,
    locations: options.locations === null ? null : new Set(options.locations),
    ranking: rankingBy(pickRules[strategy.pick].keys, options.locationPriority),
    binds: strategy.sequence === 'PRO_RATA' ? notNamedByALine(orders) : () => true,
  };
}

/** Fair shares: what a line of the run has reserved is not set aside for it (product.md 6, Fine print). */
function notNamedByALine(orders: AllocationInput['orders']): (reservation: Reservation) => boolean {
  const named = new Set<string>();
  for (const { lines } of orders) {
    for (const line of lines)
      if (line.reservationId !== null && line.openQuantity > 0n) named.add(`${line.reservationId} ${line.sku}`);
  }
  return (reservation) => !named.has(`${reservation.id} ${reservation.sku}`);
}
