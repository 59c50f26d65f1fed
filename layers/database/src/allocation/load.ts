import type { Month, OrderDemand, Stock } from '@inventory/models';
import type { Answer } from '../idempotency.ts';
import type { Queryable } from '../queryable.ts';
import { storedAnswer } from '../stored-answer.ts';
import type { LineScope, OrderChoice, Reach } from './demand.ts';
import { type Cut, loadStatement, loadStockStatement, sections } from './load-statement.ts';
import { demandOf, forgetSku, namedBy, newPage, ordersOf, type Page, readInto, stockOf } from './page.ts';

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
  const first = { choice, reach, idempotencyKey, scope, linesAtMost, from: null, withStock: linesAtMost !== null };
  let cut = await readInto(page, database, loadStatement(first));
  if (page.answer.length > 0) return { ...nothing, answer: await replay(database, page, cut, request) };
  if (page.tooLarge) return { ...nothing, closedThrough: page.closedThrough, tooLarge: true };
  const isWhole = cut === null && first.withStock;
  while (cut?.section === sections.orders) {
    const next = { choice, reach, scope, from: cut, idempotencyKey: null, linesAtMost: null, withStock: false };
    cut = await readInto(page, database, loadStatement(next));
  }
  if (!isWhole) await loadRest(database, page, reach, cut);
  return { ...nothing, closedThrough: page.closedThrough, orders: ordersOf(page), stock: stockOf(page) };
}

/** A load that has found nothing yet. */
export const nothing: Loaded = {
  answer: null,
  closedThrough: null,
  orders: [],
  stock: { positions: [], lots: [], rest: [], reservations: [] },
  tooLarge: false,
};

/** A first guess of how many SKUs fit into a page: with three lots each. */
const SKUS_PER_PAGE = 1_200;

/** Reads the SKUs that did not fit; one that is larger than a page comes in parts and must not move in between. */
async function loadRest(database: Queryable, page: Page, reach: Reach, cutInStock: Cut | null) {
  const demand = demandOf(page);
  const named = namedBy(page);
  let cut = cutInStock;
  let size = 2 * Math.max(SKUS_PER_PAGE / 2, page.positions.size);
  for (;;) {
    const missing = demand.filter(({ sku }) => !page.positions.has(sku));
    const begun = cut && demand.find(({ sku }) => sku === cut?.key);
    const wanted = [...(begun ? [begun] : []), ...missing.filter((each) => each !== begun)].slice(0, size);
    if (wanted.length === 0 && !cut) return;
    const version = cut && page.positions.get(cut.key)?.version;
    const before = page.positions.size;
    const next = await readInto(
      page,
      database,
      loadStockStatement({ demand: wanted, named: [...named, ...reach.named], reach, from: cut }),
    );
    const moved = cut && version !== undefined && page.positions.get(cut.key)?.version !== version;
    if (moved && cut) forgetSku(page, cut.key);
    cut = moved ? null : next;
    size = Math.max(50, Math.ceil(1.2 * (page.positions.size - before)));
  }
}

/** The stored answer, however long it is: the first page's chunks and those that were cut off. */
const replay = (database: Queryable, page: Page, cut: Cut | null, { idempotencyKey }: LoadRequest) =>
  storedAnswer(database, page.answer, cut?.section === sections.answer ? idempotencyKey : null);
