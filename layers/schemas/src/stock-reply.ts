import {
  type Availability,
  type Currency,
  countedEntities,
  type Difference,
  formatDecimal,
  formatMoney,
  type Movement,
  movementKinds,
} from '@inventory/models';
import * as z from 'zod';
import {
  enumReply,
  idReply,
  instantReply,
  integerReply,
  moneyReply,
  quantityReply,
  textReply,
} from './reply-scalar.ts';

export const AvailabilityResponse = z.object({
  sku: textReply('The SKU.'),
  onHand: quantityReply('Physically here.'),
  allocated: quantityReply('Promised to order lines, not shipped.'),
  reserved: quantityReply('Held by active reservations.'),
  onHold: quantityReply('Open units of held lots.'),
  expired: quantityReply('Open units of expired lots.'),
  available: quantityReply('What a new reservation could get.'),
});
export type AvailabilityResponse = z.output<typeof AvailabilityResponse>;

export const MovementResponse = z.object({
  entryNumber: integerReply('Its number in the ledger.'),
  kind: enumReply(movementKinds, 'What happened.'),
  sku: textReply('The SKU.'),
  inventoryId: idReply('The lot.').nullable(),
  quantityDelta: quantityReply('How the quantity moved.'),
  valueDelta: moneyReply('How the value moved.'),
  reference: textReply('What caused it: the id of a result, a lot …').nullable(),
  actor: textReply('`sub` of the token.'),
  at: instantReply('When it was written.'),
  effectiveAt: instantReply('The time it counts for.'),
});
export type MovementResponse = z.output<typeof MovementResponse>;

export const IntegrityResponse = z.object({
  differences: z
    .array(
      z.object({
        entity: enumReply(countedEntities, 'What kind of row.'),
        id: textReply('Its id; of a position its SKU.'),
        counter: textReply('The member that differs.'),
        stored: z.string().meta({ description: 'What is stored.' }),
        expected: z.string().meta({ description: 'What the ledger says.' }),
      }),
    )
    .meta({ description: 'Empty when sound.' }),
});
export type IntegrityResponse = z.output<typeof IntegrityResponse>;

/** What a SKU has, as every answer shows it. */
export const availabilityReply = (availability: Availability): AvailabilityResponse => ({
  sku: availability.sku,
  onHand: formatDecimal(availability.onHand),
  allocated: formatDecimal(availability.allocated),
  reserved: formatDecimal(availability.reserved),
  onHold: formatDecimal(availability.onHold),
  expired: formatDecimal(availability.expired),
  available: formatDecimal(availability.available),
});

/** A ledger entry as every answer shows it. */
export const movementReply = (movement: Movement, currency: Currency): MovementResponse => ({
  entryNumber: movement.entryNumber,
  kind: movement.kind,
  sku: movement.sku,
  inventoryId: movement.inventoryId,
  quantityDelta: formatDecimal(movement.quantityDelta),
  valueDelta: formatMoney(movement.valueDelta, currency),
  reference: movement.reference,
  actor: movement.actor,
  at: movement.at,
  effectiveAt: movement.effectiveAt,
});

/** What `GET /integrity` answers. */
export const integrityReply = (differences: readonly Difference[], currency: Currency): IntegrityResponse => ({
  differences: differences.map(({ entity, id, counter, unit, stored, expected }) => {
    const format = (value: bigint) => (unit === 'MONEY' ? formatMoney(value, currency) : formatDecimal(value));
    return { entity, id, counter, stored: format(stored), expected: format(expected) };
  }),
});
