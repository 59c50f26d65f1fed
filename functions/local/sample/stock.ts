import { createHash } from 'node:crypto';
import { addDays } from '@inventory/models';
import type { Demand } from './day.ts';

/** A row of `POST /imports/inventories`. */
export type SampleLot = {
  readonly receiptNumber: string;
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly unitCost: string;
  readonly receivedAt: string;
  readonly expiresOn: string;
  readonly status: 'AVAILABLE' | 'ON_HOLD';
};

/**
 * How much of the demand for a SKU there is; each is as frequent as the others. Together they are 92 %, and where more is
 * there than is wanted, the methods differ.
 */
const coverages = [0.5, 0.8, 1, 1, 1.3];
const locations = ['NORTH', 'SOUTH', 'WEST'];

/**
 * Two or three lots of a SKU that together cover about 90 % of its demand on `date`: received in the three months
 * before, at 50 to 70 % of the price, in one of three places. Some expire soon, some later, some never; a few are on hold or
 * have expired. Everything is drawn from the SKU's own hash: the same day makes the same stock on every machine.
 */
export function stockFor({ sku, quantity: demand, unitPrice }: Demand, date: string): SampleLot[] {
  const draw = drawing(sku);
  const supply = Math.max(2, Math.round(demand * pick(coverages, draw())));
  const count = supply >= 3 && draw() % 3 === 0 ? 3 : 2;

  return split(supply, count, draw).map((quantity, index) => {
    const receivedOn = addDays(date, -(90 - index * 28 - (draw() % 20)));
    const condition = index === 2 ? draw() % 8 : 2; // the third lot alone may be of no use
    return {
      receiptNumber: `SAMPLE-${date}-${sku}-${index + 1}`,
      sku,
      location: pick(locations, draw()),
      quantity,
      unitCost: (unitPrice * (0.5 + (draw() % 21) / 100)).toFixed(2),
      receivedAt: `${receivedOn}T08:00:00Z`,
      expiresOn: condition === 0 ? addDays(date, -1) : expiry(date, draw()),
      status: condition === 1 ? 'ON_HOLD' : 'AVAILABLE',
    };
  });
}

const pick = <Value>(values: readonly Value[], number: number): Value => values[number % values.length]!;

/** Whole numbers below 65,536, always the same for one text. */
function drawing(text: string): () => number {
  const bytes = createHash('sha512').update(text).digest();
  let at = 0;
  return () => bytes.readUInt16BE((2 * at++) % (bytes.length - 1));
}

/** A quarter of the lots keeps for ever; an empty cell of the CSV file says so. */
function expiry(date: string, number: number): string {
  return number % 4 === 0 ? '' : addDays(date, 5 + (number % 360));
}

function split(supply: number, count: number, draw: () => number): number[] {
  const first = Math.max(1, Math.floor((supply * (30 + (draw() % 30))) / 100));
  const rest = supply - first;
  return count === 2 ? [first, rest] : [first, Math.ceil(rest / 2), Math.floor(rest / 2)].filter((part) => part > 0);
}
