// Keeps the pages quick to open: fails when a script of the built UI outgrows its budget (KB after gzip).
// Usage: node scripts/size-check.mjs <folder with index.html>
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const ENTRY = 220;
const CHUNK = 130;
const CSS = 60;

const folder = process.argv[2];
const index = readFileSync(`${folder}/index.html`, 'utf8');
const files = readdirSync(`${folder}/assets`).map((name) => ({
  name,
  size: gzipSync(readFileSync(`${folder}/assets/${name}`)).length / 1024,
}));
const first = (name) => index.includes(`/assets/${name}`);
const sum = (list) => list.reduce((total, file) => total + file.size, 0);
const scripts = files.filter((file) => file.name.endsWith('.js'));

const problems = [];
const budget = (what, size, limit) => {
  if (size > limit) problems.push(`${what} is ${size.toFixed(1)} KB, the budget is ${limit} KB`);
};
budget('script of the first page', sum(scripts.filter((file) => first(file.name))), ENTRY);
for (const file of scripts.filter((file) => !first(file.name))) budget(`chunk ${file.name}`, file.size, CHUNK);
budget('style of the first page', sum(files.filter((file) => file.name.endsWith('.css') && first(file.name))), CSS);
if (/<script(?![^>]*\bsrc=)/.test(index)) problems.push('index.html holds an inline script, which the content security policy forbids');

if (problems.length) {
  console.error(`web-ui is too big or wrong:\n  ${problems.join('\n  ')}\nLoad what is rarely used lazily, or raise the budget here with a reason.`);
  process.exit(1);
}
