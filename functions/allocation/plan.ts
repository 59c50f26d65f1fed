import {
  type Loaded,
  type OrderChoice,
  type Queryable,
  type Reach,
  settledOrders,
  unknownLines,
} from '@inventory/database';
import {
  type AllocationInput,
  type AllocationOptions,
  DomainError,
  dateOf,
  type Instant,
  monthOf,
  type Pick as NamedLot,
  pickRules,
  resolveStrategy,
  type Strategy,
} from '@inventory/models';
import type { AllocationRequest, CompareRequest } from '@inventory/schemas';
import type { Settings } from '../http/use-case.ts';

/** A request for a run in the terms of the load and of the core. */
export type Plan = {
  readonly choice: OrderChoice;
  readonly options: AllocationOptions;
  readonly asOf: Instant;
  readonly reach: Reach;
};

/** The most lines that a run answers at once, that a dry run and a comparison take, and that are explained. */
export const linesAtMost = { atOnce: 1_000, simulated: 10_000, explained: 200 } as const;

/** The most results that a run answers at once. */
export const RESULTS_AT_ONCE = 5_000;

/** What a request asks for, resolved. Throws INVALID_COMBINATION and COST_NOT_ALLOWED. */
export function strategyOf(body: AllocationRequest, settings: Settings): Strategy {
  return resolveStrategy(body, settings.allowedCosts);
}

/**
 * What to load and what to decide by. Only a run by rank at the lots' own cost needs but the first lots of a SKU: an
 * average spreads its pool over all of them, and an explanation names them all. No strategy: all methods are compared.
 */
export function planOf(
  body: AllocationRequest | CompareRequest,
  { strategy, now, settings }: { strategy: Strategy | null; now: Instant; settings: Settings },
): Plan {
  const asOf = body.asOf ?? now;
  const explain = 'explain' in body && body.explain;
  const rule = strategy && pickRules[strategy.pick];
  const ranked = rule?.choice === 'RANKED' && strategy?.cost === 'LOT' && !explain;
  return {
    choice: choiceOf(body),
    options: optionsOf(body, explain),
    asOf,
    reach: {
      asOf,
      today: dateOf(asOf, settings.timeZone),
      now,
      ranking: ranked && rule ? rule.keys : null,
      locations: body.locations ?? null,
      locationPriority: body.locationPriority ?? [],
      named: body.picks?.map(({ inventoryId }) => inventoryId) ?? [],
      every: explain,
    },
  };
}

/** What the core decides from. */
export const inputOf = (
  { options, asOf, reach }: Plan,
  of: { strategy: Strategy; loaded: Loaded; settings: Settings; newId: () => string },
): AllocationInput => ({
  strategy: of.strategy,
  options,
  asOf,
  today: reach.today,
  effectiveAt: asOf,
  currency: of.settings.currency,
  orders: of.loaded.orders,
  stock: of.loaded.stock,
  newId: of.newId,
});

/** A commit may be back-dated into an open month, never into a closed one. Throws PERIOD_CLOSED. */
export function refuseClosedPeriod({ asOf }: Plan, { closedThrough }: Loaded, { timeZone }: Settings): void {
  const month = monthOf(asOf, timeZone);
  if (closedThrough !== null && month <= closedThrough) {
    throw new DomainError('PERIOD_CLOSED', `The month ${month} is closed; the last closed month is ${closedThrough}`, {
      errors: [{ pointer: '/asOf', detail: `must be after ${closedThrough}` }],
    });
  }
}

/** Throws UNKNOWN_ORDER naming each id or number that no order has. */
export function refuseUnknownOrders(choice: OrderChoice, loaded: Loaded): void {
  if ('orderIds' in choice) {
    const known = new Set(loaded.orders.map(({ id }) => id));
    refuse('orderIds', choice.orderIds, known);
  } else if ('orderNumbers' in choice) {
    const known = new Set(loaded.orders.map(({ orderNumber }) => orderNumber));
    refuse('orderNumbers', choice.orderNumbers, known);
  }
}

function refuse(member: string, named: readonly string[], known: ReadonlySet<string>): void {
  const errors = named.flatMap((name, index) =>
    known.has(name) ? [] : [{ pointer: `/${member}/${index}`, detail: `no order has ${name}` }],
  );
  if (errors.length > 0) throw unknownOrder(errors);
}

/**
 * Throws VALIDATION_FAILED naming each pick for a line that its order does not have. A line that is filled already is
 * known, and gets nothing. Asks the database only about lines that were not loaded, which are those that are not open.
 */
export async function refuseUnknownLines(
  { picks }: AllocationRequest | CompareRequest,
  loaded: Loaded,
  database: Queryable,
): Promise<void> {
  if (!picks || loaded.tooLarge || loaded.answer) return;
  const orders = new Map(
    loaded.orders.map(({ id, lines }) => [id, new Set(lines.map(({ lineNumber }) => lineNumber))]),
  );
  const notOpen = [...picks.entries()]
    .map(([index, { orderId, lineNumber }]) => ({ index, orderId, lineNumber }))
    .filter(({ orderId, lineNumber }) => orders.get(orderId)?.has(lineNumber) === false);
  if (notOpen.length === 0) return;
  const errors = (await unknownLines(database, notOpen)).map(({ index, orderId, lineNumber }) => ({
    pointer: `/picks/${index}/lineNumber`,
    detail: `order ${orderId} has no line ${lineNumber}`,
  }));
  if (errors.length === 0) return;
  throw new DomainError('VALIDATION_FAILED', `${errors.length} of the picks name lines that do not exist`, { errors });
}

/**
 * The plan without the picks of orders that a filter does not choose because nothing of them is open: a request that is
 * sent again gives them nothing, and is no error. Asks the database only where picks name orders that were not chosen.
 */
export async function withoutSettled(plan: Plan, loaded: Loaded, database: Queryable): Promise<Plan> {
  if (!('filter' in plan.choice) || loaded.tooLarge || loaded.answer) return plan;
  const chosen = new Set(loaded.orders.map(({ id }) => id));
  const notChosen = [...(plan.options.picks?.keys() ?? [])].filter((orderId) => !chosen.has(orderId));
  if (notChosen.length === 0) return plan;
  const settled = await settledOrders(database, notChosen);
  return withPicksOf(plan, (orderId) => !settled.has(orderId));
}

/** The plan with the picks of these orders alone. */
export function withPicksOf(plan: Plan, isKept: (orderId: string) => boolean): Plan {
  if (!plan.options.picks) return plan;
  const picks = new Map([...plan.options.picks].filter(([orderId]) => isKept(orderId)));
  return { ...plan, options: { ...plan.options, picks } };
}

/** The refusal of orders that do not exist. */
export const unknownOrder = (errors: readonly { pointer: string; detail: string }[]) =>
  new DomainError('UNKNOWN_ORDER', `${errors.length} of the named orders do not exist`, { errors });

function choiceOf(body: AllocationRequest | CompareRequest): OrderChoice {
  if (body.orderIds) return { orderIds: body.orderIds };
  if (body.orderNumbers) return { orderNumbers: body.orderNumbers };
  return { filter: body.filter ?? {} };
}

const optionsOf = (body: AllocationRequest | CompareRequest, explain: boolean): AllocationOptions => ({
  locations: body.locations ?? null,
  locationPriority: body.locationPriority ?? [],
  picks: body.picks ? picksByLine(body.picks) : null,
  weights: new Map(body.weights?.map(({ orderId, weight }) => [orderId, weight])),
  quantityStep: body.quantityStep,
  explain,
});

function picksByLine(picks: NonNullable<AllocationRequest['picks']>) {
  const orders = new Map<string, Map<number, NamedLot[]>>();
  for (const [index, { orderId, lineNumber, inventoryId, quantity }] of picks.entries()) {
    const lines = orders.get(orderId) ?? new Map<number, NamedLot[]>();
    const pick = { inventoryId, quantity, pointer: `/picks/${index}` };
    const known = lines.get(lineNumber);
    if (known) known.push(pick);
    else lines.set(lineNumber, [pick]);
    orders.set(orderId, lines);
  }
  return orders;
}
