/**
 * A value bound to `$n`. Arrays become one PostgreSQL array literal.
 *
 * Every value travels as text, so every `$n` in a statement carries a cast: `CAST($1 AS uuid[])`. That is what the
 * RDS Data API demands (it infers no types) and it keeps numbers exact: `CAST('0.1' AS numeric)` is 0.1, while a
 * double bound to a numeric is not always what was written.
 *
 * Through the Data API the planner reads a large array twice, once to estimate its length. Where the estimate decides
 * nothing (rows to insert), `CAST((SELECT CAST($1 AS text)) AS uuid[])` hides it: 40 % less time for 30,000 rows of
 * four columns, and the same plan whatever the array.
 */
export type Value = string | number | bigint | boolean | null | readonly (string | number | bigint | boolean | null)[];

export type Statement = { readonly text: string; readonly values: readonly Value[] };

/**
 * One row by column name. int8 and numeric are strings, int2 and int4 numbers, float8 a number, bool a boolean, json
 * and jsonb their text; dates and times are for the SQL to turn into text or epochs.
 */
export type Row = Readonly<Record<string, unknown>>;

export interface Queryable {
  /** Runs one statement and returns its rows. Throws `DatabaseError`. */
  query(statement: Statement): Promise<readonly Row[]>;
}
