// Runs `npm ci` only when package-lock.json changed since the last install, so that a second build does not pay for it.
// Fails early and in words when Node is missing something.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `web-ui needs Node 20.19 or newer; this is ${process.versions.node}. ` +
      'Install a newer one, or build without the web UI: mvn -Dui.skip=true package',
  );
  process.exit(1);
}
const hash = createHash('sha256')
  .update(readFileSync('package-lock.json'))
  .update(process.versions.modules + process.platform + process.arch)
  .digest('hex');
const stamp = 'node_modules/.installed';
if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) process.exit(0);

const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (npm.error) console.error(`npm could not be started (${npm.error.message}); it comes with Node: put both on the PATH.`);
if (npm.status === 0) writeFileSync(stamp, hash);
process.exit(npm.status ?? 1);
