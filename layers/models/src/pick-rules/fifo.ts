import { oldestFirst, type PickRule } from './pick-rule.ts';

/** First in, first out. */
export const fifo: PickRule = {
  description: 'First in, first out: the lot received first',
  choice: 'RANKED',
  keys: oldestFirst,
};
