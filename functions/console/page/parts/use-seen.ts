import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Whether an element has come into sight: what is far down in a long list asks the API for nothing. */
export function useSeen<Seen extends Element>(): [RefObject<Seen | null>, boolean] {
  const ref = useRef<Seen>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || isSeen) return;
    onSight.set(element, () => setSeen(true));
    observer.observe(element);
    return () => observer.unobserve(element);
  }, [isSeen]);
  return [ref, isSeen];
}

const onSight = new WeakMap<Element, () => void>();

const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) onSight.get(target)?.();
  },
  { rootMargin: '200px' },
);
