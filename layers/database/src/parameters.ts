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

/** Rows as a table expression: one array parameter a column, unpacked once. */
export function rowsOf<Item>(
  bound: Parameters,
  name: string,
  items: readonly Item[],
  columns: readonly Column<Item>[],
) {
  const arrays = columns.map(([, type, read]) => bound.bind(items.map(read), `${type}[]`));
  return `${name} AS MATERIALIZED (SELECT * FROM unnest(${arrays.join(', ')}) AS rows(${columns.map(([column]) => column).join(', ')}))`;
}
