import type { ComponentChildren } from 'preact';

type ButtonProps = {
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** Why it cannot be used; it says so when pointed at, and to a screen reader. */
  readonly refusal?: string | null | undefined;
  readonly isBusy?: boolean;
  readonly submits?: boolean;
  readonly label?: string;
  readonly expanded?: boolean;
};

export function Button(props: ButtonProps) {
  const { onClick, children, kind = 'plain', refusal, isBusy = false, submits = false, label, expanded } = props;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${kind}`}
      disabled={isBusy || Boolean(refusal)}
      title={refusal ?? undefined}
      aria-label={label}
      aria-busy={isBusy}
      aria-expanded={expanded}
      onClick={onClick}
    >
      {isBusy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}
