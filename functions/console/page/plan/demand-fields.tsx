import { orderStatuses } from '@inventory/models';
import { SelectField, TextField } from '../parts/field.tsx';
import { linkTo } from '../route.ts';
import { inWords } from '../words/status.ts';
import { type Draft, listed } from './draft.ts';
import { draftStore } from './plan-state.ts';

type DemandFieldsProps = {
  readonly draft: Draft;
  readonly ticked: Readonly<Record<string, string>>;
  readonly faultAt: (pointer: string) => string | undefined;
};

/** Which orders to serve. */
export function DemandFields({ draft, ticked, faultAt }: DemandFieldsProps) {
  const count = Object.keys(ticked).length;
  const kinds = [
    { value: 'ALL', title: 'All open' },
    { value: 'FILTER', title: 'Filter' },
    { value: 'NUMBERS', title: 'Numbers' },
    { value: 'TICKED', title: `Ticked${count > 0 ? ` (${count})` : ''}` },
  ] as const;
  return (
    <fieldset>
      <legend>Demand</legend>
      <div class="segments">
        {kinds.map(({ value, title }) => (
          <label key={value}>
            <input
              type="radio"
              name="demand"
              value={value}
              checked={draft.demand === value}
              onChange={() => draftStore.set({ ...draft, demand: value })}
            />
            <span>{title}</span>
          </label>
        ))}
      </div>
      {draft.demand === 'ALL' && <p class="hint">Every order line with an open quantity, back-orders too.</p>}
      {draft.demand === 'FILTER' && <FilterFields draft={draft} faultAt={faultAt} />}
      {draft.demand === 'NUMBERS' && (
        <TextField
          label="Order numbers"
          rows={4}
          value={draft.orderNumbers}
          onInput={(orderNumbers) => draftStore.set({ ...draft, orderNumbers })}
          placeholder="SO-1001, SO-1002"
          hint={`${listed(draft.orderNumbers).length} given; separate them by commas or lines, or paste a column.`}
          fault={faultAt('/orderNumbers')}
        />
      )}
      {draft.demand === 'TICKED' && (
        <p class="hint">
          {count > 0 ? `${listOf(Object.values(ticked))}. ` : ''}
          <a href={linkTo.orders}>{count > 0 ? 'Change the ticks' : 'Tick orders'}</a> in the Orders view.
        </p>
      )}
    </fieldset>
  );
}

function FilterFields({ draft, faultAt }: Omit<DemandFieldsProps, 'ticked'>) {
  const { filter } = draft;
  const set = (change: Partial<Draft['filter']>) => draftStore.set({ ...draft, filter: { ...filter, ...change } });
  return (
    <div class="grid">
      <SelectField
        label="Status"
        value={filter.status}
        onChange={(status) => set({ status })}
        options={[
          { value: '', title: 'Any open' },
          ...orderStatuses.map((status) => ({ value: status, title: inWords(status) })),
        ]}
      />
      <SelectField
        label="Priority"
        value={filter.priority}
        onChange={(priority) => set({ priority })}
        options={['', ...'123456789'].map((priority) => ({ value: priority, title: priority || 'Any' }))}
        fault={faultAt('/filter/priority')}
      />
      <TextField
        label="Customer"
        value={filter.customerId}
        onInput={(customerId) => set({ customerId })}
        fault={faultAt('/filter/customerId')}
      />
      <TextField label="SKU" value={filter.sku} onInput={(sku) => set({ sku })} fault={faultAt('/filter/sku')} />
      <TextField
        label="To ship before"
        type="date"
        value={filter.requestedShipDateBefore}
        onInput={(requestedShipDateBefore) => set({ requestedShipDateBefore })}
        fault={faultAt('/filter/requestedShipDateBefore')}
      />
    </div>
  );
}

const listOf = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
