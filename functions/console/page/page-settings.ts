import type { CostBasis, Currency } from '@inventory/models';

/** How the page signs people in: an OpenID Connect issuer and this page as its public client. */
export type SignInSettings = {
  readonly issuer: string;
  /** Where the issuer's documents lie when not at `issuer` itself: on a laptop `/`, the page's own host. */
  readonly address?: string;
  readonly clientId: string;
  readonly scope: string;
  /** Asked for where scopes have no prefix that tells it: Auth0 gives no token for an API otherwise. */
  readonly audience?: string;
};

/** What the server writes into the page. */
export type PageSettings = {
  readonly releaseId: string;
  readonly currency: Currency;
  readonly timeZone: string;
  readonly allowedCosts: readonly CostBasis[];
  /** Null where no client is registered: a token can be pasted then. */
  readonly signIn: SignInSettings | null;
};
