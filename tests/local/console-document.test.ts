import { createHash } from 'node:crypto';
import { scopes } from '@inventory/schemas';
import { describe, expect, test } from 'vitest';
import { consoleDocument } from '../../functions/console/document.ts';
import { pageFiles } from '../../functions/console/page-files.ts';
import { originsOf, plannerScopes, readPageSettings } from '../../functions/console/settings.ts';

const ofPool = {
  SIGN_IN_ISSUER: 'https://pool.example/id',
  SIGN_IN_SCOPE_PREFIX: 'inventory/',
  SIGN_IN_AUDIENCE: '',
  SIGN_IN_ORIGIN: 'https://tokens.example',
};

describe('the settings of the page', () => {
  test('are those of the stack', () => {
    const environment = { RELEASE_ID: 'r1', CURRENCY: 'JPY', CURRENCY_DIGITS: '0', TIME_ZONE: 'Asia/Tokyo' };

    expect(readPageSettings({ ...environment, ALLOWED_COSTS: 'TOTAL_AVERAGE,LOT' }, undefined)).toEqual({
      releaseId: 'r1',
      currency: { code: 'JPY', digits: 0 },
      timeZone: 'Asia/Tokyo',
      allowedCosts: ['LOT', 'TOTAL_AVERAGE'],
      signIn: null,
    });
  });

  test('have the defaults of the functions', () => {
    expect(readPageSettings({}, undefined)).toEqual({
      releaseId: 'local',
      currency: { code: 'USD', digits: 2 },
      timeZone: 'UTC',
      allowedCosts: ['LOT', 'MOVING_AVERAGE', 'TOTAL_AVERAGE'],
      signIn: null,
    });
  });

  test('ask a Cognito pool for scopes by its server', () => {
    const { signIn } = readPageSettings(ofPool, 'client');

    expect(signIn).toEqual({
      issuer: 'https://pool.example/id',
      clientId: 'client',
      scope: plannerScopes.map((scope) => `inventory/${scope}`).join(' '),
    });
    expect(originsOf(ofPool, signIn!)).toEqual(['https://pool.example', 'https://tokens.example']);
  });

  test('ask another issuer for scopes and the audience', () => {
    const environment = { SIGN_IN_ISSUER: 'https://issuer.example/', SIGN_IN_AUDIENCE: 'inventory' };

    const { signIn } = readPageSettings(environment, 'planners');

    expect(signIn).toMatchObject({ scope: plannerScopes.join(' '), audience: 'inventory' });
    expect(originsOf(environment, signIn!)).toEqual(['https://issuer.example']);
  });

  test('know of no sign-in without an issuer, nor another host on a laptop', () => {
    const local = { SIGN_IN_ISSUER: 'https://issuer.localhost', SIGN_IN_ADDRESS: '/' };

    expect(readPageSettings({}, 'planners').signIn).toBeNull();
    expect(originsOf(local, readPageSettings(local, 'console').signIn!)).toEqual([]);
  });

  test('name scopes that there are', () => {
    expect(plannerScopes.filter((scope) => !(scope in scopes))).toEqual([]);
  });
});

describe('the document', () => {
  const files = pageFiles('console.log(1)', 'body{margin:0}');
  const hostile = '</script><script>alert(1)</script>';
  const settings = readPageSettings({ RELEASE_ID: hostile, ...ofPool }, 'client');
  const { html, policy } = consoleDocument(files, settings, originsOf(ofPool, settings.signIn!));

  test('lets its own script and style run and speaks to its host and the issuer, no more', () => {
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(files.script)}`,
      `style-src ${hash(files.style)}`,
      'img-src data:',
      "connect-src 'self' https://pool.example https://tokens.example",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test('names nothing that a browser would load', () => {
    expect(html.match(/(src|href)="(?!data:)/g)).toBeNull();
  });

  test('holds its settings as data, whatever they say', () => {
    const [, text = ''] = /<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(html) ?? [];

    expect(JSON.parse(text)).toEqual(settings);
    expect(html.match(/<script/g)).toHaveLength(2);
  });
});
