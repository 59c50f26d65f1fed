import { DomainError } from './errors.ts';
import { type PickName, pickNames } from './pick-rules/registry.ts';

/** Who is served first (product.md 2). */
export const sequences = ['PRIORITY', 'SHIP_DATE', 'ORDER_DATE', 'PRO_RATA'] as const;
export type Sequence = (typeof sequences)[number];

/** What happens to a line or an order that falls short. */
export const fulfilments = ['PARTIAL', 'LINE_COMPLETE', 'ORDER_COMPLETE'] as const;
export type Fulfilment = (typeof fulfilments)[number];

/** What cost is recorded. */
export const costBases = ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'] as const;
export type CostBasis = (typeof costBases)[number];

/** A preset for `pick` and `cost`: each pick rule at the lot's cost, and the two averages. */
export const allocationMethods: readonly [AllocationMethod, ...AllocationMethod[]] = [
  ...pickNames,
  'MOVING_AVERAGE',
  'TOTAL_AVERAGE',
];
export type AllocationMethod = PickName | Exclude<CostBasis, 'LOT'>;

/** The four choices, resolved; stored with every run and echoed in every answer. */
export type Strategy = {
  readonly allocationMethod: AllocationMethod;
  readonly pick: PickName;
  readonly cost: CostBasis;
  readonly sequence: Sequence;
  readonly fulfilment: Fulfilment;
};

/** What a request says of the four choices; what it leaves out has a default. */
export type StrategyRequest = {
  readonly allocationMethod?: AllocationMethod | null;
  readonly pick?: PickName | null;
  readonly cost?: CostBasis | null;
  readonly sequence?: Sequence | null;
  readonly fulfilment?: Fulfilment | null;
};

/**
 * Resolves the four choices (product.md 2): FIFO at the lot's cost, by PRIORITY, PARTIAL, unless said otherwise.
 * `allowedCosts` is the stack's accounting policy.
 * Throws INVALID_COMBINATION for a contradiction and COST_NOT_ALLOWED for a basis outside the policy.
 */
export function resolveStrategy(request: StrategyRequest, allowedCosts: readonly CostBasis[]): Strategy {
  const method = request.allocationMethod ?? null;
  const average = isAverage(method) ? method : null;
  const cost = request.cost ?? average ?? 'LOT';
  const pick = request.pick ?? (method === null || isAverage(method) ? 'FIFO' : method);
  const sequence = request.sequence ?? 'PRIORITY';
  const fulfilment = request.fulfilment ?? 'PARTIAL';

  if (method !== null && cost !== (average ?? 'LOT')) {
    throw contradiction(`allocationMethod ${method} records the cost ${average ?? 'LOT'}, not ${cost}`, '/cost');
  }
  if (method !== null && average === null && pick !== method) {
    throw contradiction(`allocationMethod ${method} picks by ${method}, not by ${pick}`, '/pick');
  }
  if (sequence === 'PRO_RATA' && fulfilment !== 'PARTIAL') {
    throw contradiction(`PRO_RATA shares out what there is and cannot be ${fulfilment}`, '/fulfilment');
  }
  if (!allowedCosts.includes(cost)) {
    throw new DomainError('COST_NOT_ALLOWED', `This stack records ${allowedCosts.join(', ')}, not ${cost}`, {
      errors: [
        { pointer: request.cost ? '/cost' : '/allocationMethod', detail: `must be one of ${allowedCosts.join(', ')}` },
      ],
    });
  }
  return { allocationMethod: cost === 'LOT' ? pick : cost, pick, cost, sequence, fulfilment };
}

const isAverage = (method: AllocationMethod | null): method is Exclude<CostBasis, 'LOT'> =>
  method === 'MOVING_AVERAGE' || method === 'TOTAL_AVERAGE';

const contradiction = (message: string, pointer: string) =>
  new DomainError('INVALID_COMBINATION', message, { errors: [{ pointer, detail: message }] });
