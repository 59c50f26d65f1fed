/** Reads a list to its end, page by page; `between` happens after each page, as others go on writing meanwhile. */
export async function everyPage<Item>(
  list: (page: { readonly limit: number; readonly after: string | null }) => Promise<{
    readonly items: readonly Item[];
    readonly next: string | null;
  }>,
  between: () => Promise<unknown>,
): Promise<Item[]> {
  const seen: Item[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ limit: 4, after });
    seen.push(...page.items);
    after = page.next;
    await between();
  } while (after);
  return seen;
}
