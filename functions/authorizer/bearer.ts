/** The token of an `Authorization: Bearer <token>` header, or undefined (RFC 6750: the scheme in any letter case). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}
