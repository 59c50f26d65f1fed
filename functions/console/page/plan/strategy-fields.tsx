import { costBases, fulfilments, pickNames, sequences } from '@inventory/models';
import { CheckField, SelectField, TextField } from '../parts/field.tsx';
import { settings } from '../settings.ts';
import { costWords, fulfilmentWords, methodWords, sequenceWords } from '../words/strategy.ts';
import { allowedMethods, choicesOf, type Draft } from './draft.ts';
import { draftStore } from './plan-state.ts';

type StrategyFieldsProps = { readonly draft: Draft; readonly faultAt: (pointer: string) => string | undefined };

/** The four choices, and what narrows them. */
export function StrategyFields({ draft, faultAt }: StrategyFieldsProps) {
  const set = (change: Partial<Draft>) => draftStore.set({ ...draft, ...change });
  const methods = allowedMethods(settings.allowedCosts);
  return (
    <>
      <fieldset>
        <legend>Strategy</legend>
        <SelectField
          label="Method"
          value={draft.method}
          onChange={(method) => set({ method, pick: '', cost: '' })}
          options={methods.map((method) => ({ value: method, title: methodWords[method].title }))}
          hint={methodWords[draft.method].explanation}
          fault={faultAt('/allocationMethod')}
        />
        <SelectField
          label="Sequence"
          value={draft.sequence}
          onChange={(sequence) => set({ sequence, ...(sequence === 'PRO_RATA' && { fulfilment: 'PARTIAL' }) })}
          options={sequences.map((sequence) => ({ value: sequence, title: sequenceWords[sequence].title }))}
          hint={sequenceWords[draft.sequence].explanation}
        />
        <SelectField
          label="Fulfilment"
          value={draft.fulfilment}
          onChange={(fulfilment) => set({ fulfilment })}
          options={fulfilments.map((fulfilment) => ({
            value: fulfilment,
            title: fulfilmentWords[fulfilment].title,
            isDisabled: draft.sequence === 'PRO_RATA' && fulfilment !== 'PARTIAL',
          }))}
          hint={
            draft.sequence === 'PRO_RATA'
              ? 'A fair share is always partial.'
              : fulfilmentWords[draft.fulfilment].explanation
          }
          fault={faultAt('/fulfilment')}
        />
        {(choicesOf(draft).pick === 'LOCATION_PRIORITY' || draft.compared.includes('LOCATION_PRIORITY')) && (
          <TextField
            label="Location priority"
            value={draft.locationPriority}
            onInput={(locationPriority) => set({ locationPriority })}
            placeholder="W1, W2"
            fault={faultAt('/locationPriority')}
          />
        )}
        {draft.sequence === 'PRO_RATA' && (
          <TextField
            label="Quantity step"
            isDecimal
            value={draft.quantityStep}
            onInput={(quantityStep) => set({ quantityStep })}
            placeholder="1"
            hint="Shares are multiples of it."
            fault={faultAt('/quantityStep')}
          />
        )}
      </fieldset>
      <ComparedFields draft={draft} fault={faultAt('/methods')} />
      <Advanced draft={draft} faultAt={faultAt} />
    </>
  );
}

function ComparedFields({ draft, fault }: { readonly draft: Draft; readonly fault: string | undefined }) {
  const methods = allowedMethods(settings.allowedCosts);
  const toggle = (method: (typeof methods)[number], isOn: boolean) =>
    draftStore.set({
      ...draft,
      compared: methods.filter((name) => (name === method ? isOn : draft.compared.includes(name))),
    });
  return (
    <details>
      <summary>
        Compared methods <span class="count">{draft.compared.length}</span>
      </summary>
      <div class="checks">
        {methods.map((method) => (
          <CheckField
            key={method}
            label={methodWords[method].title}
            isOn={draft.compared.includes(method)}
            onChange={(isOn) => toggle(method, isOn)}
          />
        ))}
      </div>
      {fault && <p class="hint fault">{fault}</p>}
    </details>
  );
}

function Advanced({ draft, faultAt }: StrategyFieldsProps) {
  const set = (change: Partial<Draft>) => draftStore.set({ ...draft, ...change });
  const allowed = costBases.filter((cost) => settings.allowedCosts.includes(cost));
  const { pick, cost, locations, asOf, onShortage } = draft;
  const chosen = [pick, cost, locations.trim(), asOf, onShortage === 'FAIL'].filter(Boolean).length;
  return (
    <details>
      <summary>Advanced {chosen > 0 && <span class="count">{chosen}</span>}</summary>
      <div class="grid">
        <SelectField
          label="Pick"
          value={draft.pick}
          onChange={(pick) => set({ pick })}
          options={[
            { value: '', title: 'As the method' },
            ...pickNames.map((pick) => ({ value: pick, title: methodWords[pick].title })),
          ]}
          fault={faultAt('/pick')}
        />
        <SelectField
          label="Cost"
          value={draft.cost}
          onChange={(cost) => set({ cost })}
          options={[
            { value: '', title: 'As the method' },
            ...allowed.map((cost) => ({ value: cost, title: costWords[cost].title })),
          ]}
          fault={faultAt('/cost')}
        />
      </div>
      <TextField
        label="Allowed locations"
        value={draft.locations}
        onInput={(locations) => set({ locations })}
        placeholder="All"
        hint="Separated by commas. Stock elsewhere is left alone."
        fault={faultAt('/locations')}
      />
      <TextField
        label={`As of (${settings.timeZone})`}
        type="datetime-local"
        value={draft.asOf}
        onInput={(asOf) => set({ asOf })}
        hint="Now unless given. A dry run may look ahead; a run may load history into an open month."
        fault={faultAt('/asOf')}
      />
      <SelectField
        label="When something is short"
        value={draft.onShortage}
        onChange={(onShortage) => set({ onShortage })}
        options={[
          { value: 'REPORT', title: 'Report it' },
          { value: 'FAIL', title: 'Refuse the whole run' },
        ]}
      />
    </details>
  );
}
