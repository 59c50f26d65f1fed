import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/problem.ts';
import { Button } from './button.tsx';

type ProblemNoticeProps = {
  readonly problem: Problem | null;
  /** Pointers that stand beside their field already. */
  readonly shownAtFields?: readonly string[];
  readonly onRetry?: (() => void) | undefined;
};

/** What the API refused, why, and where: nothing of it is kept back. */
export function ProblemNotice({ problem, shownAtFields = [], onRetry }: ProblemNoticeProps) {
  if (!problem) return null;
  const fields = problem.fields.filter(({ pointer }) => !shownAtFields.includes(pointer));
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{problem.title}</strong>
        {problem.code && <code class="code">{problem.code}</code>}
      </p>
      {problem.message && <p>{problem.message}</p>}
      {fields.length > 0 && (
        <ul>
          {fields.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer || '/'}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

export const Notice = ({
  tone = 'plain',
  children,
}: {
  tone?: 'plain' | 'good' | 'warn';
  children: ComponentChildren;
}) => (
  <div class={`notice ${tone}`} role="status">
    {children}
  </div>
);

/** Where there is nothing: what to do next. */
export const Empty = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <div class="empty">
    <p class="title">{title}</p>
    {children && <div>{children}</div>}
  </div>
);
