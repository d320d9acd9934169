// A small stand-in for the hub, for `npm run dev` without Java: made-up customers of three systems, the same on every start. It follows
// the contract (openapi.yaml) but decides nothing itself. MOCK=empty shows a first run, MOCK=broken answers with errors.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const port = Number(process.env.PORT ?? 7070);
const mode = process.env.MOCK ?? 'full';
const now = Date.now();
let seed = 7;
const random = (n) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;
const pick = (list) => list[random(list.length)];
const at = (minutesAgo) => new Date(now - minutesAgo * 60_000).toISOString();

const given = ['Ada', 'Grace', 'Katrin', 'Joseph', 'Mara', 'Priya', 'Luis', 'Hanna', 'Tom', 'Wei', 'Fatima', 'Oskar'];
const family = ['Lovelace', 'Hopper', 'Vogel', 'Okafor', 'Lindqvist', 'Nair', 'Ortega', 'Maier', 'Baker', 'Chen', 'Haddad', 'Nowak'];
const cities = ['Hamburg', 'Lisbon', 'Kraków', 'Graz', 'Gothenburg', 'Leeds'];
const systems = ['crm', 'shop', 'billing'];
const attributes = [
  ['givenName', 'GIVEN_NAME', 'Given name'], ['familyName', 'FAMILY_NAME', 'Family name'], ['email', 'EMAIL', 'E-mail'], ['phone', 'PHONE', 'Phone'],
  ['birthDate', 'BIRTH_DATE', 'Date of birth'], ['street', 'STREET', 'Street'], ['postcode', 'POSTCODE', 'Postcode'], ['city', 'CITY', 'City'], ['country', 'COUNTRY', 'Country'],
].map(([name, type, label]) => ({ name, type, label }));

const records = new Map();
const goldens = new Map();
function person(i, systemsHeld, base, id = `g-${String(i).padStart(4, '0')}`) {
  const members = systemsHeld.map((system, n) => {
    const values = { ...base };
    if (system === 'shop') delete values.birthDate;
    if (system === 'billing') values.phone = '';
    if (n === 1) values.email = base.email.replace('@', `.${n}@`);
    const key = `${system}:contact:${system[0].toUpperCase()}${1000 + i * 3 + n}`;
    const record = { key, system, type: 'contact', externalId: key.split(':')[2], stream: system === 'crm' ? 'contacts' : 'customers', state: 'LIVE', attributes: values,
      states: { email: { base: 12, agreed: n === 0, copied: false } }, sourceAt: at(60 * (i + n) + 5), observedAt: at(60 * (i + n)), goldenId: id, since: at(9000), origin: 'RULE', contributes: [] };
    records.set(key, record);
    return record;
  });
  const values = {};
  for (const { name } of attributes) {
    const source = members.find((member) => member.attributes[name]);
    if (!source) continue;
    values[name] = { value: source.attributes[name], version: 10 + i, from: source.key, sourceAt: source.sourceAt, rule: name === 'email' ? 'LATEST' : 'SYSTEM_RANK', policyVersion: 1 };
    source.contributes.push(name);
  }
  const golden = { id, type: 'contact', state: 'ACTIVE', revision: 1 + (i % 6), label: `${base.givenName} ${base.familyName}`,
    attributes: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.value])), values, records: members.map((m) => m.key),
    systems: [...new Set(systemsHeld)].sort(), createdAt: at(20000 + i), updatedAt: at(3 + i * 7) };
  goldens.set(id, golden);
  return golden;
}
const someone = (i) => {
  const [first, last] = [given[i % 12], family[(i * 5 + 1) % 12]];
  return { givenName: first, familyName: last, email: `${first}.${last}@example.org`.toLowerCase(), phone: `+49 40 555 ${100 + i}`, birthDate: `19${50 + (i % 49)}-0${1 + (i % 9)}-1${i % 10}`,
    street: `Ahornweg ${1 + i}`, postcode: `20${100 + i}`, city: cities[i % 6], country: 'DE' };
};
if (mode !== 'empty') for (let i = 1; i <= 140; i++) person(i, [['crm'], ['crm', 'shop'], ['crm', 'shop', 'billing'], ['shop', 'billing']][i % 4], someone(i));

const evidence = (a, b) => [
  { name: 'prior', level: 'one in many', bits: -9.4 },
  ...attributes.flatMap(({ name }) => {
    const [left, right] = [a.attributes[name], b.attributes[name]];
    if (!left || !right) return [];
    if (left === right) return [{ name, left: left.toLowerCase(), right: right.toLowerCase(), level: 'exact', bits: { email: 8.1, phone: 7.2, familyName: 4.4, birthDate: 6.9 }[name] ?? 2.1 }];
    return [{ name, left: left.toLowerCase(), right: right.toLowerCase(), level: left[0] === right[0] ? 'similar 0.88' : 'different', bits: left[0] === right[0] ? 1.3 : -3.1 }];
  }),
];
const computed = (a, b) => {
  const steps = evidence(a, b);
  const score = steps.reduce((sum, step) => sum + step.bits, 0);
  return { decision: score > 7 ? 'MATCH' : score > -2 ? 'REVIEW' : 'NO_MATCH', score, probability: 1 / (1 + 2 ** -score), evidence: steps, ruleSet: 'person v1' };
};
const details = new Map();
if (mode !== 'empty')
  for (let i = 0; i < 11; i++) {
    const base = someone(200 + i);
    const a = person(200 + 2 * i, i % 3 ? ['crm'] : ['crm', 'shop', 'billing', 'crm', 'shop'].slice(0, i ? 2 : 5), base);
    const b = person(201 + 2 * i, ['shop'], { ...base, givenName: `${base.givenName[0]}.`, phone: `+49 40 556 ${100 + i}`, street: base.street.replace('weg', 'gasse'), birthDate: '' });
    const members = [...a.records, ...b.records].map((key) => records.get(key));
    const pairs = a.records.flatMap((x) => b.records.map((y) => ({ a: x, b: y, links: [], computed: computed(records.get(x), records.get(y)) }))).sort((x, y) => y.computed.score - x.computed.score);
    const review = { id: `R${100 + i}`, kind: i === 9 ? 'DISPUTED' : 'CANDIDATE', state: 'OPEN', type: 'contact', label: a.label, goldens: [a.id, b.id], records: [a.records[0], b.records[0]], systems: ['crm', 'shop'],
      score: pairs[0].computed.score, probability: pairs[0].computed.probability, reason: 'Same family name and e-mail; given name and phone differ', revision: 1, openedAt: at(200 + 60 * i) };
    details.set(review.id, { review, records: members, goldens: [a, b], pairs, thresholds: { reviewBits: -2, autoBits: 7 },
      preview: { result: { ...a, records: [...a.records, ...b.records] }, records: members, retired: [b.id], writes: [
        { system: 'shop', target: b.records[0], kind: 'UPDATE', values: { givenName: base.givenName, phone: base.phone, street: base.street } }, { system: 'billing', kind: 'CREATE', values: a.attributes }] } });
  }
const retired = mode === 'empty' ? null : { ...goldens.get('g-0003'), id: 'g-0900', state: 'RETIRED', redirectsTo: 'g-0002', records: [], values: {}, attributes: {} };
const merge = { id: 'M1', type: 'contact', survivor: 'g-0002', absorbed: ['g-0900'], moved: [{ record: 'shop:contact:S1007', from: 'g-0900' }], links: [], origin: 'STEWARD', by: 'j.okafor', note: 'Same phone and street', at: at(4000) };
const rows = mode === 'empty' ? [] : [1, 2].map((n) => ({ id: `U${n}`, kind: 'UNMAPPABLE', state: 'OPEN', type: 'contact', label: `customers.csv line ${40 + n}`, goldens: [], records: [], systems: ['shop'], score: 0, probability: 0.5, reason: `customers.csv, line ${40 + n}: 9 columns where the header has 8`, revision: 1, openedAt: at(30 * n) }));
const outbound = mode === 'empty' ? [] : [...goldens.values()].slice(0, 70).flatMap((g, i) => g.records.slice(0, 1).map((key) => {
  const state = i % 17 === 3 ? 'PARKED' : ['SETTLED', 'SETTLED', 'SETTLED', 'DUE', 'HELD'][i % 5];
  return { key: `record|${key}`, goldenId: g.id, system: key.split(':')[0], type: 'contact', target: key, state, dirty: false, markedAt: at(90 + i), dueAt: at(90 + i), attempts: state === 'PARKED' ? 4 : 0, updatedAt: at(i * 3),
    ...(state === 'DUE' ? {} : { intent: { id: `I${i}`, kind: 'UPDATE', values: { email: g.attributes.email }, versions: { email: 12 }, sentAt: at(i * 3) } }),
    ...(state === 'PARKED' ? { problem: `column "email" of table "contacts" refuses the value: longer than 40 characters` } : state === 'HELD' ? { problem: 'waits for an open review' } : {}) };
}));
const changes = [...goldens.values()].slice(0, 40).map((g, i) => ({ goldenId: g.id, type: 'contact', sequence: 1000 - i, revision: g.revision, at: at(i / 3), cause: pick(['UPDATED', 'UPDATED', 'CREATED', 'ABSORBED']), changed: [{ attribute: 'email', before: 'old@example.org', after: g.attributes.email, from: g.records[0] }, { attribute: 'phone', after: g.attributes.phone ?? '', from: g.records[0] }], joined: [g.records[0]], left: [], golden: g }));
const mapping = { stream: 'customers', type: 'contact', write: true, provision: false, fields: attributes.map(({ name }) => ({ field: name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), attribute: name, functions: name === 'email' ? ['trim', 'lower'] : ['trim'], writable: name !== 'birthDate' })) };
const systemOf = (id, i) => ({ id, label: ['CRM', 'Web shop', 'Billing'][i], connector: ['jdbc', 'file', 'jdbc'][i], state: i === 2 ? 'FAILING' : 'RUNNING', lastPoll: at(i), lastChange: at(5 * i + 1), pollEverySeconds: 2,
  ...(i === 2 ? { problem: 'The database billing does not answer on port 5433. It is tried again in 30 s.', lagSeconds: 340 } : {}),
  records: [{ system: id, type: 'contact', state: 'LIVE', records: [...records.values()].filter((r) => r.system === id).length }, { system: id, type: 'contact', state: 'DELETED', records: 3 }],
  outbound: Object.fromEntries(['DUE', 'HELD', 'PARKED', 'SETTLED'].map((state) => [state, outbound.filter((o) => o.system === id && o.state === state).length])) });
const allSystems = mode === 'empty' ? [] : systems.map(systemOf);
const runs = mode === 'empty' ? [] : Array.from({ length: 30 }, (_, i) => ({ id: `run-${i}`, kind: i % 7 === 6 ? 'load' : 'poll', system: systems[i % 3], stream: 'customers', state: i === 4 ? 'FAILED' : 'DONE', counts: { read: 40 + i, stored: 3, unchanged: 36 + i, echo: 1 }, startedAt: at(i * 2 + 1), endedAt: at(i * 2 + 0.9), ...(i === 4 ? { problem: 'The connection to billing was closed.' } : {}) }));

const sources = (g) => g.records.map((key) => records.get(key));
const links = (g) => sources(g).slice(1).map((b) => { const a = records.get(g.records[0]); const c = computed(a, b); return { a: a.key, b: b.key, origin: 'RULE', decision: 'MATCH', state: 'ACTIVE', score: c.score, probability: c.probability, evidence: c.evidence, blockKey: `email:${a.attributes.email}`, by: 'person v1', at: at(9000) }; });
const explain = (g) => ({ golden: g, records: sources(g), links: links(g), merges: g.id === 'g-0002' ? [merge] : [], reviews: [...details.values()].map((d) => d.review).filter((r) => r.state === 'OPEN' && r.goldens.includes(g.id)),
  values: Object.fromEntries(Object.entries(g.values).map(([name, value]) => [name, { rule: value.rule, policyVersion: 1, candidates: sources(g).filter((r) => r.attributes[name]).sort((a) => (a.key === value.from ? -1 : 1)).map((r) => ({ value: r.attributes[name], record: r.key, system: r.system, sourceAt: r.sourceAt, copied: false, survives: r.key === value.from, reason: r.key === value.from ? 'its system is the most trusted for this attribute' : 'its system is trusted less' })) }])) });
function lineage(g) {
  const nodes = [{ id: g.id, kind: 'GOLDEN', label: g.label, goldenId: g.id, state: g.state, attributes: g.attributes }];
  const edges = [];
  for (const r of sources(g)) {
    nodes.push({ id: `s-${r.system}-${r.key}`, kind: 'SYSTEM', label: allSystems.find((s) => s.id === r.system).label, system: r.system, state: 'RUNNING', attributes: {} }, { id: r.key, kind: 'RECORD', label: r.externalId, system: r.system, record: r.key, state: r.state, attributes: r.attributes }, { id: `t-${r.key}`, kind: 'TARGET', label: allSystems.find((s) => s.id === r.system).label, system: r.system, attributes: {} });
    const flow = Object.keys(r.attributes).map((name) => ({ attribute: name, field: name, value: r.attributes[name], survives: g.values[name]?.from === r.key, rule: g.values[name]?.rule }));
    edges.push({ id: `e1-${r.key}`, from: `s-${r.system}-${r.key}`, to: r.key, kind: 'READ', attributes: flow.map((f) => ({ ...f, survives: true })), at: r.observedAt }, { id: `e2-${r.key}`, from: r.key, to: g.id, kind: 'RESOLVES', attributes: flow, at: r.since }, { id: `e3-${r.key}`, from: g.id, to: `t-${r.key}`, kind: 'WRITES', attributes: [{ attribute: 'email', value: g.attributes.email, survives: true }], state: r.system === 'billing' ? 'PARKED' : 'SETTLED', at: at(9), ...(r.system === 'billing' ? { problem: 'email is longer than 40 characters' } : {}) });
  }
  if (g.id === 'g-0002') { nodes.push({ id: 'g-0900', kind: 'RETIRED', label: 'G. Hopper', goldenId: 'g-0900', state: 'RETIRED', attributes: {} }); edges.push({ id: 'e-m', from: 'g-0900', to: g.id, kind: 'MERGED', attributes: [], mergeId: 'M1', at: merge.at }); }
  return { goldenId: g.id, nodes, edges, omitted: 0 };
}
const page = (items, query) => { const from = Number(query.get('cursor') ?? 0); const limit = Number(query.get('limit') ?? 50); return { items: items.slice(from, from + limit), ...(from + limit < items.length ? { next: String(from + limit) } : {}) }; };
class Refused extends Error { constructor(status, title, detail, fix, more = {}) { super(title); this.body = { type: 'urn:kintsugi:problem:mock', title, status, detail, fix, code: status === 404 ? 'NOT_FOUND' : 'REVISION_CONFLICT', requestId: 'mock0001', ...more }; } }
const need = (thing, what) => { if (!thing) throw new Refused(404, 'Not found', `there is no ${what}`, 'Check the id; it may have been mistyped.'); return thing; };
const golden = (id) => (id === retired?.id ? retired : need(goldens.get(id), `golden ${id}`));
const openReviews = () => [...[...details.values()].map((d) => d.review), ...rows].filter((r) => r.state === 'OPEN');
const clients = new Set();
const tell = (name, data, id) => clients.forEach((client) => client.write(`${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
let sequence = 1000;

function decided(id, ifMatch, change) {
  const detail = need(details.get(id) ?? rows.filter((r) => r.id === id).map((review) => ({ review }))[0], `review ${id}`);
  if (ifMatch !== `"${detail.review.revision}"`) throw new Refused(409, 'Changed meanwhile', `review ${id} is at revision ${detail.review.revision}, you sent ${ifMatch}`, 'Look at what is there now and decide again.', { current: detail });
  Object.assign(detail.review, { decision: undefined, decidedBy: undefined, decidedAt: undefined, note: undefined }, change, { revision: detail.review.revision + 1 });
  tell('review.changed', { id });
  return detail.review;
}

const routes = [
  ['GET', 'stats', () => ({ at: at(0), goldens: goldens.size ? { contact: goldens.size } : {}, records: allSystems.flatMap((s) => s.records), reviews: openReviews().reduce((n, r) => ({ ...n, [r.kind]: (n[r.kind] ?? 0) + 1 }), {}), outbound: allSystems.flatMap((s) => Object.entries(s.outbound).map(([state, n]) => ({ system: s.id, state, changes: n }))), overdue: mode === 'empty' ? [] : [{ system: 'crm', changes: 3, oldestSentAt: at(60) }], systems: mode === 'empty' ? {} : { RUNNING: 2, FAILING: 1 }, feed: { end: sequence, lastMinute: 14 }, ...(mode === 'empty' ? {} : { oldestReviewAt: at(800) }) })],
  ['GET', 'entity-types', () => ({ items: [{ name: 'contact', kind: 'PERSON', attributes, matching: { version: 1, autoBits: 7, reviewBits: -2, duplicateFree: [], maxBlock: 500 }, authority: { version: 1, defaultRule: { strategy: 'SYSTEM_RANK', ranking: systems }, rules: {} } }] })],
  ['GET', 'systems', () => ({ items: allSystems })],
  ['GET', 'systems/:id', ({ id }) => ({ system: need(allSystems.find((s) => s.id === id), `system ${id}`), settings: ['url', 'user', 'password'], streams: [mapping], catalog: { fingerprint: 'f', streams: [{ name: 'customers', label: 'Customers', fields: [], capabilities: { ops: ['CREATE', 'UPDATE', 'CLEAR_FIELD', 'CONDITIONAL_UPDATE'], feeds: ['SNAPSHOT', 'INCREMENTAL'], changesSorted: true, maxBatch: 100, batchIsAtomic: false } }] } })],
  ['POST', 'systems/:id/:action', ({ id, action }) => { const s = need(allSystems.find((x) => x.id === id), `system ${id}`); if (action !== 'poll') s.state = action === 'pause' ? 'PAUSED' : 'RUNNING'; tell('system.state', s); return s; }],
  ['GET', 'changes', (_, query) => ({ items: changes.filter((c) => c.sequence > Number(query.get('since'))).sort((a, b) => a.sequence - b.sequence).slice(0, Number(query.get('limit') ?? 50)), next: sequence, end: sequence })],
  ['GET', 'goldens', (_, query) => { const words = (query.get('text') ?? '').toLowerCase().split(/\s+/).filter(Boolean); const state = query.get('state') ?? 'ACTIVE'; const sort = query.get('sort') ?? '-updatedAt'; const by = sort.replace('-', '');
    const all = [...goldens.values(), ...(retired ? [retired] : [])].filter((g) => (state === 'ANY' || g.state === state) && g.records.length >= Number(query.get('minimumRecords') ?? 0) && (!query.get('system') || g.systems.includes(query.get('system'))) && words.every((w) => Object.values(g.attributes).some((v) => v.toLowerCase().split(/[\s@.]/).some((part) => part.startsWith(w)))))
      .sort((a, b) => (a[by] < b[by] ? -1 : 1) * (sort.startsWith('-') ? -1 : 1)).map((g) => ({ ...g, records: g.records.length, values: undefined })); return page(all, query); }],
  ['GET', 'goldens/by-source/:system/:type/:native', ({ system, type, native }) => golden(need(records.get(`${system}:${type}:${native}`), 'such record').goldenId)],
  ['GET', 'goldens/:id', ({ id }) => golden(id)],
  ['GET', 'goldens/:id/explain', ({ id }) => explain(golden(id))],
  ['GET', 'goldens/:id/history', ({ id }) => ({ items: [{ ...changes[1], goldenId: golden(id).id, cause: 'UPDATED', joined: [] }, { ...changes[2], sequence: 3, cause: 'ABSORBED', counterpart: 'g-0900', changed: [] }, { ...changes[3], sequence: 1, cause: 'CREATED' }] })],
  ['GET', 'goldens/:id/outbound', ({ id }) => ({ items: outbound.filter((o) => o.goldenId === id) })],
  ['GET', 'goldens/:id/lineage', ({ id }) => lineage(golden(id))],
  ['GET', 'reviews', (_, query) => page(openReviews().filter((r) => (!query.get('kind') || r.kind === query.get('kind')) && (!query.get('system') || r.systems.includes(query.get('system')))).sort((a, b) => b.score - a.score), query)],
  ['GET', 'reviews/:id', ({ id }) => details.get(id) ?? { review: need(rows.find((r) => r.id === id), `review ${id}`), records: [], goldens: [], pairs: [], detail: { file: 'customers.csv', line: 41, raw: 'C1041;"Baker;Tom;tom@example.org' } }],
  ['POST', 'reviews/:id/decision', ({ id }, _, body, request) => decided(id, request.headers['if-match'], { state: 'DECIDED', decision: body.decision, note: body.note, decidedBy: 'you', decidedAt: at(0) })],
  ['POST', 'reviews/:id/undo', ({ id }, _, __, request) => decided(id, request.headers['if-match'], { state: 'OPEN' })],
  ['POST', 'reviews/:id/discard', ({ id }, _, __, request) => decided(id, request.headers['if-match'], { state: 'DECIDED' })],
  ['POST', 'merges/:id/unmerge/preview', () => ({ revision: 1, results: [goldens.get('g-0002'), { ...goldens.get('g-0003'), id: 'g-0900' }], goldenOfRecord: { 'crm:contact:C1006': 'g-0002', 'shop:contact:S1007': 'g-0900' }, writes: [{ system: 'shop', target: 'shop:contact:S1007', kind: 'UPDATE', values: { phone: '+49 40 555 103' } }] })],
  ['POST', 'merges/:id/unmerge', () => Object.assign(merge, { undoneAt: at(0), undoneBy: 'you' })],
  ['GET', 'runs', (_, query) => page(runs.filter((r) => (!query.get('system') || r.system === query.get('system')) && (!query.get('state') || r.state === query.get('state'))), query)],
  ['GET', 'outbound', (_, query) => page(outbound.filter((o) => (!query.get('system') || o.system === query.get('system')) && (query.get('overdue') !== 'true' || ['SENDING', 'VERIFYING'].includes(o.state)) && (!query.get('state') || o.state === query.get('state'))), query)],
  ['POST', 'outbound/:key/retry', ({ key }) => Object.assign(need(outbound.find((o) => o.key === key), `outbound change ${key}`), { state: 'DUE', problem: undefined })],
  ['GET', 'health', () => ({ status: 'UP', version: 'mock', startedAt: at(60) })],
].map(([method, path, answer]) => [method, new RegExp(`^/api/v1/${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`), answer]);

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/api/v1/events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }).write(': open\n\n');
    clients.add(response);
    request.on('close', () => clients.delete(response));
    return;
  }
  if (!url.pathname.startsWith('/api/')) {
    const built = join('target/classes/webui', url.pathname);
    const file = url.pathname !== '/' && existsSync(built) ? built : 'target/classes/webui/index.html';
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain', 'Content-Security-Policy': CSP });
    createReadStream(file).pipe(response);
    return;
  }
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    let status = 200;
    let body;
    try {
      if (mode === 'broken') throw new Refused(503, 'The graph does not answer', 'Neo4j at bolt://localhost refused the connection', 'Start it, or look into its log; the hub goes on by itself.');
      const found = routes.map(([method, path, answer]) => method === request.method && { groups: path.exec(url.pathname)?.groups, hit: path.test(url.pathname), answer }).find((route) => route && route.hit);
      need(found, `address ${url.pathname}`);
      body = found.answer(Object.fromEntries(Object.entries(found.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)])), url.searchParams, text ? JSON.parse(text) : {}, request);
    } catch (error) {
      body = error.body ?? { title: 'The mock broke', status: 500, detail: error.stack };
      status = body.status;
    }
    setTimeout(() => response.writeHead(status, { 'Content-Type': status < 300 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(body)), Number(process.env.DELAY ?? 40));
  });
}).listen(port, '127.0.0.1', () => console.log(`mock hub on http://localhost:${port}`));

if (mode === 'full')
  setInterval(() => {
    const change = { ...pick(changes), sequence: ++sequence, at: new Date().toISOString() };
    changes.unshift(change);
    tell('golden.changed', change, sequence);
  }, 4000).unref();
