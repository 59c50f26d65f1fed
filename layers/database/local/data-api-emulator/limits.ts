/** The limits of the RDS Data API; `tests/database/infrastructure/behaviours.ts` names the source of each. */
export const LIMITS = {
  sqlCharacters: 65_536,
  requestBytes: 4 * 1_048_576,
  resultBytes: 1_048_576,
  rowBytes: 65_536,
  statementMilliseconds: 45_000,
  transactionIdleMilliseconds: 180_000,
};

export type Limits = typeof LIMITS;
