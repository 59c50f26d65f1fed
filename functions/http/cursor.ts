import { createHash } from 'node:crypto';
import { DomainError } from '@inventory/models';

const SEAL_BYTES = 12;

/**
 * An opaque cursor of the key that a page begins behind, sealed to its list (path and filters). The seal is no secret: a cursor names a place in a list, which
 * the caller may read anyway; it only tells a damaged or misplaced one.
 */
export function encodeCursor(key: string, list: string): string {
  const seal = createHash('sha256')
    .update(JSON.stringify([list, key]))
    .digest()
    .subarray(0, SEAL_BYTES);
  return Buffer.concat([seal, Buffer.from(key)]).toString('base64url');
}

/** The key of a cursor. Throws INVALID_CURSOR where it was tampered with or belongs to another list. */
export function decodeCursor(cursor: string, list: string): string {
  const key = Buffer.from(cursor, 'base64url').subarray(SEAL_BYTES).toString();
  // Compared as text, since base64url has spare bits that a decoder does not look at.
  if (encodeCursor(key, list) !== cursor) {
    throw new DomainError('INVALID_CURSOR', 'The cursor was changed, or belongs to another path or other filters');
  }
  return key;
}
