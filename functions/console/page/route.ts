/** Where the planner is: the part of the address after `#`. */
export type Route =
  | { readonly view: 'plan' | 'orders' | 'stock' | 'runs' }
  | { readonly view: 'order' | 'run'; readonly id: string }
  | { readonly view: 'sku'; readonly sku: string };

/** What does not name a view is the plan. */
export function parseRoute(hash: string): Route {
  const [view = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const name = decode(rest.join('/'));
  if (view === 'orders') return name ? { view: 'order', id: name } : { view: 'orders' };
  if (view === 'runs') return name ? { view: 'run', id: name } : { view: 'runs' };
  if (view === 'stock') return name ? { view: 'sku', sku: name } : { view: 'stock' };
  return { view: 'plan' };
}

export const linkTo = {
  plan: '#/plan',
  orders: '#/orders',
  stock: '#/stock',
  runs: '#/runs',
  order: (id: string) => `#/orders/${encodeURIComponent(id)}`,
  sku: (sku: string) => `#/stock/${encodeURIComponent(sku)}`,
  run: (id: string) => `#/runs/${encodeURIComponent(id)}`,
} as const;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
