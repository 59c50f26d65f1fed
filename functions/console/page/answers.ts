import type { AllocationResponse, AllocationRunResponse, CompareResponse } from '@inventory/schemas';

// Parts of answers that have no name of their own in the contracts.

export type Totals = AllocationResponse['totals'];
export type Strategy = AllocationResponse['strategy'];
/** Of a run or a dry run. */
export type Allocated = AllocationResponse['results'][number];
export type Shortage = AllocationResponse['shortages'][number];
export type Explanation = NonNullable<AllocationResponse['explanation']>[number];
export type Candidate = Explanation['candidates'][number];
/** One method of a comparison. */
export type Compared = CompareResponse['comparison'][number];
/** A run in a list. */
export type RunSummary = Omit<AllocationRunResponse, 'shortages' | 'explanation'>;
