// Fails when src/api/schema.d.ts is not what the OpenAPI file says: the contract changed and the UI was not told.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';

const contract = '../hub/server/src/main/resources/openapi.yaml';
const fresh = 'target/schema.d.ts';
if (!existsSync(contract)) {
  console.error(`${contract} is missing`);
  process.exit(1);
}
mkdirSync('target', { recursive: true });
const run = spawnSync(process.execPath, ['node_modules/openapi-typescript/bin/cli.js', contract, '-o', fresh], { encoding: 'utf8' });
if (run.status !== 0) {
  console.error(run.stderr);
  process.exit(1);
}
if (readFileSync(fresh, 'utf8') !== readFileSync('src/api/schema.d.ts', 'utf8')) {
  console.error('web-ui/src/api/schema.d.ts is stale: run `npm run api` in web-ui, let `npm run typecheck` find what breaks, and commit both.');
  process.exit(1);
}
