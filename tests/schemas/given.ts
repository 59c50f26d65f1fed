import { DomainError } from '@inventory/models';
import { type Circumstances, type Contract, type ParsedRequest, parseRequest, type Table } from '@inventory/schemas';

export const now = '2026-01-31T12:00:00.000Z';

export const circumstances: Circumstances = {
  now,
  currency: { code: 'USD', digits: 2 },
  allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
};

type Sent = {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly table?: Table;
};

/** A request as the contract reads it. */
export const parsed = <C extends Contract>(
  contract: C,
  { body = null, query = {}, params = {}, table }: Sent,
  around: Partial<Circumstances> = {},
): ParsedRequest<C> =>
  parseRequest(contract, { params, query, body, table: table ?? null, wrong: [] }, { ...circumstances, ...around });

/** The refusal of a request: its code and `pointer: detail` of every wrong field. Fails where it is accepted. */
export function refusal(contract: Contract, sent: Sent, around: Partial<Circumstances> = {}) {
  try {
    parsed(contract, sent, around);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, errors, members } = error;
    return { code, errors: errors.map(({ pointer, detail }) => `${pointer}: ${detail}`), members };
  }
  throw new Error('It was accepted');
}

export const anId = '01985d3e-7c00-7000-8000-00000000000a';
export const anotherId = '01985d3e-7c00-7000-8000-00000000000b';

export const anOrder = (more: object = {}) => ({ orderNumber: 'SO-1', lines: [{ sku: 'A', quantity: '12' }], ...more });
export const aLine = (more: object = {}) => ({ sku: 'A', quantity: '12', ...more });
export const aLot = (more: object = {}) => ({ sku: 'A', location: 'W1', quantity: '10', unitCost: '12', ...more });
export const aRun = (more: object = {}) => ({ orderIds: [anId], ...more });
