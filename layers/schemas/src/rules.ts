import * as z from 'zod';

type Members = Readonly<Record<string, unknown>>;
type Report = (path: readonly (string | number)[], detail: string) => void;

/**
 * A rule over several members or items. It is judged even when some of them are wrong, so that all wrong fields are told
 * at once (zod by itself would skip it): what it sees may be of any type.
 */
export const rule = (judge: (value: unknown, report: Report) => void) =>
  z.superRefine<unknown>(
    (value, context) =>
      judge(value, (path, message) => context.addIssue({ code: 'custom', path: [...path], message, input: value })),
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );

/** A rule over the members of one object. */
export const memberRule = (judge: (members: Members, report: Report) => void) =>
  rule((value, report) => isRecord(value) && judge(value, report));

/** Refuses the second of two items that are the same by `keyOf`, at its member `member`; null keys are not compared. */
export const allDifferent = (member: string, keyOf: (item: Members) => unknown) =>
  rule((items, report) => {
    const seen = new Set<unknown>();
    for (const [index, item] of records(items)) {
      const key = keyOf(item) ?? null;
      if (key !== null && seen.has(key)) report([index, member], 'is given twice');
      seen.add(key);
    }
  });

export const isRecord = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects in a list, with their places. */
export function records(value: unknown): (readonly [number, Members])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (isRecord(item) ? [[index, item] as const] : []));
}

/** The objects of a body that is one or an array of them, with their pointers. */
export const itemsOf = (body: unknown): (readonly [string, Members])[] =>
  isRecord(body) ? [['', body]] : records(body).map(([index, item]) => [`/${index}`, item]);
