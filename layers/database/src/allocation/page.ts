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
import type { Queryable, Statement } from '../queryable.ts';
import type { StoredChunk } from '../stored-answer.ts';
import { type Cut, packKinds, rowKinds, type SkuDemand, sections } from './load-statement.ts';

/** What a load has read so far, of one page or many. */
export type Page = {
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

export const newPage = (): Page => ({
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

/** Runs a statement of a load, adds its rows to `page`, and returns where these were cut off. */
export async function readInto(page: Page, database: Queryable, statement: Statement): Promise<Cut | null> {
  let cut: Cut | null = null;
  for (const { section, data } of await database.query(statement)) {
    const text = String(data);
    const readPack = packReaders[text[0] ?? ''];
    if (readPack) {
      const [head = '', ...rows] = text.slice(1).split('\n');
      readPack(page, head.split('\t'), rows);
      continue;
    }
    const row = JSON.parse(text);
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

  [rowKinds.lines]: (page, [, orderId, lines]) => {
    for (const [id, lineNumber, sku, quantity, open, minShelfLifeDays, reservationId, picks] of lines) {
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
      });
    }
  },

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

/** Of the head, and of the rows behind it; nothing stands for null. */
const packReaders: Record<string, (page: Page, head: readonly string[], rows: readonly string[]) => void> = {
  [packKinds.lines]: (page, [sku = '', version, poolQuantity = '', poolValue = ''], rows) => {
    // What is relied on is the version that was seen first, whatever the pages tell later.
    if (!page.positions.has(sku)) {
      const pool = { poolQuantity: parseDecimal(poolQuantity), poolValue: BigInt(poolValue) };
      page.positions.set(sku, { sku, version: Number(version), ...pool });
    }
    for (const row of rows) {
      const [id = '', lineNumber, quantity = '', open = '', minLife, reservationId, orderId = '', ...order] =
        row.split('\t');
      page.lines.set(id, {
        ...{ orderId, id, lineNumber: Number(lineNumber), sku, picks: null, reservationId: reservationId || null },
        quantity: parseDecimal(quantity),
        openQuantity: parseDecimal(open),
        minShelfLifeDays: minLife ? Number(minLife) : null,
      });
      if (page.orders.has(orderId)) continue;
      const [revision, orderNumber = '', priority, orderedAt, requestedShipDate] = order;
      page.orders.set(orderId, {
        ...{ id: orderId, orderNumber, priority: Number(priority), orderedAt: instant(Number(orderedAt)) },
        ...{ requestedShipDate: requestedShipDate || null, revision: Number(revision) },
      });
    }
  },

  [packKinds.lots]: (page, [sku = ''], rows) => {
    for (const row of rows) {
      const [id = '', sequence, location = '', status, receivedAt, expiresOn, cost = '', ...counters] = row.split('\t');
      const [remaining = '', allocated = '', value = ''] = counters;
      page.lots.set(id, {
        ...{ id, lotSequence: Number(sequence), sku, location, status: status as LotStatus },
        ...{ receivedAt: instant(Number(receivedAt)), expiresOn: expiresOn || null, lotUnitCost: parseDecimal(cost) },
        ...{
          remainingQuantity: parseDecimal(remaining),
          allocatedQuantity: parseDecimal(allocated),
          openValue: BigInt(value),
        },
      });
    }
  },
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

/** What the lines read so far want of each SKU. */
export function demandOf(page: Page): SkuDemand[] {
  const bySku = new Map<string, { sku: string; quantity: Decimal; shelfLife: number | null }>();
  for (const { sku, openQuantity, minShelfLifeDays } of page.lines.values()) {
    const demand = bySku.get(sku) ?? { sku, quantity: 0n, shelfLife: null };
    demand.quantity += openQuantity;
    if (minShelfLifeDays !== null) demand.shelfLife = Math.max(demand.shelfLife ?? 0, minShelfLifeDays);
    bySku.set(sku, demand);
  }
  return [...bySku.values()].sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

/** The orders with their open lines. */
export function ordersOf(page: Page): OrderDemand[] {
  const lines = new Map<string, LineDemand[]>();
  for (const { orderId, ...line } of page.lines.values()) {
    add(lines, orderId, { ...line, holdings: page.holdings.get(line.id) ?? [] });
  }
  return [...page.orders.values()].map((order) => ({
    ...order,
    lines: (lines.get(order.id) ?? []).sort((a, b) => a.lineNumber - b.lineNumber),
  }));
}

/** The stock that was read. */
export const stockOf = (page: Page): Stock => ({
  positions: [...page.positions.values()],
  lots: [...page.lots.values()],
  rest: [...page.rest.values()].flat(),
  reservations: [...page.reservations.values()],
});

/** Forgets a SKU that moved while its pages were read. */
export function forgetSku(page: Page, sku: string) {
  page.positions.delete(sku);
  page.rest.delete(sku);
  for (const each of [page.lots, page.reservations]) {
    for (const [id, row] of each) if (row.sku === sku) each.delete(id);
  }
}

/** Lots that the core asks for one by one: those that a line names, and those that it holds something of. */
export const namedBy = (page: Page): string[] => [
  ...[...page.lines.values()].flatMap(({ picks }) => picks?.map(({ inventoryId }) => inventoryId) ?? []),
  ...[...page.holdings.values()].flat().map(({ inventoryId }) => inventoryId),
];
