import type { OrderResponse } from '@inventory/schemas';
import { grouped, sum } from '../format/decimal.ts';
import { Bar } from '../parts/bar.tsx';
import { quantitiesOf } from './filled.ts';

/** Shipped and allocated of what is wanted. */
export function FilledBar({ lines }: { readonly lines: OrderResponse['lines'] }) {
  const { wanted, allocated, shipped } = quantitiesOf(lines);
  const filled = sum([allocated, shipped]);
  return (
    <span class="filled">
      <Bar
        label={`${filled} of ${wanted} filled`}
        whole={wanted}
        parts={[
          { name: 'Shipped', quantity: shipped, color: 'c-shipped' },
          { name: 'Allocated', quantity: allocated, color: 'c-allocated' },
        ]}
      />
      <small>
        {grouped(filled)} of {grouped(wanted)}
      </small>
    </span>
  );
}
