import * as oauth from 'oauth4webapi';
import { asProblem, type Problem } from '../api/problem.ts';
import type { SignInSettings } from '../page-settings.ts';
import { settings } from '../settings.ts';
import { createStore } from '../store.ts';
import { session, type Tokens } from './session.ts';

// OpenID Connect, authorization code with PKCE, as a public client. Nothing of the issuer is loaded before a click.

/** What went wrong when the planner came back from the issuer. */
export const signInProblem = createStore<Problem | null>(null);

type Started = { readonly state: string; readonly verifier: string; readonly hash: string };
const started = createStore<Started | null>(null, 'sign-in');

/** Leaves for the issuer; the view to come back to is kept. */
export async function signIn(): Promise<void> {
  const { signIn: client } = settings;
  if (!client) return;
  const issuer = await discover(client);
  if (!issuer.authorization_endpoint) throw new Error('The issuer names no authorization endpoint');

  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  started.set({ state, verifier, hash: location.hash });
  const address = new URL(issuer.authorization_endpoint);
  const parameters = {
    client_id: client.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: client.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...(client.audience && { audience: client.audience }),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  location.assign(address);
}

/** When the issuer has sent the planner back: exchanges the code, and takes it out of the address. */
export async function finishSignIn(): Promise<void> {
  const { signIn: client } = settings;
  const begun = started.get();
  const answer = new URL(location.href);
  if (!client || !begun || !(answer.searchParams.has('code') || answer.searchParams.has('error'))) return;
  history.replaceState(null, '', redirectUri() + (begun.hash || answer.hash));
  dispatchEvent(new HashChangeEvent('hashchange'));
  started.set(null);
  try {
    const issuer = await discover(client);
    const parameters = oauth.validateAuthResponse(issuer, clientOf(client), answer, begun.state);
    const response = await oauth.authorizationCodeGrantRequest(
      issuer,
      clientOf(client),
      oauth.None(),
      parameters,
      redirectUri(),
      begun.verifier,
      insecure(client),
    );
    session.begin(tokensOf(await oauth.processAuthorizationCodeResponse(issuer, clientOf(client), response)));
  } catch (error) {
    signInProblem.set(asProblem(error));
  }
}

session.refreshBy(async (tokens) => {
  const { signIn: client } = settings;
  if (!client || !tokens.refreshToken) return tokens;
  const issuer = await discover(client);
  const { refreshToken } = tokens;
  const response = await oauth.refreshTokenGrantRequest(
    issuer,
    clientOf(client),
    oauth.None(),
    refreshToken,
    insecure(client),
  );
  const answer = await oauth.processRefreshTokenResponse(issuer, clientOf(client), response);
  return {
    ...tokensOf(answer),
    refreshToken: answer.refresh_token ?? refreshToken,
    scope: answer.scope ?? tokens.scope,
  };
});

/** Takes the refresh token back where the issuer does that (RFC 7009): who finds it later cannot go on in this name. */
export async function revokeTokens(): Promise<void> {
  const { signIn: client } = settings;
  const refreshToken = session.store.get().tokens?.refreshToken;
  if (!client || !refreshToken) return;
  const issuer = await discover(client);
  if (!issuer.revocation_endpoint) return;
  const response = await oauth.revocationRequest(issuer, clientOf(client), oauth.None(), refreshToken, {
    ...insecure(client),
    signal: AbortSignal.timeout(REVOCATION_MILLISECONDS),
  });
  await oauth.processRevocationResponse(response);
}

/** Nobody waits longer to be signed out. */
const REVOCATION_MILLISECONDS = 3_000;

let discovered: Promise<oauth.AuthorizationServer> | null = null;

function discover(client: SignInSettings): Promise<oauth.AuthorizationServer> {
  discovered ??= readConfiguration(client).catch((error) => {
    discovered = null; // the next click asks again
    throw error;
  });
  return discovered;
}

async function readConfiguration(client: SignInSettings): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(placeOf(client), { algorithm: 'oidc', ...insecure(client) });
  return oauth.processDiscoveryResponse(new URL(client.issuer), response);
}

const placeOf = ({ issuer, address }: SignInSettings) =>
  address === undefined ? new URL(issuer) : new URL(address, location.origin);

/** Plain http is for the issuer of a laptop alone. */
const insecure = (client: SignInSettings) => ({
  [oauth.allowInsecureRequests]: client.address !== undefined && isLoopback(placeOf(client)),
});

const isLoopback = ({ hostname }: URL) => ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

const clientOf = ({ clientId }: SignInSettings): oauth.Client => ({ client_id: clientId });

/** The page itself, without query and hash: what the issuer knows it by. */
const redirectUri = () => location.origin + location.pathname;

const tokensOf = (answer: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: answer.access_token,
  refreshToken: answer.refresh_token ?? null,
  expiresAt: answer.expires_in === undefined ? null : Date.now() + answer.expires_in * 1_000,
  scope: answer.scope ?? null,
});
