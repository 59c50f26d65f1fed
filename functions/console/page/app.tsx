import { useEffect, useState } from 'preact/hooks';
import { waiting } from './api/waiting.ts';
import { Books } from './books.tsx';
import { Order } from './orders/order.tsx';
import { Orders } from './orders/orders.tsx';
import { Notice } from './parts/notice.tsx';
import { Plan } from './plan/plan.tsx';
import { followPlanLink } from './plan/plan-link.ts';
import { linkTo, parseRoute, type Route } from './route.ts';
import { Run } from './runs/run.tsx';
import { Runs } from './runs/runs.tsx';
import { Person } from './session/person.tsx';
import { session } from './session/session.ts';
import { SignInPanel } from './session/sign-in-panel.tsx';
import { settings } from './settings.ts';
import { Sku } from './stock/sku.tsx';
import { Stock } from './stock/stock.tsx';
import { useStore } from './store.ts';

const tabs = [
  { title: 'Plan', link: linkTo.plan, views: ['plan'] },
  { title: 'Orders', link: linkTo.orders, views: ['orders', 'order'] },
  { title: 'Stock', link: linkTo.stock, views: ['stock', 'sku'] },
  { title: 'Runs', link: linkTo.runs, views: ['runs', 'run'] },
] as const;

/** The page around its views. */
export function App() {
  const route = useRoute();
  const { tokens, hasEnded } = useStore(session.store);
  const put = useStore(waiting);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href={linkTo.plan} aria-label="Inventory Allocation">
          <Mark />
          <span>Inventory Allocation</span>
        </a>
        <nav aria-label="Views">
          {tabs.map(({ title, link, views }) => (
            <a key={title} href={link} aria-current={views.some((view) => view === route.view) ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        {tokens && <Books />}
        <Person />
      </header>
      <div class="toast" role="status" aria-live="polite">
        {put && (
          <p>
            <span class="spinner" aria-hidden="true" />
            {put.busy ? 'The server asks for a pause' : 'The database is waking up'}: trying again in {put.seconds} s.
          </p>
        )}
      </div>
      <main id="content" tabIndex={-1}>
        {tokens && hasEnded && (
          <div class="banner">
            <Notice tone="warn">Your session has ended. Sign in again to go on where you are.</Notice>
            <SignInPanel isInline />
          </div>
        )}
        {tokens ? <View route={route} /> : <SignInPanel />}
      </main>
      <footer class="bottom">
        <a href="./docs">API</a>
        <span>Times in {settings.timeZone}</span>
        <span>Release {settings.releaseId}</span>
      </footer>
    </>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'plan':
      return <Plan />;
    case 'orders':
      return <Orders />;
    case 'order':
      return <Order key={route.id} id={route.id} />;
    case 'stock':
      return <Stock />;
    case 'sku':
      return <Sku key={route.sku} sku={route.sku} />;
    case 'runs':
      return <Runs />;
    case 'run':
      return <Run key={route.id} id={route.id} />;
  }
}

function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listen = () => {
      followPlanLink();
      setHash(location.hash);
      scrollTo(0, 0);
      document.getElementById('content')?.focus({ preventScroll: true }); // a screen reader begins there
    };
    setHash(location.hash); // it may have changed since the first rendering: on the way back from the issuer
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, []);
  const route = parseRoute(hash);
  const title = tabs.find(({ views }) => views.some((view) => view === route.view))?.title;
  useEffect(() => {
    document.title = `${title} · Inventory Allocation`;
  }, [title]);
  return route;
}

/** A link would change the address after `#`, which is the view's. */
function skip(): void {
  document.getElementById('content')?.focus();
}

const Mark = () => (
  <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <rect x="2" y="3" width="20" height="4.6" rx="1.6" />
    <rect x="2" y="9.7" width="13" height="4.6" rx="1.6" opacity=".7" />
    <rect x="2" y="16.4" width="7" height="4.6" rx="1.6" opacity=".45" />
  </svg>
);
