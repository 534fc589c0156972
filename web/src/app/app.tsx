/* SPDX-License-Identifier: Apache-2.0 */
import { Redirect, Route, Switch, useParams } from 'wouter';
import { EmptyNote, ErrorNote } from '@/components/data-state.tsx';
import { LoginPage } from '@/features/session/login-page.tsx';
import { type Me, useMe } from '@/lib/api/session.ts';
import { StoreContext, useStores } from '@/lib/api/stores.ts';
import { LiveLink } from './live-link.tsx';
import { routesOf, storePath } from './routes.tsx';
import { PageSkeleton, Shell } from './shell/shell.tsx';

export function App() {
  const me = useMe();
  if (me.data === undefined) {
    return me.error ? <ErrorNote what="the dashboard" error={me.error} retry={me.refetch} /> : null;
  }
  if (me.data === null) return <LoginPage />;
  return (
    <LiveLink>
      <Switch>
        <Route path="/stores/:store/*?">
          <StorePages user={me.data} />
        </Route>
        <Route>
          <FirstStore />
        </Route>
      </Switch>
    </LiveLink>
  );
}

function FirstStore() {
  const stores = useStores();
  const first = stores.data?.[0];
  if (first) return <Redirect to={storePath(first.id, '/overview')} replace />;
  if (stores.error) return <ErrorNote what="your stores" error={stores.error} retry={stores.refetch} />;
  if (stores.data)
    return (
      <EmptyNote
        icon="store"
        title="No store yet"
        text="Your account is not bound to any store. Ask an administrator."
      />
    );
  return null;
}

function StorePages({ user }: { user: Me }) {
  const { store: id } = useParams<{ store: string }>();
  const stores = useStores();
  const store = stores.data?.find((s) => s.id === id);
  if (!stores.data)
    return stores.error ? (
      <ErrorNote what="your stores" error={stores.error} retry={stores.refetch} />
    ) : (
      <PageSkeleton />
    );
  if (!store) return <Redirect to="/" replace />;
  return (
    <StoreContext value={store}>
      <Switch>
        {routesOf(user).map(({ path, title, page: Page }) => (
          <Route key={path} path={`/stores/:store${path}`}>
            <Shell title={title} user={user}>
              <Page />
            </Shell>
          </Route>
        ))}
        <Route>
          <Redirect to={storePath(store.id, '/overview')} replace />
        </Route>
      </Switch>
    </StoreContext>
  );
}
