import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/** The floor: COPY of the rows that a run has inserted (results and movements) into the same tables with their indexes. */
export async function copyOfRun(url: string, runId: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'copy-'));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const [results, movements] = [join(folder, 'results'), join(folder, 'movements')];
    const write = (select: string, file: string) =>
      pipeline(client.query(copyTo(`COPY (${select}) TO STDOUT`)), createWriteStream(file));
    await write(
      `SELECT ${resultColumns} FROM allocation_results WHERE run_id = '${runId}' ORDER BY created_at, id`,
      results,
    );
    await write(`SELECT ${movementColumns} FROM movements WHERE kind = 'ALLOCATE' ORDER BY entry_number`, movements);
    await client.query('TRUNCATE allocation_results');
    await client.query(`DELETE FROM movements WHERE kind = 'ALLOCATE'`);
    await client.query('VACUUM movements');

    const began = performance.now();
    await client.query('BEGIN');
    await pipeline(
      createReadStream(results),
      client.query(copyFrom(`COPY allocation_results (${resultColumns}) FROM STDIN`)),
    );
    await pipeline(
      createReadStream(movements),
      client.query(copyFrom(`COPY movements (${movementColumns}) FROM STDIN`)),
    );
    await client.query('COMMIT');
    return performance.now() - began;
  } finally {
    await client.end();
    await rm(folder, { recursive: true });
  }
}

const resultColumns = `id, run_id, order_id, order_line_id, line_number, inventory_id, sku, location, quantity, lot_unit_cost,
  cost_amount, costing, status, as_of, created_at, shipped_at, released_at, split_from`;
const movementColumns = 'kind, sku, inventory_id, quantity_delta, value_delta, reference, actor, at, effective_at';
