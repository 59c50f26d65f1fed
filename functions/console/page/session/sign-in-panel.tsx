import { useState } from 'preact/hooks';
import { useAction } from '../api/use-action.ts';
import { Button } from '../parts/button.tsx';
import { TextField } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/notice.tsx';
import { settings } from '../settings.ts';
import { useStore } from '../store.ts';
import { pastedTokens, session } from './session.ts';
import { signIn, signInProblem } from './sign-in.ts';

/** Two ways in: through the issuer, or with a token that one has. */
export function SignInPanel({ isInline = false }: { readonly isInline?: boolean }) {
  const { run, isBusy, problem } = useAction();
  const problemOfReturn = useStore(signInProblem);
  const [token, setToken] = useState('');
  const paste = (
    <form
      class="paste"
      onSubmit={(event) => {
        event.preventDefault();
        const pasted = token.trim().replace(/^Bearer\s+/i, '');
        if (pasted) session.begin(pastedTokens(pasted));
      }}
    >
      <TextField
        label="Bearer token"
        type="password"
        value={token}
        onInput={setToken}
        isRequired
        hint="It stays in this tab and is sent to this API alone."
      />
      <Button submits kind={settings.signIn ? 'plain' : 'primary'}>
        Use this token
      </Button>
    </form>
  );
  return (
    <section class={isInline ? 'sign-in inline' : 'sign-in card'} aria-label="Sign in">
      {!isInline && (
        <>
          <h1>Which lots serve which orders?</h1>
          <p>Compare allocation methods on today's stock, see why each line gets what it gets, and allocate.</p>
        </>
      )}
      <ProblemNotice problem={problem ?? problemOfReturn} />
      {settings.signIn ? (
        <>
          <Button kind="primary" onClick={() => run(signIn)} isBusy={isBusy}>
            Sign in
          </Button>
          <details>
            <summary>Use a token</summary>
            {paste}
          </details>
        </>
      ) : (
        paste
      )}
    </section>
  );
}
