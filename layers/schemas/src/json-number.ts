/**
 * A JSON number whose source text a double would not give back (`0.10`, `1e-7`, `123456789012.123456`): the JSON reader
 * of the HTTP shell makes it, so that no digit of a decimal is lost before a schema sees it.
 */
export class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** The text of a JSON number as it came, or null for anything else. */
export function numberSource(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return value instanceof JsonNumber ? value.source : null;
}
