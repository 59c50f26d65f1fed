/** What a token may allow (product.md 6), with the words that the API description uses. */
export const scopes = {
  'orders:read': 'Read orders, runs and results',
  'orders:write': 'Create and change orders and reservations',
  'inventory:read': 'Read lots, availability, movements and reports',
  'inventory:write': 'Receive and change lots',
  'allocate:run': 'Allocate, and release what is allocated',
  'allocate:simulate': 'Dry runs and comparisons, which change nothing',
  ship: 'Ship what is allocated',
  'costing:close': 'Close costing periods',
} as const;

export type Scope = keyof typeof scopes;

/**
 * What a route demands: one scope; one of several, of which the body decides (`narrowed` sees it as it came); `ANY` valid
 * token; or null for an open route.
 */
export type ScopeRule =
  | Scope
  | 'ANY'
  | null
  | { readonly anyOf: readonly Scope[]; readonly narrowed: (body: unknown) => readonly Scope[] };
