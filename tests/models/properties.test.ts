import {
  type Allocation,
  type AllocationInput,
  allocate,
  allocationMethods,
  type Change,
  type LineDemand,
  type Lot,
  pickRules,
  type StockRest,
} from '@inventory/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { after, input } from './given.ts';
import { decide } from './reference.ts';
import { turnsOf } from './replay.ts';
import { worldOf } from './worlds.ts';

type Promised = (given: AllocationInput, decided: Allocation) => void;

const sum = <Item>(items: readonly Item[], amount: (item: Item) => bigint) =>
  items.reduce((total, item) => total + amount(item), 0n);
const linesOf = ({ orders }: AllocationInput) =>
  orders.flatMap((order) => order.lines.map((line) => ({ order, line })));

/** What a run promises, whatever the method. */
const promises: Readonly<Record<string, Promised>> = {
  'conserves value to the cent, in the lots and in the pool of each SKU': ({ stock }, { change, results }) => {
    const lots = after(stock.lots, [change]);
    for (const { sku, poolQuantityDelta, poolValueDelta, moves } of change.positions) {
      const own = results.filter((each) => each.sku === sku);
      const inSku = (each: Lot) => each.sku === sku;
      const value = (of: readonly Lot[]) => sum(of.filter(inSku), ({ openValue }) => openValue);
      const cost = sum(own, ({ costAmount }) => costAmount);
      expect(value(stock.lots) - value(lots)).toBe(cost);
      expect([poolQuantityDelta, poolValueDelta]).toEqual([-sum(own, ({ quantity }) => quantity), -cost]);
      expect(moves).toBe(own.length > 0);
    }
  },

  'revalues lots by amounts that sum to zero': ({ stock, effectiveAt }, { change, results }) => {
    const drawn = (id: string) =>
      sum(
        results.filter((each) => each.inventoryId === id),
        ({ costAmount }) => costAmount,
      );
    for (const { sku } of stock.positions) {
      expect(
        sum(
          change.movements.filter((each) => each.sku === sku),
          ({ valueDelta }) => valueDelta,
        ),
      ).toBe(0n);
    }
    for (const { id, openValueDelta } of change.lots) {
      const revalued = change.movements.filter(({ inventoryId }) => inventoryId === id);
      expect(openValueDelta).toBe(sum(revalued, ({ valueDelta }) => valueDelta) - drawn(id));
      for (const each of revalued) expect(each).toMatchObject({ kind: 'REVALUE', quantityDelta: 0n, effectiveAt });
    }
  },

  'leaves nothing negative, and no value where nothing is open': ({ stock }, { change, results }) => {
    for (const { remainingQuantity, allocatedQuantity, openValue } of after(stock.lots, [change])) {
      expect(allocatedQuantity >= 0n && allocatedQuantity <= remainingQuantity && openValue >= 0n).toBe(true);
      if (allocatedQuantity === remainingQuantity) expect(openValue).toBe(0n);
    }
    for (const { quantity, costAmount } of results) expect(quantity > 0n && costAmount >= 0n).toBe(true);
  },

  'gives what is requested or says that it is short, for every line and in all': (
    given,
    { results, shortages, totals },
  ) => {
    for (const { order, line } of linesOf(given)) {
      const allocated = sum(
        results.filter((each) => each.orderLineId === line.id),
        ({ quantity }) => quantity,
      );
      const shortage = shortages.filter((each) => each.orderId === order.id && each.lineNumber === line.lineNumber);
      expect(allocated + sum(shortage, ({ short }) => short)).toBe(line.openQuantity);
      expect(shortage.length).toBe(allocated < line.openQuantity ? 1 : 0);
      for (const each of shortage) expect(each).toMatchObject({ requested: line.openQuantity, allocated });
    }
    expect(totals).toEqual({
      requested: sum(linesOf(given), ({ line }) => line.openQuantity),
      allocated: sum(results, ({ quantity }) => quantity),
      short: sum(shortages, ({ short }) => short),
      costAmount: sum(results, ({ costAmount }) => costAmount),
    });
  },

  'gives reasons that sum to the shortage, each once': (_, { shortages }) => {
    for (const { short, reasons } of shortages) {
      expect(sum(reasons, ({ quantity }) => quantity)).toBe(short);
      expect(reasons.every(({ quantity }) => quantity > 0n)).toBe(true);
      expect(new Set(reasons.map(({ code }) => code)).size).toBe(reasons.length);
    }
  },

  'moves the counters of lots, lines and orders by what the results say': ({ orders }, { change, results }) => {
    const by = (key: 'inventoryId' | 'orderLineId' | 'orderId', id: string) =>
      sum(
        results.filter((each) => each[key] === id),
        ({ quantity }) => quantity,
      );
    for (const { id, allocatedDelta } of change.lots) expect(allocatedDelta).toBe(by('inventoryId', id));
    for (const { id, allocatedDelta } of change.orderLines) expect(allocatedDelta).toBe(by('orderLineId', id));
    for (const { id, allocatedDelta } of change.orders) expect(allocatedDelta).toBe(by('orderId', id));
    expect(change.orders.map(({ id }) => id).toSorted()).toEqual(orders.map(({ id }) => id).toSorted());
    expect(sum(change.orderLines, ({ allocatedDelta }) => allocatedDelta)).toBe(
      sum(results, ({ quantity }) => quantity),
    );
  },

  'leaves the reservations of others covered after each line': (given, decided) => {
    for (const { covered } of turnsOf(given, decided)) expect(covered).toBe(true);
  },

  'converts the reservation of each line that got something, and no other': (given, { change, results }) => {
    const own = ({ reservationId, sku, id }: LineDemand) =>
      given.stock.reservations.filter((each) => each.id === reservationId && each.sku === sku).length > 0 &&
      results.some(({ orderLineId }) => orderLineId === id);
    const expected = linesOf(given).filter(({ line }) => own(line));
    expect(change.reservationsConverted.toSorted()).toEqual(expected.map(({ line }) => line.reservationId).toSorted());
  },

  'explains every lot of the SKU of every line once, in rank order': (given, { explanation, results }) => {
    expect(explanation.length).toBe(linesOf(given).length);
    for (const { orderId, lineNumber, candidates } of explanation) {
      const { line } = linesOf(given).find((each) => each.order.id === orderId && each.line.lineNumber === lineNumber)!;
      const lots = given.stock.lots.filter(({ sku }) => sku === line.sku);
      const own = results.filter(({ orderLineId }) => orderLineId === line.id);
      expect(candidates.map(({ inventoryId }) => inventoryId).toSorted()).toEqual(lots.map(({ id }) => id).toSorted());
      expect(candidates.map(({ rank }) => rank)).toEqual(lots.map((_, index) => index + 1));
      const taken = candidates.filter((each) => each.taken > 0n);
      expect(taken.map((each) => [each.inventoryId, each.taken])).toEqual(
        own.map((each) => [each.inventoryId, each.quantity]),
      );
      for (const each of candidates) expect(each.skipped === null).toBe(each.taken > 0n);
    }
  },

  'takes as few lots as possible, where that is the rule': (given, decided) => {
    if (given.strategy.pick !== 'FEWEST_LOTS') return;
    for (const { taken, fewest } of turnsOf(given, decided)) expect(taken.length).toBe(fewest());
  },

  'decides as the rules do when they are written down a second time': (given, { results, shortages, change }) => {
    const expected = decide(given);
    const takes = linesOf(given).map(({ line }) => [
      line.id,
      results
        .filter(({ orderLineId }) => orderLineId === line.id)
        .map(({ inventoryId, quantity, costAmount }) => ({ lot: inventoryId, quantity, cost: costAmount })),
    ]);
    expect(Object.fromEntries(takes.filter(([, rows]) => rows!.length > 0))).toEqual(expected.takes);
    expect(shortages).toEqual(expected.shortages);
    expect(change.reservationsConverted).toEqual(expected.converted);
  },

  'answers the same in whatever order the rows were read': (given, decided) => {
    const { stock, orders } = given;
    const turned = {
      ...given,
      orders: orders.toReversed().map((order) => ({ ...order, lines: order.lines.toReversed() })),
      stock: { ...stock, lots: stock.lots.toReversed(), reservations: stock.reservations.toReversed() },
    };
    expect(unordered(allocateAnew(turned))).toEqual(unordered(decided));
  },

  'decides the same whether or not it explains': (given, decided) => {
    const silent = { ...given, options: { ...given.options, explain: false } };
    expect(allocateAnew(silent)).toEqual({ ...decided, explanation: [] });
  },

  'answers the same where lots that it does not take are loaded as sums': (given, decided) => {
    if (given.strategy.cost !== 'LOT' || pickRules[given.strategy.pick].choice !== 'RANKED') return;
    const reduced = { ...given, options: { ...given.options, explain: false }, stock: summedUp(given, decided) };
    expect(unordered(allocateAnew(reduced))).toEqual({ ...unordered(decided), explanation: [] });
  },
};

describe.each(allocationMethods)('%s', (method) => {
  test('keeps every promise on 1,000 random days', () => {
    fc.assert(
      fc.property(worldOf(method), (world) => {
        const given = input(world);
        const decided = allocateAnew(given);
        for (const [promise, check] of Object.entries(promises)) {
          try {
            check(given, decided);
          } catch (cause) {
            throw new Error(`It no longer ${promise}`, { cause });
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

function allocateAnew(given: AllocationInput): Allocation {
  let ids = 0;
  return allocate({ ...given, newId: () => `R${++ids}` });
}

/** The answer with the rows of the change in one order: which they stand in there says nothing. */
function unordered({ change, ...answer }: Allocation) {
  const byId = <Row>(rows: readonly Row[]) =>
    rows.toSorted((a, b) => (JSON.stringify(a, text) < JSON.stringify(b, text) ? -1 : 1));
  const sorted: Partial<Record<keyof Change, unknown>> = {};
  for (const [part, rows] of Object.entries(change)) Object.assign(sorted, { [part]: byId<unknown>(rows) });
  return { ...answer, change: sorted };
}

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** The stock with the lots that no attempt took as sums of what decides their use, but those that a line holds. */
function summedUp({ stock, asOf, orders }: AllocationInput, { explanation }: Allocation) {
  const wanted = new Set(
    explanation.flatMap(({ candidates }) =>
      candidates
        .filter((each) => each.taken > 0n || each.skipped === 'POLICY_COMPLETE_ONLY')
        .map((each) => each.inventoryId),
    ),
  );
  const held = new Set(
    orders.flatMap(({ lines }) => lines.flatMap(({ holdings }) => holdings.map((each) => each.inventoryId))),
  );
  const isLoaded = (lot: Lot) => wanted.has(lot.id) || held.has(lot.id) || lot.receivedAt > asOf;
  const groups = Map.groupBy(
    stock.lots.filter((lot) => !isLoaded(lot)),
    ({ sku, location, status, expiresOn }) => JSON.stringify([sku, location, status, expiresOn]),
  );
  const rest = [...groups.values()].map(
    (lots): StockRest => ({
      ...{ sku: lots[0]!.sku, location: lots[0]!.location, status: lots[0]!.status, expiresOn: lots[0]!.expiresOn },
      openQuantity: sum(lots, (lot) => lot.remainingQuantity - lot.allocatedQuantity),
      allocatedQuantity: sum(lots, (lot) => lot.allocatedQuantity),
    }),
  );
  return { ...stock, lots: stock.lots.filter(isLoaded), rest };
}
