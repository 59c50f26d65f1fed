import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** The floor: COPY of the rows that a run has inserted (results and movements) into the same tables with their indexes. */
export async function copyOfRun(url: string, runId: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results = await text(client, `SELECT * FROM allocation_results WHERE run_id = '${runId}'`);
    const movementColumns = 'kind, sku, inventory_id, quantity_delta, value_delta, reference, actor, at, effective_at';
    const movements = await text(
      client,
      `SELECT ${movementColumns} FROM movements WHERE kind = 'ALLOCATE' ORDER BY entry_number`,
    );
    await client.query('TRUNCATE allocation_results');
    await client.query(`DELETE FROM movements WHERE kind = 'ALLOCATE'`);
    await client.query('VACUUM movements');
    const columns = `id, run_id, order_id, order_line_id, line_number, inventory_id, sku, location, quantity, lot_unit_cost,
      cost_amount, costing, status, as_of, created_at, shipped_at, released_at, split_from`;
    const began = performance.now();
    await client.query('BEGIN');
    await pipeline(Readable.from([results]), client.query(copyFrom(`COPY allocation_results (${columns}) FROM STDIN`)));
    await pipeline(
      Readable.from([movements]),
      client.query(copyFrom(`COPY movements (${movementColumns}) FROM STDIN`)),
    );
    await client.query('COMMIT');
    return performance.now() - began;
  } finally {
    await client.end();
  }
}

/** Rows as COPY's text format, made by the server itself. */
async function text(client: pg.Client, select: string): Promise<string> {
  const { fields, rows } = await client.query({
    text: select,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value } as never,
  });
  return rows.map((row: (string | null)[]) => `${fields.map((_, i) => row[i] ?? '\\N').join('\t')}\n`).join('');
}
