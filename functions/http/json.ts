import { DomainError } from '@inventory/models';
import { JsonNumber } from '@inventory/schemas';

const DEEPEST = 32;

/**
 * Reads JSON (RFC 8259) with what JSON.parse cannot give: numbers keep their source text, nesting ends at 32, a key given
 * twice is refused, no member reaches a prototype, and 4 MiB of anything take a fraction of a second (a reviver with
 * `source` takes ten times as long). Throws MALFORMED_JSON with the place.
 */
export function parseJson(text: string): unknown {
  const reader = { text, at: 0 };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw malformed(reader, 'ends too late');
  return value;
}

type Reader = { readonly text: string; at: number };

function readValue(reader: Reader, depth: number): unknown {
  skipSpace(reader);
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, deeper(reader, depth));
    case '[':
      return readArray(reader, deeper(reader, depth));
    case '"':
      return readString(reader);
    case 't':
      return readWord(reader, 'true', true);
    case 'f':
      return readWord(reader, 'false', false);
    case 'n':
      return readWord(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function deeper(reader: Reader, depth: number): number {
  if (depth === DEEPEST) throw malformed(reader, `is nested deeper than ${DEEPEST}`);
  return depth + 1;
}

/** Without a prototype: `__proto__` and `constructor` are members like any other. */
function readObject(reader: Reader, depth: number): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = Object.create(null);
  reader.at += 1;
  if (takes(reader, '}')) return members;
  do {
    skipSpace(reader);
    if (reader.text[reader.at] !== '"') throw malformed(reader, 'needs a key');
    const key = readString(reader);
    if (key in members) throw malformed(reader, `has the key ${JSON.stringify(key).slice(0, 50)} twice`);
    if (!takes(reader, ':')) throw malformed(reader, 'needs a colon');
    members[key] = readValue(reader, depth);
  } while (takes(reader, ','));
  if (!takes(reader, '}')) throw malformed(reader, 'needs a comma or the end of the object');
  return members;
}

function readArray(reader: Reader, depth: number): readonly unknown[] {
  const items: unknown[] = [];
  reader.at += 1;
  if (takes(reader, ']')) return items;
  do items.push(readValue(reader, depth));
  while (takes(reader, ','));
  if (!takes(reader, ']')) throw malformed(reader, 'needs a comma or the end of the array');
  return items;
}

function readString(reader: Reader): string {
  const start = reader.at;
  let end = start + 1;
  let isPlain = true;
  for (let code = reader.text.charCodeAt(end); code !== QUOTE; code = reader.text.charCodeAt(++end)) {
    // NaN, at the end of the text, is not at least a space either.
    if (!(code >= SPACE))
      throw malformed({ ...reader, at: end }, 'has a text that does not end or holds a control character');
    if (code === BACKSLASH) {
      isPlain = false;
      end += 1;
    }
  }
  reader.at = end + 1;
  if (isPlain) return reader.text.slice(start + 1, end);
  try {
    return JSON.parse(reader.text.slice(start, end + 1));
  } catch {
    throw malformed(reader, 'has a text with a wrong escape');
  }
}

function readNumber(reader: Reader): number | JsonNumber {
  NUMBER.lastIndex = reader.at;
  const source = NUMBER.exec(reader.text)?.[0];
  if (source === undefined) throw malformed(reader, 'needs a value');
  reader.at += source.length;
  const value = Number(source);
  return String(value) === source ? value : new JsonNumber(source);
}

function readWord<Value>(reader: Reader, word: string, value: Value): Value {
  if (!reader.text.startsWith(word, reader.at)) throw malformed(reader, 'needs a value');
  reader.at += word.length;
  return value;
}

function takes(reader: Reader, character: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function skipSpace(reader: Reader): void {
  while (WHITE.has(reader.text.charCodeAt(reader.at))) reader.at += 1;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const WHITE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const malformed = ({ text, at }: Reader, problem: string) => {
  const before = text.slice(0, at).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new DomainError('MALFORMED_JSON', `The body ${problem} (${place})`);
};
