import { costBases } from '@inventory/models';
import type { Scope } from '@inventory/schemas';
import type { PageSettings, SignInSettings } from './page/page-settings.ts';

/** All that the page does. The template lets its client ask for these. */
export const plannerScopes: readonly Scope[] = [
  'orders:read',
  'orders:write',
  'inventory:read',
  'inventory:write',
  'allocate:run',
  'allocate:simulate',
  'ship',
];

/** Without a schema, whose library is larger than all else here; MainFunction refuses to start on a wrong value. */
export function readPageSettings(environment: NodeJS.ProcessEnv, clientId: string | undefined): PageSettings {
  const { RELEASE_ID, CURRENCY, CURRENCY_DIGITS, TIME_ZONE, ALLOWED_COSTS } = environment;
  return {
    releaseId: RELEASE_ID || 'local',
    currency: { code: CURRENCY || 'USD', digits: Number(CURRENCY_DIGITS || 2) },
    timeZone: TIME_ZONE || 'UTC',
    allowedCosts: costBases.filter((basis) => !ALLOWED_COSTS || ALLOWED_COSTS.split(',').includes(basis)),
    signIn: clientId ? signInOf(environment, clientId) : null,
  };
}

function signInOf(environment: NodeJS.ProcessEnv, clientId: string): SignInSettings | null {
  const { SIGN_IN_ISSUER, SIGN_IN_ADDRESS, SIGN_IN_SCOPE_PREFIX = '', SIGN_IN_AUDIENCE } = environment;
  if (!SIGN_IN_ISSUER) return null;
  return {
    issuer: SIGN_IN_ISSUER,
    ...(SIGN_IN_ADDRESS && { address: SIGN_IN_ADDRESS }),
    clientId,
    scope: plannerScopes.map((scope) => `${SIGN_IN_SCOPE_PREFIX}${scope}`).join(' '),
    ...(SIGN_IN_AUDIENCE && { audience: SIGN_IN_AUDIENCE }),
  };
}

/** The origins that the page speaks to when a planner signs in: of the issuer's documents, and of its tokens. */
export function originsOf(
  environment: NodeJS.ProcessEnv,
  { issuer, address = issuer }: SignInSettings,
): readonly string[] {
  const { SIGN_IN_ORIGIN } = environment;
  const ofDocuments = address.startsWith('/') ? [] : [new URL(address).origin];
  return SIGN_IN_ORIGIN ? [...ofDocuments, SIGN_IN_ORIGIN] : ofDocuments;
}
