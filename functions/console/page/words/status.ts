/** The tone of a badge. */
export type Tone = 'plain' | 'good' | 'busy' | 'warn' | 'bad' | 'done';

/** What orders, lines, results, lots and runs can be; words that are the same mean the same. */
export const statusTones: Readonly<Record<string, Tone>> = {
  OPEN: 'plain',
  PARTIALLY_ALLOCATED: 'warn',
  ALLOCATED: 'good',
  PARTIALLY_SHIPPED: 'busy',
  SHIPPED: 'done',
  CANCELLED: 'plain',
  RELEASED: 'plain',
  AVAILABLE: 'good',
  ON_HOLD: 'warn',
  EXPIRED: 'bad',
  PENDING: 'busy',
  RUNNING: 'busy',
  COMMITTED: 'good',
  SIMULATED: 'busy',
  FAILED: 'bad',
  PROVISIONAL: 'warn',
  FINAL: 'plain',
};

/** `PARTIALLY_ALLOCATED` is `Partially allocated`. */
export function inWords(code: string): string {
  const text = code.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
