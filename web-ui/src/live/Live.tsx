import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, createContext, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../api/queries';
import { attributeWords, words } from '../ui/format';
import type { EventName, Message } from './messages';
import { listen } from './stream';

export interface LiveState {
  connected: boolean;
  /** When the connection came or went, in milliseconds; 0 before the first answer. */
  since: number;
  runs: Run[];
  /** When something of this kind last changed, in milliseconds: lists do not jump, they offer to load again. */
  changed: Partial<Record<EventName, number>>;
}

const NOTHING: LiveState = { connected: false, since: 0, runs: [], changed: {} };
const LiveContext = createContext<LiveState>(NOTHING);
const REFRESH_MS = 1500;
const LONG_RUN_MS = 10_000;

export const useLive = () => useContext(LiveContext);

/** Which cached answers an event makes stale, by the first word of their key. */
const STALE: Record<string, string[]> = {
  'golden.changed': ['golden', 'merges', 'deletions', 'changes', 'stats'],
  'review.changed': ['review', 'deletions', 'stats'],
  'run.progress': ['runs'],
  'system.state': ['systems', 'stats'],
  'schema.changed': ['schema', 'stats', 'systems'],
  'erasure.changed': ['erasures', 'golden', 'goldens', 'stats'],
  'outbound.changed': ['outbound', 'deletions', 'stats', 'systems'],
};

/** Whether a list that is read page by page has nothing in it. */
const isEmpty = (data: unknown) => ((data as { pages?: { items: unknown[] }[] } | undefined)?.pages ?? [{ items: ['not known'] }]).every((page) => page.items.length === 0);

/**
 * Keeps the pages fresh. Events are gathered for a moment before anything is asked again, so that a load of 100,000 records does
 * not become 100,000 questions.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [connection, setConnection] = useState({ connected: false, since: 0 });
  const [runs, setRuns] = useState<Record<string, Run>>({});
  const [changed, setChanged] = useState<LiveState['changed']>({});
  const queries = useQueryClient();
  const stale = useRef(new Set<EventName>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const refreshSoon = (name: EventName) => {
      stale.current.add(name);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const now = stale.current;
        stale.current = new Set();
        setChanged((last) => ({ ...last, ...Object.fromEntries([...now].map((name) => [name, Date.now()])) }));
        new Set([...now].flatMap((name) => STALE[name] ?? [])).forEach((key) => void queries.invalidateQueries({ queryKey: [key] }));
        // a queue stays as it is under the hands of whoever works in it, but for one that has nothing to show
        if (now.has('review.changed')) void queries.invalidateQueries({ queryKey: ['reviews'], predicate: ({ state }) => isEmpty(state.data) });
      }, REFRESH_MS);
    };
    const onMessage = (message: Message) => {
      if ('connected' in message) {
        setConnection((last) => (last.connected === message.connected && last.since ? last : { connected: message.connected, since: message.at }));
        return;
      }
      if (message.name === 'resync') {
        void queries.invalidateQueries();
        return;
      }
      refreshSoon(message.name);
      if (message.name === 'run.progress') {
        const run = message.data as unknown as Run;
        setRuns(({ [run.id]: _old, ...others }) => (run.state === 'RUNNING' ? { ...others, [run.id]: run } : others));
        announce(run);
      }
    };
    const stop = connect(onMessage);
    return () => {
      stop();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [queries]);

  const state = useMemo(() => ({ ...connection, runs: Object.values(runs), changed }), [connection, runs, changed]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}

function announce(run: Run) {
  if (run.state === 'RUNNING' || !run.endedAt || Date.parse(run.endedAt) - Date.parse(run.startedAt) < LONG_RUN_MS) return;
  const counts = Object.entries(run.counts)
    .map(([name, n]) => `${n} ${attributeWords(name).toLowerCase()}`)
    .join(', ');
  notifications.show({
    id: `run-${run.id}`,
    title: `${words(run.kind)} ${run.state.toLowerCase()}`,
    message: run.problem ?? counts,
    color: run.state === 'FAILED' ? 'red' : 'teal',
  });
}

/** One stream for all tabs; where the browser has no shared workers, one for this tab. */
function connect(onMessage: (message: Message) => void): () => void {
  if (typeof SharedWorker === 'undefined') return typeof EventSource === 'undefined' ? () => {} : listen(onMessage);
  const worker = new SharedWorker(new URL('./events.worker.ts', import.meta.url), { type: 'module', name: 'kintsugi-events' });
  const bye = () => worker.port.postMessage('bye');
  worker.port.onmessage = (event: MessageEvent<Message>) => onMessage(event.data);
  window.addEventListener('pagehide', bye);
  return () => {
    window.removeEventListener('pagehide', bye);
    bye();
    worker.port.close();
  };
}
