import type { ComponentChildren } from 'preact';

/** A few numbers that matter, in a row. */
export const Figures = ({ children }: { readonly children: ComponentChildren }) => <dl class="figures">{children}</dl>;

type FigureProps = { readonly name: string; readonly children: ComponentChildren; readonly note?: ComponentChildren };

export const Figure = ({ name, children, note }: FigureProps) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {children}
      {note && <small>{note}</small>}
    </dd>
  </div>
);
