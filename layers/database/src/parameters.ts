import type { Value } from './queryable.ts';

/** Collects the values of one statement; `bind` returns what stands for the value in the text. */
export type Parameters = {
  readonly values: Value[];
  /** `CAST($3 AS uuid[])`: every value travels as text, so its type is always said. */
  bind(value: Value, type: string): string;
};

/** A fresh list of parameters, numbered from $1. */
export function parameters(): Parameters {
  const values: Value[] = [];
  return {
    values,
    bind(value, type) {
      values.push(value);
      return `CAST($${values.length} AS ${type})`;
    },
  };
}

/** A column of rows to be unpacked by `unnest`: its name, its type, and the value of each row. */
export type Column<Item> = readonly [name: string, type: string, read: (item: Item) => Scalar];

type Scalar = Exclude<Value, readonly unknown[]>;

/** Rows as a table expression: one array parameter a column, unpacked once. For rows that are joined to each other. */
export const rowsOf = <Item>(
  bound: Parameters,
  name: string,
  items: readonly Item[],
  columns: readonly Column<Item>[],
) => unnested(name, columns, (type, read) => bound.bind(items.map(read), `${type}[]`));

/**
 * The same for rows that are inserted, or that find others by their key. The planner does not see how many they are and
 * takes them for ten: it is spared reading the arrays to find out, which is a third of the time of a large insert, and it
 * looks up each key, where for thousands it would read a whole table that is not much larger.
 */
export const hiddenRowsOf = <Item>(
  bound: Parameters,
  name: string,
  items: readonly Item[],
  columns: readonly Column<Item>[],
) => unnested(name, columns, (type, read) => `CAST((SELECT ${bound.bind(items.map(read), 'text')}) AS ${type}[])`);

function unnested<Item>(
  name: string,
  columns: readonly Column<Item>[],
  arrayOf: (type: string, read: Column<Item>[2]) => string,
): string {
  const arrays = columns.map(([, type, read]) => arrayOf(type, read)).join(', ');
  return `${name} AS MATERIALIZED (SELECT * FROM unnest(${arrays}) AS rows(${columns.map(([column]) => column).join(', ')}))`;
}
