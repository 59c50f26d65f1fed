import type { Answer, Database, Idempotency } from '@inventory/database';
import type { CostBasis, Currency, Instant } from '@inventory/models';
import type { BodyOf, Contract, ParamsOf, QueryOf } from '@inventory/schemas';
import type { Page } from './page.ts';

/** What the stack is set to, read from the environment once. */
export type Settings = {
  readonly releaseId: string;
  readonly currency: Currency;
  /** IANA; decides what a date and a month are. */
  readonly timeZone: string;
  readonly allowedCosts: readonly CostBasis[];
  readonly idempotencyKeyRequired: boolean;
};

/** A request as a use case sees it: parsed by the contract, authorised, with the moment it is judged at. */
export type Request<Params, Query, Body, Paging extends Page | null = null> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Of a list: where its page begins and how long it is. Null for any other route. */
  readonly page: Paging;
  /** `sub` of the token: the actor of every movement. Empty on an open route. */
  readonly caller: string;
  /** Null where the caller sent no key. */
  readonly idempotency: Idempotency | null;
  readonly now: Instant;
  /** Epoch milliseconds after which nothing new may be started. */
  readonly deadline: number;
};

/** What a use case works with. */
export type Context = {
  readonly database: Database;
  readonly settings: Settings;
  /** Hands a stored run to the worker that works it off in the background. */
  readonly enqueueRun: (runId: string) => Promise<void>;
  /** UUIDv7, ascending within the process. */
  readonly newId: () => string;
};

/**
 * What a use case answers: a body to be written as JSON, or the stored answer of an earlier equal request.
 * `answerOf` of this folder makes the stored form of a reply, so that a replay has the same bytes.
 */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | { readonly replay: Answer };

/** The request that a contract promises to its use case. */
export type RequestOf<C extends Contract> = Request<
  ParamsOf<C>,
  QueryOf<C>,
  BodyOf<C>,
  C['isList'] extends true ? Page : null
>;

/** What answers a route: load, decide, save. It throws a DomainError for what the caller can act on. */
export type UseCase<C extends Contract> = (request: RequestOf<C>, context: Context) => Promise<Reply> | Reply;
