import type { ResultStatus } from '../change.ts';
import type { Decimal } from '../decimal.ts';
import type { Instant } from '../instant.ts';
import type { Money } from '../money.ts';

/** A result row as it stands, in millionths and minor units. */
export type ResultState = {
  readonly id: string;
  readonly orderLineId: string;
  readonly inventoryId: string;
  readonly sku: string;
  readonly quantity: Decimal;
  readonly costAmount: Money;
  readonly status: ResultStatus;
  /** Of the run that made it: decides from when on it counts. */
  readonly asOf: Instant;
};

/** What shipping or releasing a result relies on beside the row. */
export type ResultContext = {
  readonly order: { readonly id: string; readonly revision: number };
  /** The version of the position of the result's SKU. */
  readonly positionVersion: number;
  readonly now: Instant;
  /** The first instant of the first open month; null while no month is closed. */
  readonly firstOpenAt: Instant | null;
  /** UUIDv7: the id of the part that moves, where the row is split. */
  readonly newId: () => string;
};
