import type { AllocationResponse, CompareResponse } from '@inventory/schemas';
import { settings } from '../settings.ts';
import { createStore } from '../store.ts';
import { type Circumstances, type Draft, firstDraft } from './draft.ts';

// The plan outlives its view: the planner looks at an order and comes back, or signs in again.

export const draftStore = createStore<Draft>(firstDraft(settings.allowedCosts), 'plan');

/** Ticked in the Orders view: id → order number. */
export const tickedStore = createStore<Readonly<Record<string, string>>>({}, 'ticked');

/** An answer with what was asked, so that it shows when the plan has moved on. */
export type Answered<Answer> = { readonly request: string; readonly answer: Answer };

export const comparisonStore = createStore<Answered<CompareResponse> | null>(null);
export const previewStore = createStore<Answered<AllocationResponse> | null>(null);

export const circumstancesOf = (ticked: Readonly<Record<string, string>>): Circumstances => ({
  allowedCosts: settings.allowedCosts,
  timeZone: settings.timeZone,
  ticked: Object.keys(ticked),
});
