/// <reference types="vitest/config" />
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes the licence texts of everything that is shipped beside the bundle. */
function notices(): Plugin {
  type Entry = { version: string; license?: string; dev?: boolean; optional?: boolean; peer?: boolean };
  return {
    name: 'third-party-notices',
    apply: 'build',
    generateBundle() {
      const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
      const shipped = Object.entries(lock.packages).filter(([path, entry]) => path && !entry.dev && existsSync(path));
      const text = shipped.map(([path, entry]) => {
        const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
        const title = `${path.replace(/^.*node_modules\//, '')} ${entry.version} (${entry.license ?? 'see text'})`;
        return `${title}\n${'-'.repeat(title.length)}\n${file ? readFileSync(`${path}/${file}`, 'utf8').trim() : ''}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source: text.join('\n') });
    },
  };
}

export default defineConfig({
  plugins: [react(), notices()],
  // cssTarget: Mantine sets color-scheme through a variable, so Vite must not lower light-dark() to its polyfill.
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    sourcemap: false,
    outDir: 'target/classes/webui',
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': process.env.KINTSUGI_API ?? 'http://localhost:7070' } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    css: false,
    testTimeout: 90_000,
    // One set of modules for all files: 163 s of processor time instead of 273.
    pool: 'threads',
    isolate: false,
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
