import type { PickRule } from './pick-rule.ts';

/** Last in, first out: the one rule whose tie-break is reversed too. */
export const lifo: PickRule = {
  description: 'Last in, first out: the lot received last',
  choice: 'RANKED',
  keys: [
    { key: 'receivedAt', direction: 'desc' },
    { key: 'lotSequence', direction: 'desc' },
  ],
};
