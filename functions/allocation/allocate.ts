import { createRun, type Decision, type Loaded, load, type Queryable, unknownOrders, write } from '@inventory/database';
import {
  type Allocation,
  type AllocationRun,
  DomainError,
  allocate as decide,
  formatDecimal,
  type Strategy,
} from '@inventory/models';
import { type AllocationRequest, allocationReply, type contracts, runReply, shortageReply } from '@inventory/schemas';
import { entityHeaders } from '../http/answer.ts';
import { keyed, replay } from '../http/replay.ts';
import type { Context, Reply, RequestOf } from '../http/use-case.ts';
import {
  inputOf,
  linesAtMost,
  type Plan,
  planOf,
  RESULTS_AT_ONCE,
  refuseClosedPeriod,
  refuseUnknownLines,
  refuseUnknownOrders,
  strategyOf,
  unknownOrder,
  withoutSettled,
} from './plan.ts';

type AllocateRequest = RequestOf<typeof contracts.allocate>;

/** Runs an allocation: decided and written at once, or stored for the worker when it is large, or only shown. */
export async function allocate(request: AllocateRequest, context: Context): Promise<Reply> {
  const { body, now, deadline } = request;
  const strategy = strategyOf(body, context.settings);
  const plan = planOf(body, { strategy, now, settings: context.settings });
  const run: Run = { request, context, strategy, plan, runId: context.newId() };
  const loading = {
    choice: plan.choice,
    reach: plan.reach,
    idempotencyKey: body.dryRun ? null : (request.idempotency?.key ?? null),
    linesAtMost: body.explain ? linesAtMost.explained : body.dryRun ? linesAtMost.simulated : linesAtMost.atOnce,
  };
  const loadKnown = async (database: Queryable) => {
    const loaded = await load(database, loading);
    await refuseUnknownLines(body, loaded, database);
    return { run: { ...run, plan: await withoutSettled(plan, loaded, database) }, loaded };
  };
  if (body.dryRun) return simulate(await loadKnown(context.database));
  const reply = await write(context.database, {
    load: loadKnown,
    decide: commit,
    deadline,
  });
  return reply === 'LARGE' ? enqueue(run) : handedOn(reply, context);
}

type Run = {
  readonly request: AllocateRequest;
  readonly context: Context;
  readonly strategy: Strategy;
  readonly plan: Plan;
  readonly runId: string;
};

/** A run with what was loaded for it. */
type Known = { readonly run: Run; readonly loaded: Loaded };

function simulate({ run, loaded }: Known): Reply {
  const { request, context, strategy, plan } = run;
  const { body } = request;
  refuseTooLarge(body, loaded);
  refuseUnknownOrders(plan.choice, loaded);
  const allocation = decide(inputOf(plan, { strategy, loaded, settings: context.settings, newId: context.newId }));
  refuseShortage(body, allocation);
  const answer = { runId: null, asOf: plan.asOf, strategy, explain: body.explain, allocation };
  return { status: 200, body: allocationReply(answer, context.settings.currency) };
}

function commit({ run, loaded }: Known): Decision<Reply | 'LARGE'> {
  const { request, context, strategy, plan, runId } = run;
  const { body, idempotency, now } = request;
  if (loaded.answer) return { outcome: replay(loaded.answer, idempotency), write: null };
  refuseClosedPeriod(plan, loaded, context.settings);
  if (loaded.tooLarge && body.explain) refuseTooLarge(body, loaded);
  if (loaded.tooLarge) return { outcome: 'LARGE', write: null };
  refuseUnknownOrders(plan.choice, loaded);

  const allocation = decide(inputOf(plan, { strategy, loaded, settings: context.settings, newId: context.newId }));
  refuseShortage(body, allocation);
  if (allocation.results.length > RESULTS_AT_ONCE) return { outcome: 'LARGE', write: null };

  const answer = { runId, asOf: plan.asOf, strategy, explain: body.explain, allocation };
  const reply = {
    status: 201,
    headers: entityHeaders({ path: `/allocation-runs/${runId}` }),
    body: allocationReply(answer, context.settings.currency),
  };
  return {
    outcome: reply,
    write: {
      change: allocation.change,
      run: { kind: 'WHOLE', run: recordOf(run, allocation) },
      actor: request.caller,
      at: now,
      allocatedAt: plan.asOf,
      keyed: keyed(reply, idempotency, now),
    },
  };
}

const recordOf = ({ request, strategy, plan, runId }: Run, allocation: Allocation | null): AllocationRun => ({
  id: runId,
  strategy,
  asOf: plan.asOf,
  status: allocation ? 'COMMITTED' : 'PENDING',
  totals: allocation?.totals ?? { requested: 0n, allocated: 0n, short: 0n, costAmount: 0n },
  shortages: allocation?.shortages ?? [],
  explanation: request.body.explain && allocation ? allocation.explanation : null,
  slicesApplied: 0,
  slicesTotal: 0,
  failure: null,
  createdAt: request.now,
  createdBy: request.caller,
});

/** Stores a large run and hands it to the worker: 202 with the run as its GET answers it. */
async function enqueue(run: Run): Promise<Reply> {
  const { request, context, plan, runId } = run;
  await refuseUnknownBeforehand(context, plan);
  const record = recordOf(run, null);
  const reply = {
    status: 202,
    headers: entityHeaders({ path: `/allocation-runs/${runId}` }),
    body: runReply(record, context.settings.currency),
  };
  const creation = await createRun(context.database, {
    run: record,
    request: JSON.parse(JSON.stringify(request.body, decimalText)),
    keyed: keyed(reply, request.idempotency, request.now),
  });
  if (creation.kind === 'REPLAY') return handedOn(replay(creation, request.idempotency), context);
  await context.enqueueRun(runId);
  return reply;
}

/** A repeated 202 may be of a run that was stored and never handed on. To hand it on twice does no harm. */
async function handedOn(reply: Reply, { enqueueRun }: Context): Promise<Reply> {
  if ('replay' in reply && reply.replay.status === 202) await enqueueRun(JSON.parse(reply.replay.body).id);
  return reply;
}

/** A contract reads its own decimals again when the worker takes the run up. */
const decimalText = (_: string, value: unknown) => (typeof value === 'bigint' ? formatDecimal(value) : value);

async function refuseUnknownBeforehand({ database }: Context, { choice }: Plan): Promise<void> {
  const unknown = await unknownOrders(database, choice);
  if (unknown.length === 0) return;
  const member = 'orderIds' in choice ? 'orderIds' : 'orderNumbers';
  const named = 'orderIds' in choice ? choice.orderIds : 'orderNumbers' in choice ? choice.orderNumbers : [];
  const errors = unknown.map((name) => ({
    pointer: `/${member}/${named.indexOf(name)}`,
    detail: `no order has ${name}`,
  }));
  throw unknownOrder(errors);
}

/** Throws VALIDATION_FAILED: an explanation and a dry run are answered at once, so they have a size. */
function refuseTooLarge({ explain }: AllocationRequest, { tooLarge }: Loaded): void {
  if (!tooLarge) return;
  const [pointer, most] = explain ? ['/explain', linesAtMost.explained] : ['/dryRun', linesAtMost.simulated];
  const detail = `takes at most ${most} open lines; choose fewer orders`;
  throw new DomainError('VALIDATION_FAILED', `The run has more lines: ${pointer} ${detail}`, {
    errors: [{ pointer, detail }],
  });
}

/** Throws INSUFFICIENT_STOCK with the shortages that the run would have reported. */
function refuseShortage({ onShortage }: AllocationRequest, { shortages }: Allocation): void {
  if (onShortage !== 'FAIL' || shortages.length === 0) return;
  throw new DomainError('INSUFFICIENT_STOCK', `${shortages.length} lines would be short; nothing was allocated`, {
    members: { shortages: shortages.map(shortageReply) },
  });
}
