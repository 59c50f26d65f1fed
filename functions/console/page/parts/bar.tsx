import { isZero, share } from '../format/decimal.ts';

export type Part = { readonly name: string; readonly quantity: string; readonly color: string };

/** Parts of a whole, side by side; what they leave of it stays empty. The numbers stand beside it as text. */
export function Bar({ parts, whole, label }: { parts: readonly Part[]; whole: string; label: string }) {
  return (
    <span class="bar" role="img" aria-label={label}>
      {parts
        .filter(({ quantity }) => !isZero(quantity))
        .map(({ name, quantity, color }) => (
          <i
            key={name}
            class={`fill ${color}`}
            style={{ width: `${share(quantity, whole) * 100}%` }}
            title={`${name}: ${quantity}`}
          />
        ))}
    </span>
  );
}

/** What the colours of a bar mean, with the numbers. */
export const Legend = ({ children }: { children: preact.ComponentChildren }) => <ul class="legend">{children}</ul>;

export const Swatch = ({ color }: { readonly color: string }) => <i class={`swatch ${color}`} aria-hidden="true" />;
