import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

configure({ asyncUtilTimeout: 20_000, getElementError: (message) => new Error(message ?? '') });
afterEach(cleanup);

// What jsdom lacks and Mantine and React Flow ask for.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
    dispatchEvent: () => false,
  }) as MediaQueryList;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
} as typeof ResizeObserver;
// Browsers begin to return a promise here, which an effect must not take for its clean-up.
Element.prototype.scrollIntoView = (() => Promise.resolve()) as unknown as Element['scrollIntoView'];
HTMLCanvasElement.prototype.getContext = () => null;
window.scrollTo = (() => {}) as typeof window.scrollTo;
