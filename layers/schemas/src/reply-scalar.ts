import * as z from 'zod';

// Members of answers. They never reuse the scalars of requests, which read and change what they are given.

export const idReply = (description: string) => z.string().meta({ format: 'uuid', description });

export const textReply = (description: string) => z.string().meta({ description });

export const instantReply = (description: string) => z.string().meta({ format: 'date-time', description });

export const dateReply = (description: string) => z.string().meta({ format: 'date', description });

export const integerReply = (description: string) => z.int().meta({ description });

/** Without superfluous zeros. */
export const quantityReply = (description: string) =>
  z.string().meta({ pattern: '^-?\\d+(\\.\\d{1,6})?$', description, examples: ['10.5'] });

/** All six decimal places, in the major unit. */
export const unitCostReply = (description: string) =>
  z.string().meta({ pattern: '^\\d+\\.\\d{6}$', description, examples: ['12.000000'] });

/** With the currency's digits. */
export const moneyReply = (description: string) =>
  z.string().meta({ pattern: '^-?\\d+(\\.\\d+)?$', description, examples: ['140.00'] });

export const enumReply = <const Names extends readonly [string, ...string[]]>(names: Names, description: string) =>
  z.enum(names).meta({ description });
