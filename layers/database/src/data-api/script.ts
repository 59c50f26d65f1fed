import { lex } from './lexer.ts';

/**
 * Splits a script into single statements, since the Data API takes one statement a call. Knows the one place where a
 * semicolon stands in plain code and ends nothing: a function body between `BEGIN ATOMIC` and its `END`.
 */
export function splitStatements(script: string): readonly string[] {
  const statements: string[] = [];
  let current = '';
  let hasCode = false;
  let atomicDepth = 0;

  const finish = () => {
    if (hasCode) statements.push(current.trim());
    current = '';
    hasCode = false;
  };

  for (const run of lex(script)) {
    if (run.kind !== 'code') {
      hasCode ||= run.kind === 'quoted';
      current += run.text;
      continue;
    }
    for (const part of run.text.split(/(;|\bbegin\s+atomic\b|\bcase\b|\bend\b)/i)) {
      if (part === ';' && atomicDepth === 0) {
        finish();
        continue;
      }
      atomicDepth = depthAfter(part.toLowerCase(), atomicDepth);
      hasCode ||= part.trim() !== '';
      current += part;
    }
  }
  finish();
  return statements;
}

/** `CASE … END` inside an atomic body nests; outside of one, neither word means anything here. */
function depthAfter(word: string, depth: number): number {
  if (word.startsWith('begin')) return 1;
  if (depth > 0 && word === 'case') return depth + 1;
  if (depth > 0 && word === 'end') return depth - 1;
  return depth;
}
