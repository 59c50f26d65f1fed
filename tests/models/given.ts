import {
  type Allocation,
  type AllocationInput,
  type AllocationOptions,
  allocate,
  type Decimal,
  DomainError,
  formatDecimal,
  formatMoney,
  type LineDemand,
  type Lot,
  type OrderDemand,
  type Position,
  type Reservation,
  receiptValue,
  resolveStrategy,
  type Shortage,
  type Stock,
  type StrategyRequest,
} from '@inventory/models';
import { millionths } from '../factories.ts';

export const USD = { code: 'USD', digits: 2 };

/** `01-05` is the first instant of 5 January 2026. */
export const at = (day: string) => `2026-${day}T00:00:00.000Z`;

/** A lot of 10 units of `A` at 10.00, received on 1 January in W1, that never expires; days as `01-05`. */
export function lot(
  id: string,
  {
    quantity = 10,
    unitCost = 10,
    receivedAt = '01-01',
    expiresOn = null,
    allocated = 0,
    ...given
  }: Partial<Omit<Lot, 'expiresOn'>> & {
    quantity?: number;
    unitCost?: number;
    expiresOn?: string | null;
    allocated?: number;
  } = {},
): Lot {
  const remainingQuantity = millionths(quantity);
  const allocatedQuantity = millionths(allocated);
  return {
    id,
    lotSequence: Number(/\d+/.exec(id)?.[0] ?? 0),
    sku: 'A',
    location: 'W1',
    status: 'AVAILABLE',
    receivedAt: at(receivedAt),
    expiresOn: expiresOn && `2026-${expiresOn}`,
    lotUnitCost: millionths(unitCost),
    remainingQuantity,
    allocatedQuantity,
    openValue: receiptValue(remainingQuantity - allocatedQuantity, millionths(unitCost), USD),
    ...given,
  };
}

type GivenLine = Partial<LineDemand> & { readonly wants?: number };

/** An order that wants so many units of `A`, or the given lines. */
export function order(id: string, wants: number | readonly GivenLine[], given: Partial<OrderDemand> = {}): OrderDemand {
  const lines = typeof wants === 'number' ? [{ wants }] : wants;
  return {
    id,
    orderNumber: id,
    priority: 5,
    orderedAt: at('01-02'),
    requestedShipDate: null,
    revision: 7,
    lines: lines.map((each, index) => line(`${id}/${index + 1}`, index + 1, each)),
    ...given,
  };
}

function line(id: string, lineNumber: number, { wants = 1, ...given }: GivenLine): LineDemand {
  return {
    id,
    lineNumber,
    sku: 'A',
    quantity: millionths(wants),
    openQuantity: millionths(wants),
    minShelfLifeDays: null,
    picks: null,
    reservationId: null,
    holdings: [],
    ...given,
  };
}

/** A hold of so many units of `A`, anywhere unless a location is given. */
export const hold = (id: string, quantity: number, given: Partial<Reservation> = {}): Reservation => ({
  id,
  sku: 'A',
  location: null,
  quantity: millionths(quantity),
  ...given,
});

export const pick = (inventoryId: string, quantity: number) => ({ inventoryId, quantity: millionths(quantity) });

/** What a run is asked for; the rest is as in the defaults of the API. */
export type Asked = StrategyRequest &
  Partial<Omit<AllocationOptions, 'picks' | 'quantityStep'>> & {
    readonly picks?: AllocationOptions['picks'];
    readonly quantityStep?: number;
    readonly asOf?: string;
    readonly lots: readonly Lot[];
    readonly orders: readonly OrderDemand[];
    readonly reservations?: readonly Reservation[];
    readonly rest?: Stock['rest'];
  };

/** The input of the core for what is asked, frozen to the bottom. */
export function input({
  lots,
  orders,
  reservations = [],
  rest = [],
  asOf = '01-20',
  ...asked
}: Asked): AllocationInput {
  let ids = 0;
  return freeze({
    strategy: resolveStrategy(asked, ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE']),
    options: {
      locations: asked.locations ?? null,
      locationPriority: asked.locationPriority ?? [],
      picks: asked.picks ?? null,
      weights: asked.weights ?? new Map(),
      quantityStep: millionths(asked.quantityStep ?? 1),
      explain: asked.explain ?? false,
    },
    asOf: at(asOf),
    today: `2026-${asOf}`,
    effectiveAt: at(asOf),
    currency: USD,
    orders,
    stock: { positions: positionsOf(lots, orders), lots, rest, reservations },
    newId: () => `R${++ids}`,
  });
}

/** Runs what is asked. */
export const run = (asked: Asked): Allocation => allocate(input(asked));

function positionsOf(lots: readonly Lot[], orders: readonly OrderDemand[]): readonly Position[] {
  const skus = new Set([...lots.map(({ sku }) => sku), ...orders.flatMap(({ lines }) => lines.map(({ sku }) => sku))]);
  return [...skus].map((sku) => {
    const own = lots.filter((each) => each.sku === sku);
    const poolQuantity = own.reduce((sum, each) => sum + each.remainingQuantity - each.allocatedQuantity, 0n);
    return { sku, version: 3, poolQuantity, poolValue: own.reduce((sum, each) => sum + each.openValue, 0n) };
  });
}

/** What each line got and its cost: `{ 'O1/1': 'L1 10 + L2 2 = 140.00' }`. */
export function served({ results }: Allocation): Record<string, string> {
  const lines = Map.groupBy(results, ({ orderLineId }) => orderLineId);
  return Object.fromEntries(
    [...lines].map(([id, rows]) => {
      const parts = rows.map(({ inventoryId, quantity }) => `${inventoryId} ${formatDecimal(quantity)}`).join(' + ');
      return [id, `${parts} = ${money(rows.reduce((sum, { costAmount }) => sum + costAmount, 0n))}`];
    }),
  );
}

/** What is left in the lots after the change, empty ones left out: `L3 8 = 136.00`. */
export function left(lots: readonly Lot[], { change }: Allocation): string {
  const rows = after(lots, [change]).map((each) => ({
    ...each,
    open: each.remainingQuantity - each.allocatedQuantity,
  }));
  return rows
    .filter(({ open }) => open > 0n)
    .map(({ id, open, openValue }) => `${id} ${formatDecimal(open)} = ${money(openValue)}`)
    .join(', ');
}

/** The lots as the changes leave them. */
export function after(lots: readonly Lot[], changes: readonly Pick<Allocation['change'], 'lots'>[]): Lot[] {
  return lots.map((each) => {
    const deltas = changes.flatMap((change) => change.lots).filter(({ id }) => id === each.id);
    return {
      ...each,
      remainingQuantity: deltas.reduce((sum, delta) => sum + delta.remainingDelta, each.remainingQuantity),
      allocatedQuantity: deltas.reduce((sum, delta) => sum + delta.allocatedDelta, each.allocatedQuantity),
      openValue: deltas.reduce((sum, delta) => sum + delta.openValueDelta, each.openValue),
    };
  });
}

/** The reasons of each short line: `{ 'O2/1': 'short 7: ALLOCATED_TO_OTHERS 7' }`. */
export const short = ({ shortages }: Pick<Allocation, 'shortages'>): Record<string, string> =>
  Object.fromEntries(
    shortages.map((each) => [
      `${each.orderId}/${each.lineNumber}`,
      `short ${formatDecimal(each.short)}: ${text(each)}`,
    ]),
  );

const text = ({ reasons }: Shortage) =>
  reasons.map(({ code, quantity }) => `${code} ${formatDecimal(quantity)}`).join(', ');

export const money = (amount: bigint) => formatMoney(amount, USD);
export const decimal = (quantity: Decimal) => formatDecimal(quantity);

/** What a call is refused with. */
export function refusal(call: () => unknown): { code: string; errors: DomainError['errors'] } {
  try {
    call();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, errors: error.errors };
    throw error;
  }
  throw new Error('It was not refused');
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
