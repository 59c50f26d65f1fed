import { draftStore } from './plan-state.ts';

/** A link to the plan may say as of when, in the stack's time zone: `#/plan?asOf=2026-01-31T13:00`. It counts once. */
export function followPlanLink(): void {
  const [view = '', query] = location.hash.split('?');
  if (query === undefined) return;
  const asOf = new URLSearchParams(query).get('asOf') ?? '';
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(asOf)) draftStore.set({ ...draftStore.get(), asOf });
  history.replaceState(null, '', location.pathname + location.search + view);
}
