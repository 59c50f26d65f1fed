import type { Scope } from '@inventory/schemas';

/** What a token says of itself. Shown, and used to grey out what the API would refuse; the API alone decides. */
export type Claims = {
  readonly subject: string | null;
  /** Null when the token does not say: then everything is tried. */
  readonly scopes: readonly string[] | null;
  /** In milliseconds since 1970. */
  readonly expiresAt: number | null;
};

/** Reads a JWT without verifying it. A token in any other form says nothing. */
export function claimsOf(token: string): Claims {
  const { sub, scope, exp } = payloadOf(token);
  return {
    subject: typeof sub === 'string' ? sub : null,
    scopes: typeof scope === 'string' ? scopesIn(scope) : null,
    expiresAt: typeof exp === 'number' ? exp * 1_000 : null,
  };
}

/** Without the prefix of a resource server: `inventory/orders:read` is `orders:read`. */
export const scopesIn = (claim: string): string[] =>
  claim.split(/\s+/).flatMap((scope) => scope.slice(scope.lastIndexOf('/') + 1) || []);

/** The scopes that all of `needed` lack: none when the token allows it, or does not say. One of an inner list suffices. */
export function missingScopes(
  scopes: readonly string[] | null,
  needed: readonly (Scope | readonly Scope[])[],
): readonly Scope[] {
  if (scopes === null) return [];
  return needed
    .map((one): readonly Scope[] => (typeof one === 'string' ? [one] : one))
    .filter((alternatives) => !alternatives.some((scope) => scopes.includes(scope)))
    .flatMap(([first]) => first ?? []);
}

function payloadOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
