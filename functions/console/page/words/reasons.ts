import type { ShortageReason } from '@inventory/models';
import type { Words } from './strategy.ts';

/** Why a line falls short, in the words of a planner. */
export const reasonWords: Readonly<Record<ShortageReason, Words>> = {
  NO_STOCK: { title: 'No stock', explanation: 'There is no more of it anywhere: buy or make it.' },
  ALLOCATED_TO_OTHERS: { title: 'Allocated to others', explanation: 'It exists, and other lines hold it already.' },
  RESERVED: { title: 'Reserved', explanation: 'It is kept free for active reservations of others.' },
  ON_HOLD: { title: 'On hold', explanation: 'It lies in lots that are on hold: release the hold to use it.' },
  EXPIRED: { title: 'Expired', explanation: 'It lies in lots past their last good day.' },
  SHELF_LIFE: { title: 'Shelf life too short', explanation: 'It expires sooner than the line allows.' },
  LOCATION_EXCLUDED: {
    title: 'Location excluded',
    explanation: 'It lies at a location that this plan does not allow.',
  },
  POLICY_COMPLETE_ONLY: {
    title: 'Complete only',
    explanation: 'It could have been given, but only whole lines or whole orders are wanted.',
  },
  LOT_ON_HOLD: { title: 'Named lot on hold', explanation: 'The lot that the line names is on hold.' },
  LOT_EXPIRED: { title: 'Named lot expired', explanation: 'The lot that the line names has expired.' },
  LOT_SHORT: { title: 'Named lot too small', explanation: 'The lots that the line names do not have enough.' },
};

/** Why a lot was passed over for a line. */
export const skippedWords: Readonly<Record<ShortageReason | 'NOT_NEEDED' | 'NOT_YET_RECEIVED', string>> = {
  ...(Object.fromEntries(Object.entries(reasonWords).map(([code, { title }]) => [code, title])) as Record<
    ShortageReason,
    string
  >),
  NOT_NEEDED: 'Not needed: lots before it sufficed',
  NOT_YET_RECEIVED: 'Not yet received at that time',
};
