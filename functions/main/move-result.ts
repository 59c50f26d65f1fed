import { type Decision, type LoadedResult, loadResult, write } from '@inventory/database';
import {
  type AllocationResult,
  type Change,
  DomainError,
  firstOpenInstant,
  type ResultContext,
  type ResultState,
  type ResultUpdate,
  release,
  type Split,
  ship,
} from '@inventory/models';
import { type contracts, movedResultReply } from '@inventory/schemas';
import { keyed, replay } from '../http/replay.ts';
import type { Context, Reply, RequestOf, UseCase } from '../http/use-case.ts';

/** Gives an allocated result back, whole or in part. */
export const releaseResult: UseCase<typeof contracts.releaseResult> = (request, context) =>
  move(request, context, (row, found) => release(row, request.body.quantity ?? null, found));

/** Ships an allocated result, whole or in part. */
export const shipResult: UseCase<typeof contracts.shipResult> = (request, context) =>
  move(request, context, (row, found) => {
    const { quantity = null, shippedAt = null } = request.body;
    return ship(row, quantity, { ...found, shippedAt, timeZone: context.settings.timeZone });
  });

type MoveRequest = RequestOf<typeof contracts.releaseResult> | RequestOf<typeof contracts.shipResult>;
type Found = NonNullable<LoadedResult['found']>;
type Decide = (row: ResultState, found: ResultContext & Pick<Found, 'lot'>) => Split & { change: Change };

const move = (request: MoveRequest, context: Context, decide: Decide): Promise<Reply> =>
  write<LoadedResult, Reply>(context.database, {
    load: (database) =>
      loadResult(database, {
        resultId: request.params.resultId,
        idempotencyKey: request.idempotency?.key ?? null,
        now: request.now,
      }),
    decide: (loaded) => decided(request, context, loaded, decide),
    deadline: request.deadline,
  });

function decided(
  { params, idempotency, now, caller }: MoveRequest,
  { settings, newId }: Context,
  { answer, found }: LoadedResult,
  decide: Decide,
): Decision<Reply> {
  if (answer) return { outcome: replay(answer, idempotency), write: null };
  if (!found) throw new DomainError('NOT_FOUND', `There is no allocation result ${params.resultId}`);
  const { change, moved, remainder } = decide(found.result, {
    order: found.order,
    positionVersion: found.positionVersion,
    lot: found.lot,
    now,
    firstOpenAt: firstOpenInstant(found.closedThrough, settings.timeZone),
    newId,
  });
  const after = { moved: updated(found.result, moved), remainder: remainder && updated(found.result, remainder) };
  const reply = { status: 200, body: movedResultReply(after, settings.currency) };
  return {
    outcome: reply,
    write: { change, run: null, actor: caller, at: now, allocatedAt: null, keyed: keyed(reply, idempotency, now) },
  };
}

const updated = (row: AllocationResult, update: ResultUpdate): AllocationResult => ({ ...row, ...update });
