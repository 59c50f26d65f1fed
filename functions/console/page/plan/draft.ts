import {
  type AllocationMethod,
  allocationMethods,
  type CostBasis,
  costBases,
  DomainError,
  type FieldError,
  type Fulfilment,
  type OrderStatus,
  type PickName,
  resolveStrategy,
  type Sequence,
} from '@inventory/models';
import { instantIn } from '../format/time.ts';

/** A plan as the planner has it on the screen: texts as they stand in the fields, '' for what is left open. */
export type Draft = {
  readonly demand: 'ALL' | 'FILTER' | 'NUMBERS' | 'TICKED';
  readonly filter: {
    readonly status: OrderStatus | '';
    readonly customerId: string;
    readonly sku: string;
    readonly priority: string;
    readonly requestedShipDateBefore: string;
  };
  readonly orderNumbers: string;
  readonly method: AllocationMethod;
  readonly pick: PickName | '';
  readonly cost: CostBasis | '';
  readonly sequence: Sequence;
  readonly fulfilment: Fulfilment;
  readonly locations: string;
  readonly locationPriority: string;
  readonly quantityStep: string;
  /** As a form has it, in the stack's time zone. */
  readonly asOf: string;
  readonly onShortage: 'REPORT' | 'FAIL';
  readonly compared: readonly AllocationMethod[];
};

/** What a plan depends on beside itself. */
export type Circumstances = {
  readonly allowedCosts: readonly CostBasis[];
  readonly timeZone: string;
  /** Ids of the orders that are ticked in the list. */
  readonly ticked: readonly string[];
};

/** The methods whose cost this stack records. */
export const allowedMethods = (allowedCosts: readonly CostBasis[]): readonly AllocationMethod[] =>
  allocationMethods.filter((method) => allowedCosts.includes(presetOf(method).cost));

/** All open orders by FIFO, set beside what needs no further word: named lots and a list of locations are asked for. */
export function firstDraft(allowedCosts: readonly CostBasis[]): Draft {
  const methods = allowedMethods(allowedCosts);
  return {
    demand: 'ALL',
    filter: { status: '', customerId: '', sku: '', priority: '', requestedShipDateBefore: '' },
    orderNumbers: '',
    method: methods[0] ?? 'FIFO',
    pick: '',
    cost: '',
    sequence: 'PRIORITY',
    fulfilment: 'PARTIAL',
    locations: '',
    locationPriority: '',
    quantityStep: '',
    asOf: '',
    onShortage: 'REPORT',
    compared: methods.filter((method) => method !== 'SPECIFIC' && method !== 'LOCATION_PRIORITY'),
  };
}

/** The pick and the cost that the draft comes to. */
export function choicesOf({ method, pick, cost }: Draft): { readonly pick: PickName; readonly cost: CostBasis } {
  const preset = presetOf(method);
  return { pick: pick || preset.pick, cost: cost || preset.cost };
}

/** Why the API would refuse this plan, by the same pointers: none when it would not. */
export function faultsOf(draft: Draft, { allowedCosts, ticked }: Circumstances): FieldError[] {
  const faults = [...strategyFaults(draft, allowedCosts)];
  const { pick } = choicesOf(draft);
  if (draft.demand === 'NUMBERS' && listed(draft.orderNumbers).length === 0) {
    faults.push({ pointer: '/orderNumbers', detail: 'Type or paste at least one order number.' });
  }
  if (draft.demand === 'TICKED' && ticked.length === 0) {
    faults.push({ pointer: '/orderIds', detail: 'Tick orders in the Orders view first.' });
  }
  if (pick === 'LOCATION_PRIORITY' && listed(draft.locationPriority).length === 0) faults.push(listNeeded);
  return faults;
}

/** Why a comparison of the chosen methods would be refused. */
export function compareFaultsOf(draft: Draft, circumstances: Circumstances): FieldError[] {
  const faults = faultsOf(
    { ...draft, method: 'FIFO', pick: '', cost: '' },
    { ...circumstances, allowedCosts: costBases },
  );
  if (draft.compared.length === 0)
    faults.push({ pointer: '/methods', detail: 'Choose at least one method to compare.' });
  if (draft.compared.includes('LOCATION_PRIORITY') && listed(draft.locationPriority).length === 0)
    faults.push(listNeeded);
  return faults;
}

/** The body of `POST /allocate/compare`. */
export const compareRequest = (draft: Draft, circumstances: Circumstances) => ({
  ...selectionOf(draft, circumstances),
  methods: draft.compared,
  sequence: draft.sequence,
  fulfilment: draft.fulfilment,
  ...optionsOf(draft, circumstances, draft.compared.includes('LOCATION_PRIORITY')),
});

/** The body of `POST /allocate`, without what tells a dry run from a commit. */
export function allocationRequest(draft: Draft, circumstances: Circumstances) {
  const isPreset = draft.pick === '' && draft.cost === '';
  return {
    ...selectionOf(draft, circumstances),
    ...(isPreset ? { allocationMethod: draft.method } : choicesOf(draft)),
    sequence: draft.sequence,
    fulfilment: draft.fulfilment,
    ...optionsOf(draft, circumstances, choicesOf(draft).pick === 'LOCATION_PRIORITY'),
    ...(draft.onShortage === 'FAIL' && { onShortage: draft.onShortage }),
  };
}

/** Texts that are separated by commas, semicolons or line breaks, each once: spaces belong to a number. */
export const listed = (text: string): string[] => [
  ...new Set(text.split(/[,;\t\r\n]+/).flatMap((entry) => entry.trim() || [])),
];

const listNeeded: FieldError = {
  pointer: '/locationPriority',
  detail: 'Location priority needs a list of locations: the first is drawn first.',
};

const presetOf = (method: AllocationMethod) => resolveStrategy({ allocationMethod: method }, costBases);

function strategyFaults(draft: Draft, allowedCosts: readonly CostBasis[]): readonly FieldError[] {
  try {
    resolveStrategy({ ...choicesOf(draft), sequence: draft.sequence, fulfilment: draft.fulfilment }, allowedCosts);
    return [];
  } catch (error) {
    if (error instanceof DomainError) return error.errors;
    throw error;
  }
}

function selectionOf({ demand, filter, orderNumbers }: Draft, { ticked }: Circumstances) {
  if (demand === 'NUMBERS') return { orderNumbers: listed(orderNumbers) };
  if (demand === 'TICKED') return { orderIds: ticked };
  if (demand === 'ALL') return { filter: {} };
  const { priority, ...texts } = filter;
  return {
    filter: {
      ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')),
      ...(priority && { priority: Number(priority) }),
    },
  };
}

function optionsOf(draft: Draft, { timeZone }: Circumstances, isByLocation: boolean) {
  const locations = listed(draft.locations);
  return {
    ...(locations.length > 0 && { locations }),
    ...(isByLocation && { locationPriority: listed(draft.locationPriority) }),
    ...(draft.sequence === 'PRO_RATA' && draft.quantityStep && { quantityStep: draft.quantityStep }),
    ...(draft.asOf && { asOf: instantIn(timeZone, draft.asOf) }),
  };
}
