import { type Query, send } from './call.ts';

/** Reads a whole list as CSV, page after page, and gives it to the browser as a file. */
export async function exportCsv(path: string, query: Query, fileName: string): Promise<void> {
  const pages: string[] = [];
  let cursor: string | null = null;
  do {
    const response: Response = await send(path, { query: { ...query, limit: 200, cursor }, accept: 'text/csv' });
    const page = await response.text();
    pages.push(pages.length === 0 ? page : withoutHeader(page));
    cursor = response.headers.get('Next-Cursor');
  } while (cursor);
  save(new Blob(pages, { type: 'text/csv' }), fileName);
}

/** The header has no line break in it: its cells are names of fields. */
export const withoutHeader = (csv: string): string => csv.slice(csv.indexOf('\n') + 1);

function save(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
