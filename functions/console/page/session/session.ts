import { createStore } from '../store.ts';
import { type Claims, claimsOf, scopesIn } from './claims.ts';

/** What signs the requests. It lives as long as the tab. */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** In milliseconds since 1970; null when not known. */
  readonly expiresAt: number | null;
  /** As the issuer granted it beside a token that does not say. */
  readonly scope: string | null;
};

type Session = {
  readonly tokens: Tokens | null;
  /** The API has refused the token: the view stays, and asks to sign in again. */
  readonly hasEnded: boolean;
  /** Moves with every new token of a person: what failed is loaded again. */
  readonly serial: number;
};

const store = createStore<Session>({ tokens: null, hasEnded: false, serial: 0 }, 'session');

let refresh: ((tokens: Tokens) => Promise<Tokens>) | null = null;
let refreshing: Promise<Tokens | null> | null = null;

export const session = {
  store,
  begin: (tokens: Tokens) => store.set({ tokens, hasEnded: false, serial: store.get().serial + 1 }),
  end: () => store.set({ ...store.get(), hasEnded: store.get().tokens !== null }),
  /** How a token that is about to expire becomes a new one. */
  refreshBy: (by: typeof refresh) => {
    refresh = by;
  },
};

export const pastedTokens = (accessToken: string): Tokens => ({
  accessToken,
  refreshToken: null,
  expiresAt: null,
  scope: null,
});

/** What the tokens say, the issuer's word filling in for a token that cannot be read. */
export function sessionClaims(tokens: Tokens): Claims {
  const claims = claimsOf(tokens.accessToken);
  return { ...claims, scopes: claims.scopes ?? (tokens.scope === null ? null : scopesIn(tokens.scope)) };
}

const EARLY_MILLISECONDS = 60_000;

/** The token to send, refreshed first when it is about to expire; null when nobody is signed in. */
export async function bearer(): Promise<string | null> {
  const { tokens } = store.get();
  if (!tokens?.refreshToken || !refresh || !isAboutToExpire(tokens)) return tokens?.accessToken ?? null;
  refreshing ??= refresh(tokens)
    .then((fresh) => {
      store.set({ ...store.get(), tokens: fresh, hasEnded: false });
      return fresh;
    })
    .catch(() => null) // the old one may still do; if not, the API says 401
    .finally(() => {
      refreshing = null;
    });
  return (await refreshing)?.accessToken ?? tokens.accessToken;
}

const isAboutToExpire = ({ expiresAt }: Tokens) => expiresAt !== null && expiresAt - Date.now() < EARLY_MILLISECONDS;
