import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type Shared = {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What the API said is wrong with it. */
  readonly fault?: string | undefined;
};

type TextFieldProps = Shared & {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'date' | 'datetime-local' | 'password' | 'search';
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isDecimal?: boolean;
  readonly rows?: number;
};

export function TextField(props: TextFieldProps) {
  const { label, hint, fault, value, onInput, type = 'text', placeholder, isRequired, isDecimal, rows } = props;
  const id = useId();
  const shared = {
    id,
    value,
    placeholder,
    required: isRequired,
    'aria-invalid': fault ? ('true' as const) : undefined,
    'aria-describedby': hint || fault ? `${id}-hint` : undefined,
    spellcheck: false,
    autocomplete: 'off',
  };
  // Preact types an input by one literal `type`, and this one is any of several.
  const kind: Readonly<Record<string, unknown>> = { type, inputMode: isDecimal ? 'decimal' : undefined };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows ? (
        <textarea {...shared} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...shared} {...kind} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      <Below id={id} hint={hint} fault={fault} />
    </div>
  );
}

type SelectFieldProps<Value extends string> = Shared & {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly title: string; readonly isDisabled?: boolean }[];
  readonly onChange: (value: Value) => void;
};

export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, fault, value, options, onChange } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-invalid={fault ? 'true' : undefined}
        aria-describedby={hint || fault ? `${id}-hint` : undefined}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.currentTarget.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map(({ value: option, title, isDisabled }) => (
          <option key={option} value={option} disabled={isDisabled} selected={option === value}>
            {title}
          </option>
        ))}
      </select>
      <Below id={id} hint={hint} fault={fault} />
    </div>
  );
}

type CheckFieldProps = {
  readonly label: ComponentChildren;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
};

export function CheckField({ label, isOn, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
    </div>
  );
}

const Below = ({ id, hint, fault }: { id: string } & Pick<Shared, 'hint' | 'fault'>) =>
  hint || fault ? (
    <p class="hint" id={`${id}-hint`}>
      {fault && <strong class="fault">{fault}</strong>}
      {fault && hint && ' '}
      {hint}
    </p>
  ) : null;
