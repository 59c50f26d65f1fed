import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InventoryRequest } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { readDay } from '../../functions/local/sample/day.ts';
import { stockFor } from '../../functions/local/sample/stock.ts';

const file = resolve(import.meta.dirname, '../../functions/local/sample/online-retail-2010-12-01.csv');
const day = readDay(readFileSync(file, 'utf8'));
const stock = day.demand.map((demand) => ({ demand, lots: stockFor(demand, day.date) }));
const units = (lots: readonly { quantity: number }[]) => lots.reduce((sum, { quantity }) => sum + quantity, 0);

describe('the day', () => {
  test('is what was sold, without cancellations', () => {
    expect(day.date).toBe('2010-12-01');
    expect([day.orders.length, day.orders.flat().length, units(day.orders.flat())]).toEqual([136, 3_081, 27_007]);
    expect(units(day.demand)).toBe(27_007);
  });

  test('has one time and one customer an order', () => {
    for (const lines of day.orders)
      expect(new Set(lines.map((line) => `${line.orderedAt} ${line.customerId}`)).size).toBe(1);
    expect(day.orders[0]?.[0]).toEqual({
      orderNumber: '536365',
      customerId: '17850',
      orderedAt: '2010-12-01T08:26:00Z',
      sku: '85123A',
      quantity: 6,
    });
  });

  test('keeps a SKU that stands on several lines of an invoice on all of them', () => {
    const repeated = day.orders.filter((lines) => new Set(lines.map(({ sku }) => sku)).size < lines.length);

    expect(repeated.length).toBeGreaterThan(0);
  });

  test('leaves out what a data set of another day may hold', () => {
    const csv = [
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      '1,A,"a, b",2,2011-01-04 10:00:00,1.5,,France',
      '1,A,again,3,2011-01-04 10:01:00,2.5,,France',
      'C2,A,back,-1,2011-01-05 10:00:00,1.5,,France',
      '3,B,lost,-5,2011-01-05 10:00:00,0,,France',
    ].join('\n');

    const { date, orders, demand } = readDay(csv);

    expect(date).toBe('2011-01-04');
    expect(orders.flat().map(({ orderedAt, quantity }) => [orderedAt, quantity])).toEqual([
      ['2011-01-04T10:00:00Z', 2],
      ['2011-01-04T10:00:00Z', 3],
    ]);
    expect(demand).toEqual([{ sku: 'A', quantity: 5, unitPrice: 2.5 }]);
  });
});

describe('the stock', () => {
  test('covers about 90 % of the demand', () => {
    const received = stock.reduce((sum, { lots }) => sum + units(lots), 0);
    const useful = stock.reduce((sum, { demand, lots }) => sum + Math.min(units(lots), demand.quantity), 0);

    expect(received / units(day.demand)).toBeGreaterThan(0.88);
    expect(received / units(day.demand)).toBeLessThan(0.95);
    expect(useful / units(day.demand)).toBeGreaterThan(0.85);
  });

  test('is two or three lots a SKU, at differing dates, costs, places and expiry', () => {
    const lots = stock.flatMap((each) => each.lots);

    expect(new Set(stock.map((each) => each.lots.length))).toEqual(new Set([2, 3]));
    expect(new Set(lots.map(({ location }) => location)).size).toBe(3);
    expect(new Set(lots.map(({ receivedAt }) => receivedAt)).size).toBeGreaterThan(30);
    expect(new Set(lots.map(({ expiresOn }) => expiresOn)).size).toBeGreaterThan(100);
    expect(stock.filter((each) => new Set(each.lots.map(({ unitCost }) => unitCost)).size > 1).length).toBeGreaterThan(
      1_000,
    );
  });

  test('is what the API takes, and was there before the day', () => {
    for (const { expiresOn, ...lot } of stock.flatMap((each) => each.lots)) {
      const request = { ...lot, quantity: String(lot.quantity), expiresOn: expiresOn || null };
      expect(InventoryRequest.safeParse(request).error).toBeUndefined();
      expect(lot.receivedAt < day.date).toBe(true);
    }
  });

  test('is the same every time', () => {
    const again = day.demand.map((demand) => stockFor(demand, day.date));

    expect(again).toEqual(stock.map((each) => each.lots));
  });

  test.each([1, 2, 3])('covers a demand of %i too', (quantity) => {
    const lots = stockFor({ sku: 'A', quantity, unitPrice: 1 }, '2011-01-04');

    expect(lots.every((lot) => Number.isInteger(lot.quantity) && lot.quantity > 0)).toBe(true);
  });
});
