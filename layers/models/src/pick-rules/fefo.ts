import { oldestFirst, type PickRule } from './pick-rule.ts';

/** First expired, first out; lots that never expire come last. */
export const fefo: PickRule = {
  description: 'First expired, first out: the lot that expires first, lots without expiry last',
  choice: 'RANKED',
  keys: [{ key: 'expiresOn', direction: 'asc' }, ...oldestFirst],
};
