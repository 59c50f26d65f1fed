import { type CostBasis, costBases } from '@inventory/models';
import type { Scope } from '@inventory/schemas';

/** What the page in the browser is told of its stack. */
export type PageSettings = {
  readonly releaseId: string;
  readonly currency: { readonly code: string; readonly digits: number };
  /** IANA; times are shown in it. */
  readonly timeZone: string;
  readonly allowedCosts: readonly CostBasis[];
  /** Null where the issuer has no client for the page: it takes a token then. */
  readonly signIn: SignIn | null;
};

/** How a planner signs in: OpenID Connect, authorization code with PKCE (RFC 7636). */
export type SignIn = {
  readonly issuer: string;
  /** Where the issuer's documents lie, if not at the issuer itself: on a laptop `/`, the page's own host. */
  readonly address?: string;
  readonly clientId: string;
  readonly scope: string;
  /** Asked for where scopes have no prefix that tells it: Auth0 gives no token for an API otherwise. */
  readonly audience?: string;
};

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

function signInOf(environment: NodeJS.ProcessEnv, clientId: string): SignIn | null {
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

/** The origins that the page speaks to when a planner signs in: of the issuer's documents, and of its tokens if that is another. */
export function originsOf(environment: NodeJS.ProcessEnv, { issuer, address = issuer }: SignIn): readonly string[] {
  const { SIGN_IN_ORIGIN } = environment;
  const ofDocuments = address.startsWith('/') ? [] : [new URL(address).origin];
  return SIGN_IN_ORIGIN ? [...ofDocuments, SIGN_IN_ORIGIN] : ofDocuments;
}
