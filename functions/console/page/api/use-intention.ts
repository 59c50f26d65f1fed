import { useMemo, useRef } from 'preact/hooks';
import { useStore } from '../store.ts';
import { newIdempotencyKey } from './call.ts';
import { type Action, useAction } from './use-action.ts';
import { waiting } from './waiting.ts';

export type Intention = Action & {
  /** To be sent with each try: whatever became of the one before, the effect happens once. */
  readonly try: { readonly idempotencyKey: string; readonly signal: AbortSignal };
  /** Refused while a request is on its way, which nobody can call back; what waits to be sent again is not sent. */
  readonly close: () => void;
  readonly refusalToClose: string | null;
};

/** Something that a person has confirmed in a dialog. Another `subject` is another intention. */
export function useIntention(onClose: () => void, subject = ''): Intention {
  const action = useAction();
  const isWaiting = useStore(waiting) !== null;
  const idempotencyKey = useMemo(newIdempotencyKey, [subject]);
  const { current: controller } = useRef(new AbortController());
  const refusalToClose = action.isBusy && !isWaiting ? 'It is on its way' : null;
  const close = () => {
    if (refusalToClose !== null) return;
    controller.abort();
    onClose();
  };
  return { ...action, try: { idempotencyKey, signal: controller.signal }, close, refusalToClose };
}
