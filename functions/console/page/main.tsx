import './style/style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { followPlanLink } from './plan/plan-link.ts';
import { finishSignIn } from './session/sign-in.ts';

const place = document.getElementById('console');
if (place) {
  followPlanLink();
  render(<App />, place);
  await finishSignIn();
}
