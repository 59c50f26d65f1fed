import { allocate, expiryWaste, lotsUsed } from '@inventory/models';
import { expect, test } from 'vitest';
import { input, lot, order } from './given.ts';

test('expiryWaste is what stays in usable lots that expire within 30 days', () => {
  const asked = input({
    lots: [
      lot('L1', { expiresOn: '01-20' }),
      lot('L2', { expiresOn: '02-19', allocated: 3 }),
      lot('L3', { expiresOn: '02-20' }),
      lot('L4', { expiresOn: '01-19' }),
      lot('L5', { expiresOn: '01-25', status: 'ON_HOLD' }),
      lot('L6', { expiresOn: '01-25', location: 'W2' }),
      lot('L7', { expiresOn: '02-21', receivedAt: '01-21' }),
      lot('L8'),
    ],
    orders: [order('O1', 4)],
    locations: ['W1'],
    allocationMethod: 'FEFO',
  });

  const { results } = allocate(asked);

  expect(expiryWaste(asked, results)).toBe(13_000_000n);
  expect(lotsUsed(results)).toBe(1);
});
