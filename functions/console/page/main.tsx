import './style/style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { finishSignIn } from './session/sign-in.ts';

const place = document.getElementById('console');
if (place) {
  render(<App />, place);
  await finishSignIn();
}
