import { useId } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { forgetStored, useStore } from '../store.ts';
import { session, sessionClaims } from './session.ts';
import { revokeTokens } from './sign-in.ts';

/** Who is signed in, with which scopes. */
export function Person() {
  const id = useId();
  const { tokens } = useStore(session.store);
  if (!tokens) return null;
  const { subject, scopes } = sessionClaims(tokens);
  return (
    <>
      <button type="button" class="person" popoverTarget={id}>
        <span class="unseen">Signed in as </span>
        <span class="subject">{subject ?? 'somebody'}</span>
      </button>
      <div id={id} class="menu" popover="auto">
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
        <Button onClick={signOut}>Sign out</Button>
      </div>
    </>
  );
}

/** Forgets the token, and all that it showed: the next person at this tab begins anew, whatever the issuer says to it. */
async function signOut(): Promise<void> {
  forgetStored();
  await revokeTokens().catch(() => {});
  location.reload();
}
