import {
  type AllocationRun,
  type AllocationRunSummary,
  type Explanation,
  parseDecimal,
  type Shortage,
} from '@inventory/models';
import { type Page, type PageRequest, pageOf } from './page.ts';
import type { Queryable } from './queryable.ts';
import {
  type RunPlace,
  type RunRow,
  runParts,
  runStatement,
  runsStatement,
  type ShortageRow,
} from './runs-statement.ts';
import { unpacked } from './stored-answer.ts';
import { nameOf } from './stored-scalar.ts';

/** The run of that id with its shortages and explanation, or null. One call for up to about 3,500 shortages. */
export async function findRun(database: Queryable, id: string): Promise<AllocationRun | null> {
  const shortages: Shortage[] = [];
  const explanation: string[] = [];
  let run: AllocationRunSummary | undefined;
  for (let behind: RunPlace | null = null; ; ) {
    const rows = await database.query(runStatement(id, behind));
    for (const { part, data } of rows) {
      if (part === runParts.run) run = runOf(JSON.parse(String(data)));
      else if (part === runParts.explanation) explanation.push(String(data));
      else shortages.push(shortageOf(JSON.parse(String(data))));
    }
    const last = rows.at(-1);
    if (last && rows.length < Number(last.total)) behind = { part: Number(last.part), place: String(last.place) };
    else return run ? { ...run, shortages, explanation: explanationOf(explanation) } : null;
  }
}

/** Runs, newest first. One call. */
export async function listRuns(database: Queryable, page: PageRequest): Promise<Page<AllocationRunSummary>> {
  const rows = await database.query(runsStatement(page));
  const runs = rows.map(({ data }) => runOf(JSON.parse(String(data))));
  return pageOf(runs, page.limit, ({ id }) => id);
}

function runOf(row: RunRow): AllocationRunSummary {
  const [requested, allocated] = [parseDecimal(row.requested), parseDecimal(row.allocated)];
  return {
    id: row.id,
    strategy: row.strategy,
    asOf: new Date(row.asOf).toISOString(),
    status: row.status,
    totals: { requested, allocated, short: requested - allocated, costAmount: BigInt(row.costAmount) },
    slicesApplied: row.slicesApplied,
    slicesTotal: row.slicesTotal,
    failure: row.failure === null ? null : JSON.parse(row.failure),
    createdAt: new Date(row.createdAt).toISOString(),
    createdBy: row.createdBy,
  };
}

function shortageOf([orderId, lineNumber, requestedText, allocatedText, reasons]: ShortageRow): Shortage {
  const [requested, allocated] = [parseDecimal(requestedText), parseDecimal(allocatedText)];
  return { orderId, lineNumber, requested, allocated, short: requested - allocated, reasons: reasonsOf(reasons) };
}

/** `CODE quantity,CODE quantity`, as the run was written. */
const reasonsOf = (text: string): Shortage['reasons'] =>
  text === ''
    ? []
    : text.split(',').map((reason) => {
        const [code = '', quantity = ''] = reason.split(' ');
        return { code: nameOf(code), quantity: parseDecimal(quantity) };
      });

/** The JSON that was stored has quantities as texts. */
type StoredExplanation = Omit<Explanation, 'candidates'> & {
  readonly candidates: readonly (Omit<Explanation['candidates'][number], 'available' | 'taken'> & {
    readonly available: string;
    readonly taken: string;
  })[];
};

function explanationOf(pieces: readonly string[]): Explanation[] | null {
  if (pieces.length === 0) return null;
  const stored: readonly StoredExplanation[] = JSON.parse(unpacked(pieces));
  return stored.map((line) => ({
    ...line,
    candidates: line.candidates.map((candidate) => ({
      ...candidate,
      available: parseDecimal(candidate.available),
      taken: parseDecimal(candidate.taken),
    })),
  }));
}
