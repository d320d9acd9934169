import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { review, reviewDetail, run, stats } from '../test/fixtures';
import { show } from '../test/page';
import type { Message } from './messages';
import { listen } from './stream';

/** What the browser's own does, driven by the test. */
class Source {
  static all: Source[] = [];
  static readonly CLOSED = 2;
  readyState = 1;
  onopen = () => {};
  onerror = () => {};
  closed = false;
  private readonly listeners = new Map<string, (event: { data: string }) => void>();

  constructor(readonly url: string) {
    Source.all.push(this);
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners.set(name, listener);
  }
  say(name: string, data: unknown) {
    this.listeners.get(name)?.({ data: JSON.stringify(data) });
  }
  close() {
    this.closed = true;
  }
}

beforeEach(() => {
  Source.all = [];
  vi.stubGlobal('EventSource', Source);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('The stream of events', () => {
  it('opens again when the hub answered with an error, and then says that something may be missing', () => {
    vi.useFakeTimers();
    const told: Message[] = [];
    const stop = listen((message) => told.push(message));
    const first = Source.all[0]!;
    first.onopen();
    first.readyState = Source.CLOSED;
    first.onerror();
    vi.advanceTimersByTime(5000);
    expect(Source.all).toHaveLength(2);
    Source.all[1]!.onopen();
    expect(told.map((message) => ('name' in message ? message.name : message.connected))).toEqual([true, false, true, 'resync']);
    stop();
    expect(Source.all[1]!.closed).toBe(true);
  });

  it('leaves an interrupted stream to the browser, which resumes it', () => {
    vi.useFakeTimers();
    const stop = listen(() => {});
    Source.all[0]!.readyState = 0;
    Source.all[0]!.onerror();
    vi.advanceTimersByTime(60_000);
    expect(Source.all).toHaveLength(1);
    stop();
  });
});

describe('A page', () => {
  it('asks again once for many events, and shows the new numbers', async () => {
    const { asked, answers } = show('/');
    expect(await screen.findByRole('link', { name: /37 likely duplicates/ })).toBeInTheDocument();
    const before = asked.filter((q) => q.path === 'stats').length;
    answers['GET stats'] = { ...stats, reviews: { CANDIDATE: 36 } };
    act(() => {
      for (let i = 0; i < 500; i++) Source.all[0]!.say('review.changed', { id: `R${i}` });
    });
    expect(await screen.findByRole('link', { name: /36 likely duplicates/ })).toBeInTheDocument();
    expect(asked.filter((q) => q.path === 'stats').length).toBeLessThan(before + 3);
  });

  it('fills a queue that was empty, and leaves one alone that is worked in', async () => {
    const { asked, answers } = show('/review?kind=MERGE_BRAKE', { 'GET reviews': { items: [] }, 'GET reviews/R0': reviewDetail('R0', 'Ada') });
    expect(await screen.findByText('No question matches the filter')).toBeInTheDocument();
    answers['GET reviews'] = { items: [review('R0', 'Ada')] };
    act(() => Source.all[0]!.say('review.changed', {}));
    expect(await screen.findByRole('link', { name: /Ada/ })).toBeInTheDocument();
    const before = asked.filter((q) => q.path === 'reviews').length;
    const stats = asked.filter((q) => q.path === 'stats').length;
    act(() => Source.all[0]!.say('review.changed', {}));
    await waitFor(() => expect(asked.filter((q) => q.path === 'stats').length).toBeGreaterThan(stats));
    expect(asked.filter((q) => q.path === 'reviews')).toHaveLength(before);
  });

  it('shows a running job until it ends', async () => {
    show('/systems');
    await screen.findByRole('heading', { level: 1, name: 'Systems' });
    act(() => Source.all[0]!.say('run.progress', { ...run, kind: 'load', state: 'RUNNING', total: 10 }));
    expect(await screen.findByRole('button', { name: '1 job running' })).toBeInTheDocument();
    act(() => Source.all[0]!.say('run.progress', { ...run, kind: 'load', state: 'FAILED', endedAt: '2026-11-20T09:20:00Z', problem: 'The disk is full.' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: '1 job running' })).not.toBeInTheDocument());
    expect(await screen.findByText('The disk is full.')).toBeInTheDocument();
  });
});
