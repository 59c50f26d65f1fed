import type { ComponentChildren } from 'preact';

/** The head of a column; numbers stand at the right. */
export const Column = ({ children, isNumber = false }: { children?: ComponentChildren; isNumber?: boolean }) => (
  <th scope="col" class={isNumber ? 'number' : undefined}>
    {children}
  </th>
);
