import type { AvailabilityResponse } from '@inventory/schemas';
import { grouped, sum } from '../format/decimal.ts';
import { Bar, Legend, Swatch } from '../parts/bar.tsx';

const parts = [
  { member: 'available', name: 'Available', color: 'c-available' },
  { member: 'reserved', name: 'Reserved', color: 'c-reserved' },
  { member: 'allocated', name: 'Allocated', color: 'c-allocated' },
  { member: 'onHold', name: 'On hold', color: 'c-held' },
  { member: 'expired', name: 'Expired', color: 'c-expired' },
] as const;

/** What is on hand, by what it is for. */
export const AvailabilityBar = ({ of }: { readonly of: AvailabilityResponse }) => (
  <Bar
    label={parts.map(({ member, name }) => `${name} ${of[member]}`).join(', ')}
    whole={sum(parts.map(({ member }) => of[member]))}
    parts={parts.map(({ member, name, color }) => ({ name, color, quantity: of[member] }))}
  />
);

/** What the colours mean; with numbers where there is one SKU only. */
export const AvailabilityLegend = ({ of }: { readonly of?: AvailabilityResponse }) => (
  <Legend>
    {parts.map(({ member, name, color }) => (
      <li key={member}>
        <Swatch color={color} />
        {of && <b>{grouped(of[member])} </b>}
        {name}
      </li>
    ))}
  </Legend>
);
