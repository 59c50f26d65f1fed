/** The identity of a request that may be sent again: both are SHA-256 in hex, made by the HTTP shell. */
export type Idempotency = {
  /** Of caller, method, path and `Idempotency-Key`. */
  readonly key: string;
  /** Of the body. Another hash under the same key is 422 IDEMPOTENCY_KEY_REUSED. */
  readonly requestHash: string;
};

/** An answer as it is stored and replayed: the exact text of the body. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
