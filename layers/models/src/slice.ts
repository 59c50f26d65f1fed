import type { Allocation, AllocationInput, Shortage } from './allocation.ts';
import { type Change, type LotChange, type NewMovement, type NewResult, noChange } from './change.ts';
import type { Decimal } from './decimal.ts';
import type { OrderDemand } from './order.ts';
import { costRules, divide } from './run/cost-rules.ts';
import type { Lot, Position } from './stock.ts';

/** A part of a large run that is written by one statement: some SKUs whole, or some lines of a SKU with very many. */
export type RunSlice = {
  readonly change: Change;
  readonly shortages: readonly { readonly ordinal: number; readonly shortage: Shortage }[];
  /** SKUs of which nothing is left to write after this slice. */
  readonly skus: readonly string[];
};

/**
 * Cuts a decided run into slices of about `size` rows, so that after any number of them the books are those of a run that
 * ended there: SKUs are independent of each other where lines may be filled in part, and within a SKU lines are written
 * in the order in which they were served. The revisions and versions relied on are those of the load, plus the slices
 * before; a caller that skips a slice counts them anew.
 */
export function sliceRun(input: AllocationInput, allocation: Allocation, size: number): RunSlice[] {
  const skus = partsBySku(input, allocation);
  const slices: RunSlice[] = [];
  let open: SkuPart[] = [];
  let rows = 0;
  const close = () => {
    if (open.length > 0) slices.push(sliceOf(open));
    open = [];
    rows = 0;
  };
  for (const part of skus.flatMap((sku) => cut(sku, size, input))) {
    if (rows + part.rows > size) close();
    open.push(part);
    rows += part.rows;
    // The next part of the same SKU relies on the version that this one makes.
    if (!part.isLast) close();
  }
  close();
  return slices;
}

type Sku = {
  readonly position: Position;
  readonly lots: Lot[];
  /** Line id → order, of the open lines of the SKU. */
  readonly lines: Map<string, OrderDemand>;
  readonly reservations: Map<string, string>;
  readonly results: NewResult[];
  /** By line id. */
  readonly shortages: Map<string, RunSlice['shortages'][number]>;
};

type SkuPart = {
  readonly position: Position;
  readonly isLast: boolean;
  readonly rows: number;
  readonly lines: Map<string, OrderDemand>;
  readonly results: readonly NewResult[];
  readonly shortages: readonly RunSlice['shortages'][number][];
  readonly lots: readonly LotChange[];
  readonly movements: readonly NewMovement[];
  readonly reservationsConverted: readonly string[];
};

function partsBySku(input: AllocationInput, allocation: Allocation): Sku[] {
  const skus = new Map<string, Sku>();
  for (const position of input.stock.positions) {
    skus.set(position.sku, {
      position,
      lots: [],
      lines: new Map(),
      reservations: new Map(),
      results: [],
      shortages: new Map(),
    });
  }
  const lineOf = new Map<string, { readonly id: string; readonly sku: string }>();
  const converted = new Set(allocation.change.reservationsConverted);
  for (const order of input.orders) {
    for (const { id, lineNumber, sku, reservationId } of order.lines) {
      skus.get(sku)?.lines.set(id, order);
      lineOf.set(`${order.id} ${lineNumber}`, { id, sku });
      if (reservationId && converted.has(reservationId)) skus.get(sku)?.reservations.set(id, reservationId);
    }
  }
  for (const lot of input.stock.lots) skus.get(lot.sku)?.lots.push(lot);
  for (const result of allocation.results) skus.get(result.sku)?.results.push(result);
  allocation.shortages.forEach((shortage, ordinal) => {
    const line = lineOf.get(`${shortage.orderId} ${shortage.lineNumber}`);
    if (line) skus.get(line.sku)?.shortages.set(line.id, { ordinal, shortage });
  });
  return [...skus.values()].filter(({ lines }) => lines.size > 0);
}

/** A SKU in parts of at most `size` rows, cut between lines. */
function cut(sku: Sku, size: number, input: AllocationInput): SkuPart[] {
  const books = new LotBooks(sku, input);
  const name = rowsOf(sku.position.sku);
  const chunks = chunksByLine(sku, size - name);
  // A part that gives nothing leaves the version as it is; those that give something come first.
  const moving = chunks.filter(({ results }) => results.length > 0).length;
  return chunks.map(({ lines, results, rows }, index): SkuPart => {
    const has = <Item>(of: ReadonlyMap<string, Item>) =>
      lines.flatMap((id) => {
        const item = of.get(id);
        return item === undefined ? [] : [item];
      });
    return {
      position: { ...sku.position, version: sku.position.version + Math.min(index, moving) },
      isLast: index === chunks.length - 1,
      rows: rows + name,
      lines: new Map(lines.map((id) => [id, sku.lines.get(id)!])),
      results,
      shortages: has(sku.shortages),
      reservationsConverted: has(sku.reservations),
      ...books.write(results),
    };
  });
}

type Chunk = { readonly lines: string[]; readonly results: NewResult[]; rows: number };

/** Lines in the order in which they were served, then those that got nothing. */
function chunksByLine({ lines, results, shortages }: Sku, size: number): Chunk[] {
  const byLine = new Map<string, NewResult[]>();
  for (const result of results) {
    const own = byLine.get(result.orderLineId);
    if (own) own.push(result);
    else byLine.set(result.orderLineId, [result]);
  }
  for (const id of lines.keys()) if (!byLine.has(id)) byLine.set(id, []);
  const chunks: Chunk[] = [{ lines: [], results: [], rows: 0 }];
  for (const [id, own] of byLine) {
    const rows = own.reduce((sum, { sku, location }) => sum + rowsOf(sku + location), shortages.has(id) ? 2 : 1);
    let last = chunks.at(-1)!;
    if (last.lines.length > 0 && last.rows + rows > size) {
      last = { lines: [], results: [], rows: 0 };
      chunks.push(last);
    }
    last.lines.push(id);
    for (const result of own) last.results.push(result);
    last.rows += rows;
  }
  return chunks;
}

/** A row with a long text takes the place of several in a request. */
const rowsOf = (text: string) => 1 + Math.floor(text.length / CHARACTERS_PER_ROW);
const CHARACTERS_PER_ROW = 60;

/** The lots of one SKU while its parts are written one after the other. */
class LotBooks {
  readonly #input: AllocationInput;
  readonly #sku: string;
  readonly #lots: { readonly id: string; open: Decimal; value: bigint }[];
  readonly #byId: Map<string, { readonly id: string; open: Decimal; value: bigint }>;

  constructor({ position, lots }: Sku, input: AllocationInput) {
    this.#input = input;
    this.#sku = position.sku;
    const received = lots.filter(({ receivedAt }) => receivedAt <= input.asOf).sort(byReceipt);
    this.#lots = received.map((lot) => ({
      id: lot.id,
      open: lot.remainingQuantity - lot.allocatedQuantity,
      value: lot.openValue,
    }));
    this.#byId = new Map(this.#lots.map((lot) => [lot.id, lot]));
  }

  /** What the results take from the lots, and what an average spreads over them again (product.md R3). */
  write(results: readonly NewResult[]): { lots: LotChange[]; movements: NewMovement[] } {
    const drawn = new Map<string, { quantity: Decimal; cost: bigint }>();
    for (const { inventoryId, quantity, costAmount } of results) {
      const lot = this.#byId.get(inventoryId)!;
      const before = drawn.get(inventoryId) ?? { quantity: 0n, cost: 0n };
      drawn.set(inventoryId, { quantity: before.quantity + quantity, cost: before.cost + costAmount });
      lot.open -= quantity;
      lot.value -= costAmount;
    }
    const revalued =
      results.length > 0 && costRules[this.#input.strategy.cost].pooled ? this.#spread() : new Map<string, bigint>();
    const touched = this.#lots.filter(({ id }) => drawn.has(id) || revalued.has(id));
    return {
      lots: touched.map(({ id }) => ({
        id,
        remainingDelta: 0n,
        allocatedDelta: drawn.get(id)?.quantity ?? 0n,
        openValueDelta: (revalued.get(id) ?? 0n) - (drawn.get(id)?.cost ?? 0n),
      })),
      movements: [...revalued].map(([inventoryId, valueDelta]) => ({
        kind: 'REVALUE',
        sku: this.#sku,
        inventoryId,
        quantityDelta: 0n,
        valueDelta,
        reference: null,
        effectiveAt: this.#input.effectiveAt,
      })),
    };
  }

  #spread(): Map<string, bigint> {
    const quantity = this.#lots.reduce((sum, { open }) => sum + open, 0n);
    const value = this.#lots.reduce((sum, lot) => sum + lot.value, 0n);
    const shares = divide(
      { quantity, value },
      this.#lots.map(({ open }) => open),
    );
    const revalued = new Map<string, bigint>();
    this.#lots.forEach((lot, index) => {
      if (shares[index]! !== lot.value) revalued.set(lot.id, shares[index]! - lot.value);
      lot.value = shares[index]!;
    });
    return revalued;
  }
}

const byReceipt = (a: Lot, b: Lot) =>
  compare(a.receivedAt, b.receivedAt) || a.lotSequence - b.lotSequence || compare(a.id, b.id);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function sliceOf(parts: readonly SkuPart[]): RunSlice {
  const orders = new Map<string, { order: OrderDemand; allocated: Decimal }>();
  const lines = new Map<string, Decimal>();
  for (const part of parts) {
    for (const order of part.lines.values()) {
      if (!orders.has(order.id)) orders.set(order.id, { order, allocated: 0n });
    }
    for (const { orderId, orderLineId, quantity } of part.results) {
      orders.get(orderId)!.allocated += quantity;
      lines.set(orderLineId, (lines.get(orderLineId) ?? 0n) + quantity);
    }
  }
  const change: Change = {
    ...noChange,
    orders: [...orders.values()].map(({ order, allocated }) => ({
      id: order.id,
      revision: order.revision,
      ...allocatedOnly(allocated),
    })),
    orderLines: [...lines].map(([id, allocated]) => ({ id, ...allocatedOnly(allocated) })),
    positions: parts.map(({ position, results }) => ({
      sku: position.sku,
      version: position.version,
      moves: results.length > 0,
      poolQuantityDelta: -results.reduce((sum, { quantity }) => sum + quantity, 0n),
      poolValueDelta: -results.reduce((sum, { costAmount }) => sum + costAmount, 0n),
    })),
    lots: parts.flatMap((part) => part.lots),
    results: parts.flatMap((part) => part.results),
    movements: parts.flatMap((part) => part.movements),
    reservationsConverted: parts.flatMap((part) => part.reservationsConverted),
  };
  return {
    change,
    shortages: parts.flatMap((part) => part.shortages),
    skus: parts.filter(({ isLast }) => isLast).map(({ position }) => position.sku),
  };
}

const allocatedOnly = (allocatedDelta: Decimal) => ({ allocatedDelta, shippedDelta: 0n, cancelledDelta: 0n });
