import { notifications } from '@mantine/notifications';
import { QueryClient } from '@tanstack/react-query';
import { RouterProvider, createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { vi } from 'vitest';
import { Providers, makeRouter } from '../router';
import { contact, crm, shop, stats } from './fixtures';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  headers: Headers;
}

type Answer = unknown | ((asked: Asked) => unknown);

/** Answers with a problem. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown> = { title: 'The graph does not answer', detail: 'Neo4j refused the connection', fix: 'Start it.', requestId: 'r-1' },
  ) {}
}

const DEFAULTS: Record<string, Answer> = {
  'GET stats': stats,
  'GET entity-types': { items: [contact] },
  'GET systems': { items: [crm, shop] },
  'GET runs': { items: [] },
  'GET changes': { items: [], next: 0, end: 0 },
};

/** Shows the page of an address over a hub that gives these answers, by method and address after `/api/v1/`. */
export function show(address: string, answers: Record<string, Answer> = {}) {
  const asked: Asked[] = [];
  const all = { ...DEFAULTS, ...answers };
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    const path = decodeURIComponent(url.pathname.replace('/api/v1/', ''));
    const text = await request.text();
    const question: Asked = { method: request.method, path, query: url.searchParams, headers: request.headers, body: text ? JSON.parse(text) : undefined };
    asked.push(question);
    const given = all[`${request.method} ${path}`] ?? new Refusal(404, { title: `No answer for ${request.method} ${path}` });
    const answer = await (typeof given === 'function' ? (given as (asked: Asked) => unknown)(question) : given);
    const refusal = answer instanceof Refusal ? answer : null;
    return new Response(JSON.stringify(refusal ? refusal.body : answer), {
      status: refusal?.status ?? 200,
      headers: { 'Content-Type': refusal ? 'application/problem+json' : 'application/json' },
    });
  });
  notifications.clean();
  const router = makeRouter(createMemoryHistory({ initialEntries: [address] }));
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <Providers queries={queries} test>
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...view, user: userEvent.setup({ delay: null }), router, asked, answers: all };
}

/** Structure only: jsdom knows no colours; contrast is checked in a real browser and in theme.test.ts. */
export async function violations(element: Element) {
  const result = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'color-contrast': { enabled: false } },
  });
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
}
