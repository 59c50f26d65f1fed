import { Button } from '../parts/button.tsx';
import { draftStore, tickedStore } from '../plan/plan-state.ts';
import { linkTo } from '../route.ts';
import { useStore } from '../store.ts';

/** What is ticked, and the way to plan it. */
export function Ticks() {
  const count = Object.keys(useStore(tickedStore)).length;
  if (count === 0) return null;
  return (
    <div class="ticks" role="status">
      <span>
        {count} {count === 1 ? 'order' : 'orders'} ticked
      </span>
      <Button kind="quiet" onClick={() => tickedStore.set({})}>
        Clear
      </Button>
      <Button kind="primary" onClick={() => planOnly(tickedStore.get())}>
        Plan {count === 1 ? 'it' : 'them'}
      </Button>
    </div>
  );
}

/** Goes to the plan with these orders as its demand: id → order number. */
export function planOnly(orders: Readonly<Record<string, string>>): void {
  tickedStore.set(orders);
  draftStore.set({ ...draftStore.get(), demand: 'TICKED' });
  location.hash = linkTo.plan;
}
