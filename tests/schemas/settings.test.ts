import { grants, readSettings, TokenPayload } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';

describe('the settings', () => {
  test('have defaults, for an empty variable too', () => {
    const defaults = {
      releaseId: 'local',
      currency: { code: 'USD', digits: 2 },
      timeZone: 'UTC',
      allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
      idempotencyKeyRequired: false,
    };

    expect(readSettings({})).toEqual(defaults);
    expect(readSettings({ CURRENCY: '', TIME_ZONE: '', PATH: '/bin' })).toEqual(defaults);
  });

  test('are read from the environment', () => {
    const environment = {
      RELEASE_ID: 'r-7',
      CURRENCY: 'JPY',
      CURRENCY_DIGITS: '0',
      TIME_ZONE: 'Asia/Tokyo',
      ALLOWED_COSTS: 'LOT, TOTAL_AVERAGE',
      REQUIRE_IDEMPOTENCY_KEY: 'true',
    };

    expect(readSettings(environment)).toEqual({
      releaseId: 'r-7',
      currency: { code: 'JPY', digits: 0 },
      timeZone: 'Asia/Tokyo',
      allowedCosts: ['LOT', 'TOTAL_AVERAGE'],
      idempotencyKeyRequired: true,
    });
  });

  test.each([
    [{ CURRENCY: 'dollar' }, 'CURRENCY: must be an ISO 4217 code'],
    [{ CURRENCY_DIGITS: '7' }, 'CURRENCY_DIGITS: '],
    [{ TIME_ZONE: 'Mars/Base' }, 'TIME_ZONE: must be an IANA time zone'],
    [{ ALLOWED_COSTS: 'LOT,FREE' }, 'ALLOWED_COSTS: '],
    [{ REQUIRE_IDEMPOTENCY_KEY: 'yes' }, 'REQUIRE_IDEMPOTENCY_KEY: '],
  ])('refuse %j by name', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});

describe('a token', () => {
  const claims = { sub: 'me', scope: 'orders:read', iss: 'https://issuer', iat: 1, exp: 2 };

  test('has aud, or client_id as Cognito gives it', () => {
    expect(TokenPayload.safeParse({ ...claims, aud: 'inventory' }).success).toBe(true);
    expect(TokenPayload.safeParse({ ...claims, aud: ['a', 'b'], jti: 'x' }).success).toBe(true);
    expect(TokenPayload.safeParse({ ...claims, client_id: 'abc' }).success).toBe(true);
    expect(TokenPayload.safeParse(claims).success).toBe(false);
  });

  test.each(['sub', 'iss', 'iat', 'exp'])('needs %s', (name) => {
    expect(TokenPayload.safeParse({ ...claims, aud: 'a', [name]: undefined }).success).toBe(false);
  });

  test('grants a scope by itself or after the prefix of a resource server, and no other', () => {
    expect(grants('orders:read ship', 'ship')).toBe(true);
    expect(grants('inventory/orders:read', 'orders:read')).toBe(true);
    expect(grants('https://api.example/orders:read', 'orders:read')).toBe(true);
    expect(grants('orders:readonly', 'orders:read')).toBe(false);
    expect(grants('borders:read', 'orders:read')).toBe(false);
    expect(grants('ownership', 'ship')).toBe(false);
    expect(grants('', 'ship')).toBe(false);
  });
});
