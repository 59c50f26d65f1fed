import { useEffect, useState } from 'preact/hooks';

/** A value that lives longer than the view that shows it. */
export type Store<Value> = {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  readonly subscribe: (listener: (value: Value) => void) => () => void;
};

/** With a name, the value lives in the tab's session storage: it survives a reload and a sign-in. */
export function createStore<Value>(initial: Value, name?: string): Store<Value> {
  const listeners = new Set<(value: Value) => void>();
  const kept = name ? stored<Value>(name) : null;
  let value = kept === null ? initial : { ...initial, ...kept }; // the release that kept it may have known less
  return {
    get: () => value,
    set: (next) => {
      value = next;
      if (name) keep(name, next);
      for (const listener of listeners) listener(next);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<Value>(store: Store<Value>): Value {
  const [value, setValue] = useState(() => store.get());
  useEffect(() => {
    setValue(() => store.get());
    return store.subscribe((next) => setValue(() => next));
  }, [store]);
  return value;
}

const prefix = 'inventory-allocation.';

function stored<Value>(name: string): Value | null {
  try {
    return JSON.parse(sessionStorage.getItem(prefix + name) ?? 'null');
  } catch {
    return null; // somebody else's text, or a browser that keeps nothing
  }
}

/** Clears the tab's session storage of what the page has put there. */
export function forgetStored(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

function keep(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the value lives as long as the page.
  }
}
