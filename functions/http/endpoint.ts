import { DomainError, type FieldError } from '@inventory/models';
import { type Contract, parseRequest, pointerOf } from '@inventory/schemas';
import { authorize, authorizeBody } from './authorization.ts';
import { readBody } from './body.ts';
import { authenticated } from './claims.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { demandKey, idempotencyOf, keyErrors } from './idempotency-key.ts';
import type { Incoming } from './incoming.ts';
import type { Page } from './page.ts';
import { respond } from './response.ts';
import type { Route } from './router.ts';
import type { Context, RequestOf, UseCase } from './use-case.ts';

/** A route of a contract. */
export type Endpoint<C extends Contract = Contract> = Route<Context> & { readonly contract: C };

/**
 * A route: its contract, and the use case that answers it. The checks come in the order of product.md 6, after 401, 404
 * and 405, which are the router's: 403, 413, 415, 400, 422; what follows is the use case's.
 */
export function endpoint<C extends Contract>(contract: C, useCase: UseCase<C>): Endpoint<C> {
  return {
    contract,
    answer: async (incoming, context) => {
      const { request, locate } = readRequest(contract, incoming, context);
      try {
        return respond(contract, await useCase(request, context), incoming);
      } catch (error) {
        throw locate ? atCells(error, locate) : error;
      }
    },
  };
}

/** Errors of an import are told by row and column, those too that only the stored state shows. */
function atCells(error: unknown, locate: (pointer: string) => object): unknown {
  if (!(error instanceof DomainError) || error.errors.length === 0) return error;
  const errors = error.errors.map(({ pointer, detail }) => ({ ...locate(pointer), detail }));
  return new DomainError(error.code, error.message, { members: { ...error.members, errors } });
}

function readRequest<C extends Contract>(contract: C, incoming: Incoming, { settings }: Context) {
  const claims = contract.scope === null ? OPEN : authenticated(incoming);
  authorize(contract, claims);
  const body = readBody(contract, incoming);
  authorizeBody(contract, claims, body.body);
  demandKey(contract, incoming, settings.idempotencyKeyRequired);
  const place = contract.isList ? placeOf(incoming) : null;

  const now = new Date().toISOString();
  const query = Object.fromEntries(Object.entries(incoming.query).map(([name, values]) => [name, values[0] ?? '']));
  const wrong = [...repeated(incoming), ...keyErrors(incoming)];
  const raw = { params: incoming.params, query, ...body, wrong };
  const { locate, ...parsed } = parseRequest(contract, raw, { now, ...settings });
  const request = {
    ...parsed,
    page: place && { ...place, limit: limitOf(parsed.query) },
    caller: claims.sub,
    idempotency: idempotencyOf(contract, incoming, claims.sub),
    now,
    deadline: incoming.deadline,
  };
  // `page` is null exactly where the contract is no list.
  return { request: request as RequestOf<C>, locate };
}

const OPEN = { sub: '', scope: '' };

/** Throws INVALID_CURSOR. The cursor is bound to everything in the query but itself and the length of the page. */
function placeOf({ resource, params, query }: Incoming): Omit<Page, 'limit'> {
  const { cursor, limit: _, ...filters } = query;
  const list = JSON.stringify([
    resource,
    params,
    Object.entries(filters).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
  return {
    after: cursor?.[0] === undefined ? null : decodeCursor(cursor[0], list),
    cursorAfter: (key) => encodeCursor(key, list),
  };
}

const limitOf = (query: object) => ('limit' in query && typeof query.limit === 'number' ? query.limit : 0);

const repeated = ({ query }: Incoming): FieldError[] =>
  Object.entries(query)
    .filter(([, values]) => values.length > 1)
    .map(([name]) => ({ pointer: pointerOf(['query', name]), detail: 'is given more than once' }));
