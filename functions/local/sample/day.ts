import { parse } from 'csv-parse/sync';

/** One line of an invoice that is no cancellation. */
export type DayLine = {
  readonly orderNumber: string;
  readonly customerId: string;
  /** RFC 3339, UTC; the same for all lines of an order. */
  readonly orderedAt: string;
  readonly sku: string;
  readonly quantity: number;
};

export type Demand = { readonly sku: string; readonly quantity: number; readonly unitPrice: number };

export type Day = {
  /** YYYY-MM-DD, the last one in the file. */
  readonly date: string;
  readonly orders: readonly (readonly DayLine[])[];
  /** Per SKU, in the order of its first line. */
  readonly demand: readonly Demand[];
};

type Row = Readonly<
  Record<'InvoiceNo' | 'StockCode' | 'Quantity' | 'InvoiceDate' | 'UnitPrice' | 'CustomerID', string>
>;

/** Reads a file in the form of the Online Retail data set, without its cancellations. */
export function readDay(csv: string): Day {
  const rows: Row[] = parse(csv, { columns: true, bom: true });
  const sold = rows.filter(({ InvoiceNo, Quantity }) => !/^C/i.test(InvoiceNo) && Number(Quantity) > 0);
  const date = sold.map(({ InvoiceDate }) => InvoiceDate.slice(0, 10)).reduce((a, b) => (a > b ? a : b), '');

  return {
    date,
    orders: [...Map.groupBy(sold, ({ InvoiceNo }) => InvoiceNo).values()].map(linesOf),
    demand: [...Map.groupBy(sold, ({ StockCode }) => StockCode)].map(([sku, lines]) => ({
      sku,
      quantity: lines.reduce((sum, { Quantity }) => sum + Number(Quantity), 0),
      unitPrice: Math.max(...lines.map(({ UnitPrice }) => Number(UnitPrice))),
    })),
  };
}

/** Some invoices run over the minute: the order has the time and the customer of its first line. */
function linesOf(rows: readonly Row[]): DayLine[] {
  const { InvoiceDate = '', CustomerID = '' } = rows[0] ?? {};
  return rows.map(({ InvoiceNo, StockCode, Quantity }) => ({
    orderNumber: InvoiceNo,
    customerId: CustomerID.replace(/\.0$/, ''),
    orderedAt: `${InvoiceDate.replace(' ', 'T')}Z`,
    sku: StockCode,
    quantity: Number(Quantity),
  }));
}
