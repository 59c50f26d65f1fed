import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatArrayLiteral } from '../../../layers/database/src/data-api/array-literal.ts';
import { lex, mapCode } from '../../../layers/database/src/data-api/lexer.ts';
import { splitStatements } from '../../../layers/database/src/data-api/script.ts';
import { openTestDatabase, type TestDatabase } from '../../database-fixture.ts';

const marked = (sql: string) => mapCode(sql, (code) => code.replaceAll('$1', '<1>'));

describe('The lexer', () => {
  it.each([
    ['a string', `SELECT '$1', $1`, `SELECT '$1', <1>`],
    ['a doubled quote', `'it''s $1' $1`, `'it''s $1' <1>`],
    ['an escape string', `E'\\'$1' $1`, `E'\\'$1' <1>`],
    ['a name that ends in e', `type'$1\\' $1`, `type'$1\\' <1>`],
    ['a quoted name', `"a$1""$1" $1`, `"a$1""$1" <1>`],
    ['a line comment', '-- $1\n$1', '-- $1\n<1>'],
    ['a nested comment', '/* /* $1 */ $1 */ $1', '/* /* $1 */ $1 */ <1>'],
    ['a dollar body', '$$ $1 $$ $1', '$$ $1 $$ <1>'],
    ['a tagged dollar body', '$a$ $$ $1 $b$ $a$ $1', '$a$ $$ $1 $b$ $a$ <1>'],
    ['an operator', 'a-$1/$1', 'a-<1>/<1>'],
    ['an open string', `$1 '$1`, `<1> '$1`],
    ['an open comment', '$1 /* $1', '<1> /* $1'],
    ['an open dollar body', '$1 $x$ $1', '<1> $x$ $1'],
  ])('finds code around %s', (_, sql, expected) => {
    expect(marked(sql)).toBe(expected);
  });

  it('loses and adds nothing', () => {
    const fragment = fc.constantFrom(
      "'",
      '"',
      '$',
      '$$',
      '$a$',
      '--',
      '/*',
      '*/',
      '\n',
      'e',
      'E',
      '\\',
      'x',
      '1',
      ' ',
      ';',
    );
    fc.assert(
      fc.property(fc.array(fragment), (fragments) => {
        const sql = fragments.join('');
        expect(
          lex(sql)
            .map(({ text }) => text)
            .join(''),
        ).toBe(sql);
      }),
    );
  });
});

describe('A script', () => {
  it('is cut at its semicolons alone', () => {
    const script = `
      SELECT 1; -- a;b
      SELECT ';' ; /* ; /* ; */ */
      DO $x$ BEGIN; END $x$;
      CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 2; END;
      SELECT E'a\\';b'; ;
      SELECT "a;b"
      -- tail;`;

    expect(splitStatements(script).map((statement) => statement.replace(/\s+/g, ' '))).toEqual([
      'SELECT 1',
      "-- a;b SELECT ';'",
      '/* ; /* ; */ */ DO $x$ BEGIN; END $x$',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 2; END',
      "SELECT E'a\\';b'",
      'SELECT "a;b" -- tail;',
    ]);
  });

  it.each(['', ' ; ;', '-- nothing', '/* ; */'])('without statements has none: %j', (script) => {
    expect(splitStatements(script)).toEqual([]);
  });
});

describe('An array literal', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase({ via: 'postgres' });
  });
  afterAll(() => test.close());

  it.each([
    [[], '{}'],
    [['a', 'B-1', '2.5'], '{a,B-1,2.5}'],
    [[1, 2n, -3.5, true], '{1,2,-3.5,true}'],
    [['', 'a'], '{"","a"}'],
    [['a', ''], '{"a",""}'],
    [[''], '{""}'],
    [[null], '{NULL}'],
    [['null', 'NULL'], '{"null","NULL"}'],
    [['a,b', '"', '\\'], '{"a,b","\\"","\\\\"}'],
  ])('is written: %#', (values, expected) => {
    expect(flatArrayLiteral(values)).toBe(expected);
  });

  it('is read by PostgreSQL as it was written', async () => {
    const element = fc.oneof(
      fc.string(),
      fc.constantFrom('', 'NULL', 'null', '{}', 'a,b', '"', '\\', ' ', '\n'),
      fc.uuid(),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(element), async (values) => {
        const clean = values.map((value) => value?.replaceAll('\0', '') ?? null);
        const rows = await test.database.query({
          text: 'SELECT x FROM unnest(CAST($1 AS text[])) WITH ORDINALITY AS t(x, n) ORDER BY n',
          values: [clean],
        });
        expect(rows.map(({ x }) => x)).toEqual(clean);
      }),
      { numRuns: 200 },
    );
  });
});
