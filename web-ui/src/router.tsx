import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  type ErrorComponentProps,
  type RouterHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Frame } from './Frame';
import { LiveProvider } from './live/Live';
import { Home } from './pages/home/Home';
import { OTHER_QUEUES } from './pages/review/kinds';
import { theme, variables } from './theme';
import { KeysProvider } from './ui/Keys';
import { ButtonLink } from './ui/Link';
import { Page } from './ui/Page';
import { Empty, Failed } from './ui/States';

/* What a list shows is in its address. Anything else in the address is ignored, so that an old or mistyped link still opens. */

type Search = Record<string, unknown>;
const text = (search: Search, name: string) => {
  const value = search[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
};
const one = <const T extends string>(search: Search, name: string, values: readonly T[]) => values.find((value) => value === search[name]);
const number = (search: Search, name: string) => {
  const value = Number(search[name] ?? NaN);
  return Number.isFinite(value) ? value : undefined;
};
/** Leaves out what is not set, so that addresses stay short. */
const set = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => (
    <Empty title="There is no such page" action={<ButtonLink to="/">Home</ButtonLink>}>
      The address may be mistyped, or the page has moved.
    </Empty>
  ),
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const reviewSearch = (search: Search) =>
  set({
    kind: one(search, 'kind', OTHER_QUEUES),
    type: text(search, 'type'),
    system: text(search, 'system'),
    minScore: number(search, 'minScore'),
    sort: one(search, 'sort', ['openedAt', 'teach']),
  });
const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import('./pages/review/ReviewPage'), 'ReviewPage'),
});
// The page stays when another review is chosen, so it is the parent that shows it.
const reviewOne = createRoute({ getParentRoute: () => review, path: '$id' });

const goldens = createRoute({
  getParentRoute: () => root,
  path: '/goldens',
  validateSearch: (search: Search) =>
    set({
      text: text(search, 'text'),
      type: text(search, 'type'),
      system: text(search, 'system'),
      state: one(search, 'state', ['RETIRED', 'DELETED', 'ANY']),
      minimumRecords: number(search, 'minimumRecords'),
      sort: one(search, 'sort', ['updatedAt', 'createdAt', '-createdAt', 'label', '-label']),
    }),
  component: lazyRouteComponent(() => import('./pages/golden/GoldenList'), 'GoldenList'),
});
const golden = createRoute({
  getParentRoute: () => root,
  path: '/goldens/$id',
  validateSearch: (search: Search) => set({ tab: one(search, 'tab', ['sources', 'history', 'merges', 'why', 'outbound', 'json']), asOf: text(search, 'asOf') }),
  component: lazyRouteComponent(() => import('./pages/golden/GoldenPage'), 'GoldenPage'),
});
const merges = createRoute({
  getParentRoute: () => root,
  path: '/merges',
  validateSearch: (search: Search) =>
    set({
      show: one(search, 'show', ['standing', 'waiting', 'undone']),
      type: text(search, 'type'),
      origin: one(search, 'origin', ['STEWARD', 'RULE', 'SOURCE']),
      by: text(search, 'by'),
      sort: one(search, 'sort', ['at']),
    }),
  component: lazyRouteComponent(() => import('./pages/merges/MergesPage'), 'MergesPage'),
});
const lineage = createRoute({
  getParentRoute: () => root,
  path: '/goldens/$id/lineage',
  validateSearch: (search: Search) => set({ attribute: text(search, 'attribute'), view: one(search, 'view', ['graph', 'table']) }),
  component: lazyRouteComponent(() => import('./pages/lineage/LineagePage'), 'LineagePage'),
});

const explain = createRoute({
  getParentRoute: () => root,
  path: '/explain',
  validateSearch: (search: Search) => set({ a: text(search, 'a'), b: text(search, 'b'), asOf: text(search, 'asOf') }),
  component: lazyRouteComponent(() => import('./pages/explain/ExplainPage'), 'ExplainPage'),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: (search: Search) => set({ type: text(search, 'type') }),
  component: lazyRouteComponent(() => import('./pages/rules/RulesPage'), 'RulesPage'),
});

const authority = createRoute({
  getParentRoute: () => root,
  path: '/authority',
  validateSearch: (search: Search) => set({ type: text(search, 'type') }),
  component: lazyRouteComponent(() => import('./pages/authority/AuthorityPage'), 'AuthorityPage'),
});

const STEPS = ['WAITING', 'ASKED', 'HELD', 'SENT', 'RESTORING', 'DONE', 'KEPT', 'CANCELLED'] as const;
const deletes = createRoute({
  getParentRoute: () => root,
  path: '/deletes',
  validateSearch: (search: Search) =>
    set({
      tab: one(search, 'tab', ['deletions']),
      type: text(search, 'type'),
      from: text(search, 'from'),
      to: text(search, 'to'),
      state: one(search, 'state', ['SEEN', 'OPEN', 'SETTLED', 'CANCELLED']),
      step: one(search, 'step', STEPS),
      sort: one(search, 'sort', ['seenAt']),
    }),
  component: lazyRouteComponent(() => import('./pages/deletes/DeletesPage'), 'DeletesPage'),
});
const deletion = createRoute({
  getParentRoute: () => root,
  path: '/deletes/$id',
  component: lazyRouteComponent(() => import('./pages/deletes/DeletionPage'), 'DeletionPage'),
});

const schema = createRoute({
  getParentRoute: () => root,
  path: '/schema',
  validateSearch: (search: Search) => set({ system: text(search, 'system') }),
  component: lazyRouteComponent(() => import('./pages/schema/SchemaPage'), 'SchemaPage'),
});

const systems = createRoute({
  getParentRoute: () => root,
  path: '/systems',
  component: lazyRouteComponent(() => import('./pages/systems/SystemList'), 'SystemList'),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/systems/$id',
  component: lazyRouteComponent(() => import('./pages/systems/SystemPage'), 'SystemPage'),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: (search: Search) =>
    set({
      tab: one(search, 'tab', ['runs', 'outbox', 'parked', 'rows']),
      system: text(search, 'system'),
      state: text(search, 'state'),
    }),
  component: lazyRouteComponent(() => import('./pages/activity/Activity'), 'Activity'),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: '/activity/recoveries/$id',
  component: lazyRouteComponent(() => import('./pages/activity/RecoveryPage'), 'RecoveryPage'),
});

const dryRun = createRoute({
  getParentRoute: () => root,
  path: '/dry-runs/$id',
  validateSearch: (search: Search) =>
    set({ system: text(search, 'system'), kind: one(search, 'kind', ['CREATE', 'UNDELETE', 'UPDATE', 'DELETE', 'MERGE', 'SPLIT', 'HELD', 'QUESTION']) }),
  component: lazyRouteComponent(() => import('./pages/dryRuns/DryRunPage'), 'DryRunPage'),
});

const erasures = createRoute({
  getParentRoute: () => root,
  path: '/erasures',
  validateSearch: (search: Search) => set({ state: one(search, 'state', ['RUNNING', 'REMOVED', 'DONE']) }),
  component: lazyRouteComponent(() => import('./pages/erasures/ErasuresPage'), 'ErasuresPage'),
});
const erasure = createRoute({
  getParentRoute: () => root,
  path: '/erasures/$id',
  component: lazyRouteComponent(() => import('./pages/erasures/ErasurePage'), 'ErasurePage'),
});
const routeTree = root.addChildren([home, review.addChildren([reviewOne]), goldens, golden, merges, lineage, explain, authority, deletes, deletion, erasures, erasure, rules, schema, systems, system, activity, recovery, dryRun]);

export function makeRouter(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history ? { history } : {}),
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }: ErrorComponentProps) => (
      <Page title="This page broke">
        <Failed error={error} retry={reset} />
      </Page>
    ),
  });
}

/** Fetches the code of every page. What cannot be fetched now is fetched when it is shown. */
export function preloadPages(router: ReturnType<typeof makeRouter>) {
  for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route)?.catch(() => {});
}

export type Router = ReturnType<typeof makeRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: Router;
  }
}

/** Everything around the pages; tests use it too, with their own router and cache. */
export function Providers({ queries, test, children }: { queries: QueryClient; test?: boolean; children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" env={test ? 'test' : 'default'}>
      <QueryClientProvider client={queries}>
        <KeysProvider>
          <Notifications position="bottom-right" autoClose={8000} zIndex={400} />
          <LiveProvider>{children}</LiveProvider>
        </KeysProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
