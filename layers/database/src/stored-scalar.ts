import { type Decimal, type Instant, type LocalDate, parseDecimal } from '@inventory/models';

// How the Prisma client hands over what the tables hold, in the words of the models.

/** numeric in millionths. */
export const decimalOf = (value: { toFixed(places: number): string }): Decimal => parseDecimal(value.toFixed(6));

/** timestamptz(3) in UTC. */
export const instantOf = (value: Date): Instant => value.toISOString();

/** A date, which Prisma hands over as midnight in UTC. */
export const dateOnlyOf = (value: Date): LocalDate => value.toISOString().slice(0, 10);

/** A date as Prisma wants it. */
export const dateFrom = (value: LocalDate): Date => new Date(`${value}T00:00:00.000Z`);

/** What was written by this package in a column that SQL knows as text: the CHECKs hold it to its names. */
export const nameOf = <Name extends string>(value: string): Name => value as Name;
