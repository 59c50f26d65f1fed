import {
  type Decimal,
  type Holding,
  type Instant,
  type LineDemand,
  type Lot,
  type LotStatus,
  type Month,
  type OrderDemand,
  type Pick,
  type Position,
  parseDecimal,
  type Reservation,
  type Stock,
  type StockRest,
} from '@inventory/models';
import type { Answer } from '../idempotency.ts';
import type { Queryable } from '../queryable.ts';
import { type StoredChunk, storedAnswer } from '../stored-answer.ts';
import type { LineScope, OrderChoice, Reach } from './demand.ts';
import { type Cut, loadStatement, loadStockStatement, rowKinds, type SkuDemand, sections } from './load-statement.ts';

/** What a run is decided from; `answer` is that of an earlier equal request, and wins over everything. */
export type Loaded = {
  readonly answer: { readonly requestHash: string; readonly answer: Answer } | null;
  /** The last closed month; null while every month is open. */
  readonly closedThrough: Month | null;
  /** By id; with the lines that are open. */
  readonly orders: readonly OrderDemand[];
  readonly stock: Stock;
  /** True: more lines than asked for, and what is loaded is not all. */
  readonly tooLarge: boolean;
};

export type LoadRequest = {
  readonly choice: OrderChoice;
  readonly reach: Reach;
  readonly idempotencyKey: string | null;
  readonly scope?: LineScope;
  /** A load of more lines than this is given up: `tooLarge`. Without it the load expects many pages. */
  readonly linesAtMost?: number;
};

/**
 * Reads what a run needs: one call where it fits into one answer of the Data API (about 2,500 lines of 3 lots), further
 * calls for what was cut off. Takes no lock. Pages need no common snapshot: every SKU and order comes with its version.
 */
export async function load(database: Queryable, request: LoadRequest): Promise<Loaded> {
  const page = newPage();
  const { choice, reach, idempotencyKey, scope = null, linesAtMost = null } = request;
  const first = { choice, reach, idempotencyKey, scope, linesAtMost, after: null, withStock: linesAtMost !== null };
  let cut = await read(database, page, loadStatement(first));
  if (page.answer.length > 0) return { ...nothing, answer: await replay(database, page, cut, request) };
  if (page.tooLarge) return { ...nothing, closedThrough: page.closedThrough, tooLarge: true };
  const isWhole = cut === null && first.withStock;
  while (cut?.section === sections.orders) {
    const after = dropOrder(page, cut.key);
    const next = { choice, reach, scope, after, idempotencyKey: null, linesAtMost: null, withStock: false };
    cut = await read(database, page, loadStatement(next));
  }
  if (!isWhole) await loadRest(database, page, reach, cut);
  return { ...nothing, closedThrough: page.closedThrough, orders: ordersOf(page), stock: stockOf(page) };
}

const nothing: Loaded = {
  answer: null,
  closedThrough: null,
  orders: [],
  stock: { positions: [], lots: [], rest: [], reservations: [] },
  tooLarge: false,
};

type Page = {
  answer: StoredChunk[];
  closedThrough: Month | null;
  tooLarge: boolean;
  orders: Map<string, Omit<OrderDemand, 'lines'>>;
  lines: Map<string, LoadedLine>;
  holdings: Map<string, Holding[]>;
  positions: Map<string, Position>;
  reservations: Map<string, Reservation>;
  lots: Map<string, Lot>;
  rest: Map<string, StockRest[]>;
};
type LoadedLine = Omit<LineDemand, 'holdings'> & { orderId: string };

const newPage = (): Page => ({
  answer: [],
  closedThrough: null,
  tooLarge: false,
  orders: new Map(),
  lines: new Map(),
  holdings: new Map(),
  positions: new Map(),
  reservations: new Map(),
  lots: new Map(),
  rest: new Map(),
});

/** Runs one page into `page` and returns where it was cut off. */
async function read(
  database: Queryable,
  page: Page,
  statement: Parameters<Queryable['query']>[0],
): Promise<Cut | null> {
  let cut: Cut | null = null;
  for (const { section, data } of await database.query(statement)) {
    const row = JSON.parse(String(data));
    if (section === sections.answer) page.answer.push(row);
    else if (section === sections.period) page.closedThrough = row[0];
    else if (section === sections.tooLarge) page.tooLarge = true;
    else if (section === sections.cut) cut = { section: row[0], key: row[1], detail: row[2] };
    else readers[row[0]]?.(page, row);
  }
  return cut;
}

// biome-ignore lint/suspicious/noExplicitAny: rows are JSON arrays that the load statement wrote
type JsonRow = any[];

const instant = (epoch: number): Instant => new Date(epoch).toISOString();

const readers: Record<number, (page: Page, row: JsonRow) => void> = {
  [rowKinds.order]: (page, [, id, orderNumber, priority, orderedAt, requestedShipDate, revision]) =>
    page.orders.set(id, { id, orderNumber, priority, orderedAt: instant(orderedAt), requestedShipDate, revision }),

  [rowKinds.line]: (page, [, orderId, id, lineNumber, sku, quantity, open, minShelfLifeDays, picks, reservationId]) =>
    page.lines.set(id, {
      orderId,
      id,
      lineNumber,
      sku,
      quantity: parseDecimal(quantity),
      openQuantity: parseDecimal(open),
      minShelfLifeDays,
      picks: picks?.map(pickOf) ?? null,
      reservationId,
    }),

  [rowKinds.holding]: (page, [, , lineId, inventoryId, allocated, shipped]) =>
    add(page.holdings, lineId, {
      inventoryId,
      allocatedQuantity: parseDecimal(allocated),
      shippedQuantity: parseDecimal(shipped),
    }),

  [rowKinds.position]: (page, [, sku, version, quantity, value]) =>
    page.positions.set(sku, { sku, version, poolQuantity: parseDecimal(quantity), poolValue: BigInt(value) }),

  [rowKinds.reservation]: (page, [, id, sku, location, quantity]) =>
    page.reservations.set(id, { id, sku, location, quantity: parseDecimal(quantity) }),

  [rowKinds.lot]: (
    page,
    [, id, lotSequence, sku, location, status, receivedAt, expiresOn, cost, remaining, allocated, value],
  ) =>
    page.lots.set(id, {
      id,
      lotSequence,
      sku,
      location,
      status: status as LotStatus,
      receivedAt: instant(receivedAt),
      expiresOn,
      lotUnitCost: parseDecimal(cost),
      remainingQuantity: parseDecimal(remaining),
      allocatedQuantity: parseDecimal(allocated),
      openValue: BigInt(value),
    }),

  [rowKinds.rest]: (page, [, sku, location, status, expiresOn, open, allocated]) =>
    add(page.rest, sku, {
      sku,
      location,
      status: status as LotStatus,
      expiresOn,
      openQuantity: parseDecimal(open),
      allocatedQuantity: parseDecimal(allocated),
    }),
};

const pickOf = ({ inventoryId, quantity }: { inventoryId: string; quantity: string }): Pick => ({
  inventoryId,
  quantity: parseDecimal(quantity),
});

function add<Item>(map: Map<string, Item[]>, key: string, item: Item) {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

/** Forgets the order that a page was cut off in, and returns the last whole one before it. */
function dropOrder(page: Page, cutOff: string): string | null {
  page.orders.delete(cutOff);
  for (const [id, line] of page.lines) {
    if (line.orderId !== cutOff) continue;
    page.lines.delete(id);
    page.holdings.delete(id);
  }
  let last: string | null = null;
  for (const id of page.orders.keys()) if (last === null || id > last) last = id;
  return last;
}

/** A first guess of how many SKUs fit into a page: with three lots each. */
const SKUS_PER_PAGE = 1_200;

/** Reads the SKUs that did not fit; one that is larger than a page comes in parts and must not move in between. */
async function loadRest(database: Queryable, page: Page, reach: Reach, cutInStock: Cut | null) {
  const demand = demandOf(page);
  const named = [...page.lines.values()].flatMap(({ picks }) => picks?.map(({ inventoryId }) => inventoryId) ?? []);
  let cut = cutInStock;
  let size = 2 * Math.max(SKUS_PER_PAGE / 2, page.positions.size);
  for (;;) {
    const missing = demand.filter(({ sku }) => !page.positions.has(sku));
    const begun = cut && demand.find(({ sku }) => sku === cut?.key);
    const wanted = [...(begun ? [begun] : []), ...missing.filter((each) => each !== begun)].slice(0, size);
    if (wanted.length === 0 && !cut) return;
    const version = cut && page.positions.get(cut.key)?.version;
    const before = page.positions.size;
    const next = await read(
      database,
      page,
      loadStockStatement({ demand: wanted, named: [...named, ...reach.named], reach, from: cut }),
    );
    const moved = cut && version !== undefined && page.positions.get(cut.key)?.version !== version;
    if (moved && cut) forgetSku(page, cut.key);
    cut = moved ? null : next;
    size = Math.max(50, Math.ceil(1.2 * (page.positions.size - before)));
  }
}

function forgetSku(page: Page, sku: string) {
  page.positions.delete(sku);
  page.rest.delete(sku);
  for (const each of [page.lots, page.reservations]) {
    for (const [id, row] of each) if (row.sku === sku) each.delete(id);
  }
}

function demandOf(page: Page): SkuDemand[] {
  const bySku = new Map<string, { sku: string; quantity: Decimal; shelfLife: number | null }>();
  for (const { sku, openQuantity, minShelfLifeDays } of page.lines.values()) {
    const demand = bySku.get(sku) ?? { sku, quantity: 0n, shelfLife: null };
    demand.quantity += openQuantity;
    if (minShelfLifeDays !== null) demand.shelfLife = Math.max(demand.shelfLife ?? 0, minShelfLifeDays);
    bySku.set(sku, demand);
  }
  return [...bySku.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

function ordersOf(page: Page): OrderDemand[] {
  const lines = new Map<string, LineDemand[]>();
  for (const { orderId, ...line } of page.lines.values()) {
    add(lines, orderId, { ...line, holdings: page.holdings.get(line.id) ?? [] });
  }
  return [...page.orders.values()].map((order) => ({
    ...order,
    lines: (lines.get(order.id) ?? []).sort((a, b) => a.lineNumber - b.lineNumber),
  }));
}

const stockOf = (page: Page): Stock => ({
  positions: [...page.positions.values()],
  lots: [...page.lots.values()],
  rest: [...page.rest.values()].flat(),
  reservations: [...page.reservations.values()],
});

/** The stored answer, however long it is: the first page's chunks and those that were cut off. */
const replay = (database: Queryable, page: Page, cut: Cut | null, { idempotencyKey }: LoadRequest) =>
  storedAnswer(database, page.answer, cut?.section === sections.answer ? idempotencyKey : null);
