let last = 0;

/**
 * The sequence of a new lot: microseconds since 1970, above all that this process has given. It breaks ties between lots
 * of one receipt time, so it only has to ascend in the order of receipt; a counter in the database would cost a call.
 */
export function nextLotSequence(): number {
  last = Math.max(last + 1, Date.now() * 1000);
  return last;
}
