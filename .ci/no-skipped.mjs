// Adds up the integration tests of all modules and fails if one was skipped or none ran.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

let run = 0, failed = 0, skipped = 0;
const modules = [...readdirSync('hub').map((m) => join('hub', m)), ...readdirSync('connectors').map((m) => join('connectors', m))];
for (const module of modules) {
  const reports = join(module, 'target', 'failsafe-reports');
  if (!existsSync(reports)) continue;
  for (const file of readdirSync(reports).filter((f) => f.startsWith('TEST-') && f.endsWith('.xml'))) {
    const suite = readFileSync(join(reports, file), 'utf8').match(/<testsuite\b[^>]*>/)[0];
    const count = (name) => Number(suite.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
    run += count('tests');
    failed += count('failures') + count('errors');
    skipped += count('skipped');
    if (count('skipped')) console.error(`${file}: ${count('skipped')} skipped`);
  }
}
console.log(`integration tests: ${run - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
process.exit(run === 0 || failed || skipped ? 1 : 0);
