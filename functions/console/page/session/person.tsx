import { Button } from '../parts/button.tsx';
import { useStore } from '../store.ts';
import { session, sessionClaims } from './session.ts';

/** Who is signed in, with which scopes. */
export function Person() {
  const { tokens } = useStore(session.store);
  if (!tokens) return <span class="person" />;
  const { subject, scopes } = sessionClaims(tokens);
  return (
    <details class="person">
      <summary>
        <span class="unseen">Signed in as </span>
        <span class="subject">{subject ?? 'somebody'}</span>
      </summary>
      <div class="menu">
        <p>
          Signed in{subject !== null && ' as '}
          {subject !== null && <b>{subject}</b>}
        </p>
        {scopes === null ? (
          <p class="hint">The token does not say what it allows.</p>
        ) : (
          <ul aria-label="Scopes">
            {scopes.map((scope) => (
              <li key={scope}>
                <code>{scope}</code>
              </li>
            ))}
          </ul>
        )}
        <Button onClick={session.forget}>Sign out</Button>
      </div>
    </details>
  );
}
