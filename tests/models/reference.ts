import type { AllocationInput, LineDemand, Lot, OrderDemand, Pick, Reservation, Shortage } from '@inventory/models';

// product.md written down a second time, as slowly and plainly as possible: no aggregate, no cursor, no shared code.
// Every question is answered by walking over all lots, and a rollback is a copy of the whole state.

export type Decided = {
  /** Line id → what it takes, in order. */
  readonly takes: Record<string, readonly { readonly lot: string; readonly quantity: bigint; readonly cost: bigint }[]>;
  readonly shortages: readonly Shortage[];
  readonly converted: readonly string[];
};

type Row = { lot: Lot; open: bigint; value: bigint; allocated: bigint };
type State = {
  rows: Row[];
  active: Reservation[];
  takes: Record<string, { lot: string; quantity: bigint; cost: bigint }[]>;
  converted: string[];
};
type Turn = { order: OrderDemand; line: LineDemand };

export function decide(input: AllocationInput): Decided {
  const state: State = {
    rows: input.stock.lots.map((lot) => ({
      lot,
      open: lot.remainingQuantity - lot.allocatedQuantity,
      value: lot.openValue,
      allocated: lot.allocatedQuantity,
    })),
    active: [...input.stock.reservations],
    takes: {},
    converted: [],
  };
  const orders = [...input.orders].sort((a, b) => (before(a, b, input) ? -1 : 1));
  const shortages =
    input.strategy.sequence === 'PRO_RATA' ? together(input, state, orders) : oneByOne(input, state, orders);
  return { takes: state.takes, shortages, converted: state.converted };
}

// Sequence ------------------------------------------------------------------------------------------------------------

function before(a: OrderDemand, b: OrderDemand, { strategy }: AllocationInput): boolean {
  const ship = (order: OrderDemand) => order.requestedShipDate ?? '9999-12-31';
  const keys = (order: OrderDemand): (string | number)[] =>
    strategy.sequence === 'ORDER_DATE'
      ? [order.orderedAt]
      : strategy.sequence === 'SHIP_DATE'
        ? [ship(order), order.priority, order.orderedAt]
        : [order.priority, ship(order), order.orderedAt];
  const [left, right] = [
    [...keys(a), a.orderNumber],
    [...keys(b), b.orderNumber],
  ];
  const at = left.findIndex((key, index) => key !== right[index]);
  return at >= 0 && left[at]! < right[at]!;
}

const turnsOf = (order: OrderDemand): Turn[] =>
  [...order.lines].sort((a, b) => a.lineNumber - b.lineNumber).map((line) => ({ order, line }));

// Serving -------------------------------------------------------------------------------------------------------------

function oneByOne(input: AllocationInput, state: State, orders: OrderDemand[]): Shortage[] {
  const shortages: Shortage[] = [];
  for (const order of orders) {
    const turns = turnsOf(order);
    const whole = input.strategy.fulfilment === 'ORDER_COMPLETE';
    const groups = whole ? [turns] : turns.map((turn) => [turn]);
    for (const group of groups) {
      const trial = copyOf(state);
      const reports = group.map((turn) => {
        const got = serve(input, trial, turn, turn.line.openQuantity);
        return { turn, got, short: turn.line.openQuantity - got, stock: copyOf(trial) };
      });
      const fails = reports.some(({ short }) => short > 0n);
      const blocked = fails && input.strategy.fulfilment !== 'PARTIAL';
      for (const { turn, got, short, stock } of reports) {
        if (!fails || (short === 0n && !blocked)) continue;
        // What the trial gave to the order itself is neither open nor allocated to others.
        for (const row of stock.rows) row.allocated = state.rows.find(({ lot }) => lot.id === row.lot.id)!.allocated;
        const reasons = [
          ...(blocked && got > 0n ? [{ code: 'POLICY_COMPLETE_ONLY' as const, quantity: got }] : []),
          ...reasonsFor(input, stock, turn, short),
        ];
        shortages.push(shortage(turn, blocked ? 0n : got, reasons));
      }
      if (!blocked) Object.assign(state, trial);
    }
  }
  return shortages;
}

const shortage = ({ order, line }: Turn, allocated: bigint, reasons: Shortage['reasons']): Shortage => ({
  orderId: order.id,
  lineNumber: line.lineNumber,
  requested: line.openQuantity,
  allocated,
  short: line.openQuantity - allocated,
  reasons,
});

/** Takes up to `wanted` for a line and returns what it got; what `protect` holds is left covered. */
function serve(input: AllocationInput, state: State, turn: Turn, wanted: bigint, protect?: Reservation[]): bigint {
  const { line } = turn;
  const isOwn = (each: Reservation) => each.id === line.reservationId && each.sku === line.sku;
  const others = protect ?? state.active.filter((each) => !isOwn(each));
  const chosen: { row: Row; quantity: bigint }[] = [];
  let rest = wanted;
  const takeFrom = (row: Row, most: bigint) => {
    const quantity = mostCovered(input, state, row, least(rest, most), others);
    if (quantity === 0n) return;
    chosen.push({ row, quantity });
    row.open -= quantity;
    rest -= quantity;
  };
  const usable = state.rows.filter((row) => fault(input, row, line) === null);
  if (input.strategy.pick === 'SPECIFIC') {
    for (const pick of picksOf(input, turn)) {
      const row = usable.find(({ lot }) => lot.id === pick.inventoryId);
      if (row) takeFrom(row, worth(pick, line));
    }
  } else if (input.strategy.pick === 'FEWEST_LOTS') {
    const left = [...usable].sort(oldest);
    while (rest > 0n && left.length > 0) {
      const sizes = left.map((row) => mostCovered(input, state, row, row.open, others));
      const covering = sizes.filter((size) => size >= rest);
      const size = covering.length > 0 ? least(...covering) : -least(...sizes.map((each) => -each));
      const [row] = left.splice(sizes.indexOf(size), 1);
      takeFrom(row!, row!.open);
    }
  } else {
    for (const row of usable.sort((a, b) => (ranksBefore(input, a.lot, b.lot) ? -1 : 1))) takeFrom(row, row.open);
  }
  const got = wanted - rest;
  if (got > 0n) {
    state.takes[line.id] = charge(input, state, line.sku, chosen);
    for (const { row, quantity } of chosen) row.allocated += quantity;
    const own = state.active.find(isOwn);
    if (own) {
      state.active = state.active.filter((each) => each !== own);
      state.converted.push(own.id);
    }
  }
  return got;
}

/** The most up to `wish` that can be taken of a lot, found by trying. */
function mostCovered(input: AllocationInput, state: State, row: Row, wish: bigint, others: Reservation[]): bigint {
  let possible = 0n;
  let impossible = least(wish, row.open) + 1n;
  while (impossible - possible > 1n) {
    // The wish itself first: it is possible nearly always.
    const attempt = impossible === least(wish, row.open) + 1n ? impossible - 1n : (possible + impossible) / 2n;
    if (stillCovers(input, state, row, attempt, others)) possible = attempt;
    else impossible = attempt;
  }
  return possible;
}

/** Section 2: after it, available, received, unexpired lots still cover the reservations of others, there and in all. */
function stillCovers(
  input: AllocationInput,
  state: State,
  from: Row,
  quantity: bigint,
  others: Reservation[],
): boolean {
  const covering = state.rows.filter(
    ({ lot }) =>
      lot.sku === from.lot.sku &&
      lot.status === 'AVAILABLE' &&
      lot.receivedAt <= input.asOf &&
      (lot.expiresOn === null || lot.expiresOn >= input.today),
  );
  const open = (rows: Row[]) => sum(rows.map((row) => row.open)) - quantity;
  const ofSku = others.filter(({ sku }) => sku === from.lot.sku);
  const there = ofSku.filter(({ location }) => location === from.lot.location);
  if (open(covering) < sum(ofSku.map((each) => each.quantity))) return false;
  if (there.length === 0) return true;
  return (
    open(covering.filter(({ lot }) => lot.location === from.lot.location)) >= sum(there.map((each) => each.quantity))
  );
}

function fault(input: AllocationInput, { lot, open }: Row, line: LineDemand) {
  if (lot.sku !== line.sku || lot.receivedAt > input.asOf) return 'NOT_THERE';
  if (lot.status === 'ON_HOLD') return 'ON_HOLD';
  if (lot.expiresOn !== null && lot.expiresOn < input.today) return 'EXPIRED';
  const days = lot.expiresOn === null ? 1e9 : (Date.parse(lot.expiresOn) - Date.parse(input.today)) / 864e5;
  if (days < (line.minShelfLifeDays ?? 0)) return 'SHELF_LIFE';
  if (input.options.locations && !input.options.locations.includes(lot.location)) return 'LOCATION_EXCLUDED';
  return open > 0n ? null : 'NOTHING_OPEN';
}

// Costs ---------------------------------------------------------------------------------------------------------------

function charge(input: AllocationInput, state: State, sku: string, chosen: { row: Row; quantity: bigint }[]) {
  const inPot = state.rows.filter(({ lot }) => lot.sku === sku && lot.receivedAt <= input.asOf).sort(oldest);
  const taken = sum(chosen.map(({ quantity }) => quantity));
  if (input.strategy.cost === 'LOT') {
    return chosen.map(({ row, quantity }) => {
      const cost = halfUp(row.value * quantity, row.open + quantity);
      row.value -= cost;
      return { lot: row.lot.id, quantity, cost };
    });
  }
  const value = sum(inPot.map((row) => row.value));
  const quantity = sum(inPot.map(({ open }) => open)) + taken;
  let restCost = halfUp(value * taken, quantity);
  let restTaken = taken;
  let restValue = value - restCost;
  const takes = chosen.map((each) => {
    const cost = halfUp(restCost * each.quantity, restTaken);
    restCost -= cost;
    restTaken -= each.quantity;
    return { lot: each.row.lot.id, quantity: each.quantity, cost };
  });
  let restOpen = quantity - taken;
  for (const row of inPot) {
    row.value = row.open === 0n ? 0n : halfUp(restValue * row.open, restOpen);
    restValue -= row.value;
    restOpen -= row.open;
  }
  return takes;
}

// Pro rata ------------------------------------------------------------------------------------------------------------

type Fraction = { n: bigint; d: bigint };
const frac = (n: bigint, d = 1n): Fraction => ({ n, d });
const lessThan = (a: Fraction, b: Fraction) => a.n * b.d < b.n * a.d;

function together(input: AllocationInput, state: State, orders: OrderDemand[]): Shortage[] {
  const turns = orders.flatMap(turnsOf);
  const named = new Set(turns.map(({ line }) => `${line.reservationId}/${line.sku}`));
  const protect = input.stock.reservations.filter(({ id, sku }) => !named.has(`${id}/${sku}`));
  const shares = new Map<LineDemand, bigint>();
  for (const sku of new Set(turns.map(({ line }) => line.sku))) {
    share(
      input,
      state,
      turns.filter(({ line }) => line.sku === sku),
      protect,
      shares,
    );
  }
  const got = turns.map((turn) => serve(input, state, turn, shares.get(turn.line)!, protect));
  return turns.flatMap((turn, index) => {
    const short = turn.line.openQuantity - got[index]!;
    return short > 0n ? [shortage(turn, got[index]!, reasonsFor(input, state, turn, short, got[index]!))] : [];
  });
}

function share(
  input: AllocationInput,
  state: State,
  turns: Turn[],
  protect: Reservation[],
  shares: Map<LineDemand, bigint>,
) {
  const weight = ({ order, line }: Turn): Fraction => {
    const given = input.options.weights.get(order.id);
    if (given === undefined) return frac(line.openQuantity);
    const siblings = turns.filter((turn) => turn.order.id === order.id);
    return frac(given * line.openQuantity, sum(siblings.map((turn) => turn.line.openQuantity)));
  };
  /** What these units come to when the reservations that no line names are left covered. */
  const free = (most: Map<Row, bigint>) => {
    const copy = copyOf(state);
    let total = 0n;
    for (const [original, limit] of most) {
      const row = copy.rows.find(({ lot }) => lot.id === original.lot.id)!;
      const quantity = mostCovered(input, copy, row, limit, protect);
      row.open -= quantity;
      total += quantity;
    }
    return total;
  };
  const within = (turn: Turn): Map<Row, bigint> => {
    const usable = state.rows.filter((row) => fault(input, row, turn.line) === null);
    if (input.strategy.pick !== 'SPECIFIC') return new Map(usable.map((row) => [row, row.open]));
    const picks = picksOf(input, turn);
    return new Map(
      usable.flatMap((row) => {
        const pick = picks.find(({ inventoryId }) => inventoryId === row.lot.id);
        return pick && worth(pick, turn.line) > 0n ? [[row, worth(pick, turn.line)] as const] : [];
      }),
    );
  };
  const byAnyone = new Set(turns.flatMap((turn) => [...within(turn).keys()]));
  let supply = frac(free(new Map([...byAnyone].map((row) => [row, row.open]))));
  let active = turns
    .map((turn) => ({ turn, weight: weight(turn), cap: least(turn.line.openQuantity, free(within(turn))) }))
    .filter((each) => each.weight.n > 0n);
  for (const turn of turns) shares.set(turn.line, 0n);
  for (;;) {
    const total = active.map((each) => each.weight).reduce((a, b) => frac(a.n * b.d + b.n * a.d, a.d * b.d), frac(0n));
    const shareOf = (of: Fraction) => frac(supply.n * of.n * total.d, supply.d * of.d * total.n);
    const filled = active.filter((each) => !lessThan(shareOf(each.weight), frac(each.cap)));
    if (filled.length === 0) {
      steps(
        input,
        active.map((each) => ({ ...each, exact: shareOf(each.weight) })),
        supply,
        shares,
      );
      return;
    }
    for (const { turn, cap } of filled) {
      shares.set(turn.line, cap);
      supply = frac(supply.n - cap * supply.d, supply.d);
    }
    active = active.filter((each) => !filled.includes(each));
  }
}

function steps(
  input: AllocationInput,
  active: { turn: Turn; cap: bigint; exact: Fraction }[],
  supply: Fraction,
  shares: Map<LineDemand, bigint>,
) {
  const step = input.options.quantityStep;
  const floored = active.map(({ turn, cap, exact }) => {
    const floor = (exact.n / (exact.d * step)) * step;
    shares.set(turn.line, floor);
    return { turn, floor, cap, remainder: frac(exact.n - floor * exact.d, exact.d) };
  });
  let left = supply.n / supply.d - sum(floored.map(({ floor }) => floor));
  const waiting = floored.filter(({ floor, cap }) => floor + step <= cap);
  while (left >= step && waiting.length > 0) {
    let best = 0;
    waiting.forEach((each, index) => {
      if (lessThan(waiting[best]!.remainder, each.remainder)) best = index;
    });
    const [winner] = waiting.splice(best, 1);
    shares.set(winner!.turn.line, winner!.floor + step);
    left -= step;
  }
}

// Reasons -------------------------------------------------------------------------------------------------------------

function reasonsFor(input: AllocationInput, state: State, turn: Turn, short: bigint, gained = 0n): Shortage['reasons'] {
  const { line } = turn;
  const rows = state.rows.filter((row) => fault(input, row, line) !== 'NOT_THERE');
  const openOf = (code: string) => sum(rows.filter((row) => fault(input, row, line) === code).map(({ open }) => open));
  const reasons: { code: Shortage['reasons'][number]['code']; quantity: bigint }[] = [];
  let rest = short;
  const put = (code: Shortage['reasons'][number]['code'], most: bigint) => {
    const quantity = least(rest, most);
    if (quantity > 0n) reasons.push({ code, quantity });
    rest -= quantity > 0n ? quantity : 0n;
  };
  if (input.strategy.pick === 'SPECIFIC') {
    const stopped = (code: string) =>
      sum(
        picksOf(input, turn).map((pick) => {
          const row = rows.find(({ lot }) => lot.id === pick.inventoryId);
          return row && fault(input, row, line) === code ? least(worth(pick, line), row.open) : 0n;
        }),
      );
    put('LOT_ON_HOLD', stopped('ON_HOLD'));
    put('LOT_EXPIRED', stopped('EXPIRED'));
    put('LOT_SHORT', rest);
    return reasons;
  }
  for (const code of ['ON_HOLD', 'EXPIRED', 'SHELF_LIFE', 'LOCATION_EXCLUDED'] as const) put(code, openOf(code));
  const usable = rows.filter((row) => [null, 'NOTHING_OPEN'].includes(fault(input, row, line)));
  const reserved = state.active.filter(({ id, sku }) => sku === line.sku && id !== line.reservationId);
  put('RESERVED', least(sum(usable.map(({ open }) => open)), sum(reserved.map(({ quantity }) => quantity))));
  const own = (id: string) =>
    sum(line.holdings.filter((each) => each.inventoryId === id).map((each) => each.allocatedQuantity));
  put('ALLOCATED_TO_OTHERS', sum(usable.map(({ lot, allocated }) => allocated - own(lot.id))) - gained);
  put('NO_STOCK', rest);
  return reasons;
}

// Small words ---------------------------------------------------------------------------------------------------------

const picksOf = ({ options }: AllocationInput, { order, line }: Turn): readonly Pick[] =>
  options.picks ? (options.picks.get(order.id)?.get(line.lineNumber) ?? []) : (line.picks ?? []);

function worth(pick: Pick, line: LineDemand): bigint {
  const has = line.holdings.filter((each) => each.inventoryId === pick.inventoryId);
  const rest = pick.quantity - sum(has.map((each) => each.allocatedQuantity + each.shippedQuantity));
  return rest > 0n ? rest : 0n;
}

function ranksBefore({ strategy, options }: AllocationInput, a: Lot, b: Lot): boolean {
  const place = (lot: Lot) =>
    options.locationPriority.includes(lot.location) ? options.locationPriority.indexOf(lot.location) : 99;
  const older = a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.lotSequence < b.lotSequence);
  switch (strategy.pick) {
    case 'LIFO':
      return !older;
    case 'FEFO':
      return (a.expiresOn ?? '9999') === (b.expiresOn ?? '9999')
        ? older
        : (a.expiresOn ?? '9999') < (b.expiresOn ?? '9999');
    case 'LOWEST_COST':
      return a.lotUnitCost === b.lotUnitCost ? older : a.lotUnitCost < b.lotUnitCost;
    case 'HIGHEST_COST':
      return a.lotUnitCost === b.lotUnitCost ? older : a.lotUnitCost > b.lotUnitCost;
    case 'LOCATION_PRIORITY':
      return place(a) === place(b) ? older : place(a) < place(b);
    default:
      return older;
  }
}

const oldest = ({ lot: a }: Row, { lot: b }: Row) =>
  a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.lotSequence < b.lotSequence) ? -1 : 1;

const copyOf = (state: State): State => ({
  rows: state.rows.map((row) => ({ ...row })),
  active: [...state.active],
  takes: { ...state.takes },
  converted: [...state.converted],
});

const sum = (of: readonly bigint[]) => of.reduce((a, b) => a + b, 0n);
const least = (...of: readonly bigint[]) => of.reduce((a, b) => (b < a ? b : a));
const halfUp = (n: bigint, d: bigint) => (2n * n + d) / (2n * d);
