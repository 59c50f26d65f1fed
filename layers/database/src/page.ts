/** What a list is asked for: at most `limit` items behind the key `after`, which ends the page before. */
export type PageRequest = { readonly limit: number; readonly after: string | null };

/** Items and the key to go on behind; null at the end. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null };

/** A page of what was read one item further than asked for, to see whether there is more. */
export function pageOf<Item>(read: readonly Item[], limit: number, keyOf: (item: Item) => string): Page<Item> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return { items, next: read.length > limit && last !== undefined ? keyOf(last) : null };
}

/** The filters that were given, without those that are null or absent. */
export function given<Filters extends Readonly<Record<string, unknown>>>(filters: Filters): Given<Filters> {
  // What is left has the type of what came, less the empty values.
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => (value ?? null) !== null)) as Given<Filters>;
}

type Given<Filters> = { [Name in keyof Filters]?: NonNullable<Filters[Name]> };
