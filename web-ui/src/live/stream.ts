import { type Message, NAMES } from './messages';

const RETRY_MS = 3000;

/**
 * Listens to the hub's events until stopped. The browser reconnects by itself and resumes after the last event it saw; only when it
 * gives up (the hub answered with an error) a new stream is opened, and `resync` tells that something may have been missed.
 *
 * @returns stops listening
 */
export function listen(tell: (message: Message) => void): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const open = (again: boolean) => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      tell({ connected: true, at: Date.now() });
      if (again) tell({ name: 'resync', data: {} });
    };
    source.onerror = () => {
      tell({ connected: false, at: Date.now() });
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(() => open(true), RETRY_MS);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        const text = (event as MessageEvent<string>).data;
        tell({ name, data: text ? (JSON.parse(text) as Record<string, unknown>) : {} });
      });
    }
  };
  open(false);
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
