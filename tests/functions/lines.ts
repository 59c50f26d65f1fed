import { vi } from 'vitest';

/** Keeps what a function writes to its log, a JSON line each, while `work` runs. */
export async function linesOf(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const keep = (text: unknown) => {
    lines.push(String(text));
    return true;
  };
  const outputs = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  const consoles = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  for (const spy of [...outputs, ...consoles]) spy.mockImplementation(keep);
  try {
    await work();
  } finally {
    for (const spy of [...outputs, ...consoles]) spy.mockRestore();
  }
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}
