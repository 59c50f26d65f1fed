import { type Order, type OrderLine, type OrderStatus, type Pick, parseDecimal } from '@inventory/models';
import {
  type LineRow,
  type OrderBounds,
  type OrderRow,
  ordersStatement,
  type PicksRow,
  restOfOrderStatement,
  rowKinds,
} from './orders-statement.ts';
import { type Page, type PageRequest, pageOf } from './page.ts';
import type { Queryable, Statement } from './queryable.ts';

export type OrderFilters = {
  readonly orderNumber?: string | null;
  readonly status?: OrderStatus | null;
  readonly customerId?: string | null;
  /** Orders with a line of this SKU. */
  readonly sku?: string | null;
};

/** A page ends early after so many answers of the Data API: a function's own answer is bound to 6 MB. */
const CALLS_PER_PAGE = 4;

/** The order of that id, or null. */
export async function findOrder(database: Queryable, id: string): Promise<Order | null> {
  const { orders } = await readOrders(database, { id }, { after: null, limit: 1 });
  return orders[0] ?? null;
}

/**
 * Orders with their lines, newest first: one call where they fit into one answer of the Data API. A page of very large
 * orders has fewer than `limit`.
 */
export async function listOrders(database: Queryable, filters: OrderFilters, page: PageRequest): Promise<Page<Order>> {
  const orders: Order[] = [];
  for (let call = 1; ; call++) {
    const after = orders.at(-1)?.id ?? page.after;
    const read = await readOrders(database, filters, { after, limit: page.limit + 1 - orders.length });
    orders.push(...read.orders);
    if (!read.isCutOff || orders.length > page.limit) return pageOf(orders, page.limit, ({ id }) => id);
    if (call === CALLS_PER_PAGE) return { items: orders, next: orders.at(-1)?.id ?? null };
  }
}

/** Whole orders only; the first one even where it is larger than an answer. */
async function readOrders(database: Queryable, filters: OrderFilters & { id?: string }, bounds: OrderBounds) {
  const { orders, isCutOff } = await read(database, ordersStatement(filters, bounds));
  const cutOff = isCutOff ? orders.pop() : undefined;
  if (orders.length === 0 && cutOff) orders.push(await readLargeOrder(database, cutOff));
  return { orders: orders.map(({ order, lines }): Order => ({ ...order, lines })), isCutOff };
}

/** Goes on behind the last row that was read; begins again where the order has moved meanwhile. */
async function readLargeOrder(database: Queryable, begun: OrderRead): Promise<OrderRead> {
  const lines = [...begun.lines];
  for (;;) {
    const last = lines.at(-1);
    const behind = { lineNumber: last?.lineNumber ?? 0, picks: last?.picks?.length ?? 0 };
    const { orders, isCutOff } = await read(database, restOfOrderStatement(begun.order.id, behind));
    const more = orders[0];
    if (!more) throw new Error(`Order ${begun.order.id} is gone`);
    if (more.revision !== begun.revision) return readLargeOrder(database, { ...more, lines: [] });
    for (const line of more.lines) {
      if (line.id === last?.id) last.picks?.push(...(line.picks ?? []));
      else lines.push(line);
    }
    if (!isCutOff) return { ...begun, lines };
  }
}

/** Runs one statement; `isCutOff` says that rows are missing behind the last. */
async function read(database: Queryable, statement: Statement) {
  const rows = await database.query(statement);
  const orders: OrderRead[] = [];
  for (const { kind, data } of rows) {
    const row = JSON.parse(String(data));
    const lines = orders.at(-1)?.lines;
    if (kind === rowKinds.order) orders.push(orderOf(row));
    else if (kind === rowKinds.line) lines?.push(lineOf(row));
    else lines?.at(-1)?.picks?.push(...picksOf(row));
  }
  return { orders, isCutOff: rows.length < Number(rows[0]?.total ?? 0) };
}

type OrderRead = { readonly order: Omit<Order, 'lines'>; readonly revision: number; readonly lines: LineRead[] };
type LineRead = Omit<OrderLine, 'picks'> & { readonly picks: Pick[] | null };

function orderOf([
  id,
  orderNumber,
  customerId,
  priority,
  orderedAt,
  shipDate,
  version,
  revision,
  createdAt,
]: OrderRow): OrderRead {
  const times = { orderedAt: new Date(orderedAt).toISOString(), createdAt: new Date(createdAt).toISOString() };
  const order = { id, orderNumber, customerId, priority, requestedShipDate: shipDate, version, ...times };
  return { order, revision, lines: [] };
}

const lineOf = ([
  id,
  lineNumber,
  sku,
  quantity,
  held,
  shipped,
  cancelled,
  shelfLife,
  hold,
  picks,
]: LineRow): LineRead => ({
  id,
  lineNumber,
  sku,
  quantity: parseDecimal(quantity),
  minShelfLifeDays: shelfLife,
  picks: picks ? [] : null,
  reservationId: hold,
  allocatedQuantity: parseDecimal(held),
  shippedQuantity: parseDecimal(shipped),
  cancelledQuantity: parseDecimal(cancelled),
});

const picksOf = (row: PicksRow) =>
  row.map(([inventoryId, quantity]): Pick => ({ inventoryId, quantity: parseDecimal(quantity) }));
