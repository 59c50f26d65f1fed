/** Where a page of a list begins and how long it is. */
export type Page = {
  readonly limit: number;
  /** The key that the page begins behind; null for the first one. */
  readonly after: string | null;
  /** The cursor of the page that begins behind this key. */
  readonly cursorAfter: (key: string) => string;
};

type Found<Row> = { readonly items: readonly Row[]; readonly next: string | null };

/** The body of a list: each item as `show` writes it, and the cursor to read on. */
export const pageReply = <Row, Item>(page: Page, found: Found<Row>, show: (row: Row) => Item) => ({
  items: found.items.map(show),
  nextCursor: found.next === null ? null : page.cursorAfter(found.next),
});
