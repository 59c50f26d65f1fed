import { findAvailability, listAvailability } from '@inventory/database';
import { dateOf } from '@inventory/models';
import { availabilityReply, type contracts } from '@inventory/schemas';
import { pageReply } from '../http/page.ts';
import type { UseCase } from '../http/use-case.ts';

/** What one SKU has, or a page of all of them. */
export const readAvailability: UseCase<typeof contracts.readAvailability> = async (request, { database, settings }) => {
  const { query, page, now } = request;
  const asOf = query.asOf ?? now;
  const view = { location: query.location, asOf, today: dateOf(asOf, settings.timeZone), now };
  if (query.sku !== null) {
    return { status: 200, body: availabilityReply(await findAvailability(database, query.sku, view)) };
  }
  return { status: 200, body: pageReply(page, await listAvailability(database, view, page), availabilityReply) };
};
