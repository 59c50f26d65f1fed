import { expect, test } from 'vitest';
import { claimsOf, missingScopes, scopesIn } from '../../../functions/console/page/session/claims.ts';

const jwt = (payload: object) =>
  ['{}', JSON.stringify(payload), 'signature'].map((part) => Buffer.from(part).toString('base64url')).join('.');

test('reads who is signed in, what is allowed and until when', () => {
  const token = jwt({
    sub: 'Jürgen ☂',
    scope: 'inventory/orders:read https://api.example/allocate:run ship',
    exp: 1_800_000_000,
  });

  expect(claimsOf(token)).toEqual({
    subject: 'Jürgen ☂',
    scopes: ['orders:read', 'allocate:run', 'ship'],
    expiresAt: 1_800_000_000_000,
  });
});

test.each(['opaque', 'a.b.c', '', jwt([])])('a token that cannot be read says nothing: %s', (token) => {
  expect(claimsOf(token)).toEqual({ subject: null, scopes: null, expiresAt: null });
});

test('what is missing is named; what is not known is not missing', () => {
  expect(missingScopes(['orders:read'], ['orders:read', 'ship'])).toEqual(['ship']);
  expect(missingScopes(['allocate:run'], [['allocate:simulate', 'allocate:run']])).toEqual([]);
  expect(missingScopes([], [['allocate:simulate', 'allocate:run']])).toEqual(['allocate:simulate']);
  expect(missingScopes(null, ['ship'])).toEqual([]);
  expect(scopesIn('')).toEqual([]);
});
