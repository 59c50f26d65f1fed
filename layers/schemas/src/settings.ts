import { type CostBasis, type Currency, costBases } from '@inventory/models';
import * as z from 'zod';

const Environment = z.object({
  RELEASE_ID: z.string().min(1).default('local'),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as USD')
    .default('USD'),
  CURRENCY_DIGITS: z.coerce.number().int().min(0).max(4).default(2),
  TIME_ZONE: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').default('UTC'),
  ALLOWED_COSTS: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(costBases)).min(1))
    .default([...costBases]),
  REQUIRE_IDEMPOTENCY_KEY: z.enum(['true', 'false']).default('false'),
});

export type StackSettings = {
  readonly releaseId: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly allowedCosts: readonly CostBasis[];
  readonly idempotencyKeyRequired: boolean;
};

/** What the stack is set to. An empty variable is an absent one. Throws naming every variable that is wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): StackSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(given);
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`);
    throw new Error(`The environment is wrong: ${wrong.join('; ')}`);
  }
  const { data } = result;
  return {
    releaseId: data.RELEASE_ID,
    currency: { code: data.CURRENCY, digits: data.CURRENCY_DIGITS },
    timeZone: data.TIME_ZONE,
    allowedCosts: data.ALLOWED_COSTS,
    idempotencyKeyRequired: data.REQUIRE_IDEMPOTENCY_KEY === 'true',
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
