/** A stretch of SQL text that is either plain code or a quoted string, identifier, dollar body or comment. */
export type Run = { readonly text: string; readonly kind: 'code' | 'quoted' | 'comment' };

/**
 * Splits SQL text into runs, so that `$1`, `:p1` and `;` are looked for in code alone. Follows PostgreSQL's lexical
 * rules (manual, 4.1): doubled quotes, `E''` escapes, nested block comments, dollar quoting. What is left open at the
 * end runs to the end.
 */
export function lex(sql: string): readonly Run[] {
  const runs: Run[] = [];
  let codeStart = 0;
  let position = 0;
  while (position < sql.length) {
    const found = quotedOrComment(sql, position);
    if (!found) {
      position++;
      continue;
    }
    if (position > codeStart) runs.push({ text: sql.slice(codeStart, position), kind: 'code' });
    const end = Math.min(found.end, sql.length);
    runs.push({ text: sql.slice(position, end), kind: found.kind });
    position = codeStart = end;
  }
  if (position > codeStart) runs.push({ text: sql.slice(codeStart), kind: 'code' });
  return runs;
}

/** Rewrites code and leaves strings, quoted names and comments as they are. */
export const mapCode = (sql: string, rewrite: (code: string) => string): string =>
  lex(sql)
    .map((run) => (run.kind === 'code' ? rewrite(run.text) : run.text))
    .join('');

function quotedOrComment(sql: string, at: number): { end: number; kind: 'quoted' | 'comment' } | undefined {
  switch (sql[at]) {
    case "'":
      return { end: endOfQuote(sql, at, isEscapeString(sql, at)), kind: 'quoted' };
    case '"':
      return { end: endOfQuote(sql, at, false), kind: 'quoted' };
    case '-':
      return sql[at + 1] === '-' ? { end: endOfLine(sql, at), kind: 'comment' } : undefined;
    case '/':
      return sql[at + 1] === '*' ? { end: endOfBlockComment(sql, at), kind: 'comment' } : undefined;
    case '$': {
      const end = endOfDollarQuote(sql, at);
      return end === undefined ? undefined : { end, kind: 'quoted' };
    }
    default:
      return undefined;
  }
}

/** `E'…'` knows backslashes; the E must be a token of its own, not the end of a name. */
const isEscapeString = (sql: string, at: number): boolean =>
  /[eE]/.test(sql[at - 1] ?? '') && !/[\w$]/.test(sql[at - 2] ?? '');

function endOfQuote(sql: string, at: number, escapes: boolean): number {
  const quote = sql[at];
  for (let position = at + 1; position < sql.length; position++) {
    if (escapes && sql[position] === '\\') position++;
    else if (sql[position] === quote && sql[position + 1] === quote) position++;
    else if (sql[position] === quote) return position + 1;
  }
  return sql.length;
}

function endOfLine(sql: string, at: number): number {
  const end = sql.indexOf('\n', at);
  return end < 0 ? sql.length : end;
}

function endOfBlockComment(sql: string, at: number): number {
  let depth = 1;
  let position = at + 2;
  while (position < sql.length && depth > 0) {
    if (sql.startsWith('/*', position)) depth++;
    else if (sql.startsWith('*/', position)) depth--;
    else {
      position++;
      continue;
    }
    position += 2;
  }
  return position;
}

const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

function endOfDollarQuote(sql: string, at: number): number | undefined {
  if (/[\w$]/.test(sql[at - 1] ?? '')) return undefined;
  DOLLAR_TAG.lastIndex = at;
  const tag = DOLLAR_TAG.exec(sql)?.[0];
  if (!tag) return undefined;
  const close = sql.indexOf(tag, at + tag.length);
  return close < 0 ? sql.length : close + tag.length;
}
