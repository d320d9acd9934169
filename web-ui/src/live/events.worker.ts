/// <reference lib="webworker" />
// One event stream per browser instead of one per tab: over HTTP/1.1 a browser opens at most six connections to a host, so six
// tabs with a stream each would leave none for the API.
import type { Message } from './messages';
import { listen } from './stream';

const ports = new Set<MessagePort>();
const running = new Map<unknown, Message>();
let state: Message = { connected: false, at: Date.now() };

listen((message) => {
  if ('connected' in message) state = message;
  else if (message.name === 'run.progress') {
    if (message.data.state === 'RUNNING') running.set(message.data.id, message);
    else running.delete(message.data.id);
  }
  ports.forEach((port) => port.postMessage(message));
});

(self as unknown as SharedWorkerGlobalScope).onconnect = (event) => {
  const port = event.ports[0]!;
  ports.add(port);
  port.onmessage = (message) => {
    if (message.data === 'bye') ports.delete(port);
  };
  port.postMessage(state);
  running.forEach((message) => port.postMessage(message));
};
