import createClient, { type Middleware } from 'openapi-fetch';
import { follow } from './clock';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** What went wrong, in the server's words (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    readonly fix?: string,
    readonly requestId?: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(title);
  }

  static of(status: number, body: unknown): Problem {
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const text = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined);
    return new Problem(
      status,
      text('title') ?? (status >= 500 ? 'The hub could not answer' : `The hub refused this (HTTP ${status})`),
      text('detail'),
      text('fix'),
      text('requestId'),
      fields,
    );
  }

  static from(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem(
      0,
      'Something unexpected happened on this page',
      error instanceof Error ? error.message : String(error),
      'Try again, or load the page anew.',
    );
  }
}

/** Not randomUUID: browsers offer that on https and localhost only. */
const requestKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const fresh: Middleware = {
  onRequest: ({ request }) => {
    if (request.method === 'POST') request.headers.set('Idempotency-Key', requestKey());
    return request;
  },
  onResponse: ({ response }) => follow(response.headers.get('Date')),
};

async function reach(request: Request) {
  try {
    return await globalThis.fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Problem(0, 'The hub does not answer', 'The connection failed.', 'Check that the hub runs and that you are online, then try again.');
  }
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: reach });
api.use(fresh);

/** Unwraps an answer, or throws its {@link Problem}. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw Problem.of(response.status, error);
  return data as T;
}
