import type { EntityType, Golden, GoldenExplanation, Lineage, OutboundChange, Review, ReviewDetail, Run, SourceRecord, Stats, System, SystemDetail } from '../api/queries';

/* Answers of the hub. Their types come from the contract, so a changed contract breaks the tests at compile time. */

const AT = '2026-11-20T09:14:00Z';

export const contact: EntityType = {
  name: 'contact',
  kind: 'PERSON',
  attributes: [
    { name: 'fullName', type: 'FULL_NAME', label: 'Name' },
    { name: 'email', type: 'EMAIL', label: 'E-mail' },
    { name: 'phone', type: 'PHONE', label: 'Phone' },
    { name: 'city', type: 'CITY', label: 'City' },
  ],
};

export const crm: System = {
  id: 'crm',
  label: 'CRM',
  connector: 'jdbc',
  state: 'RUNNING',
  lastPoll: AT,
  pollEverySeconds: 2,
  records: [{ system: 'crm', type: 'contact', state: 'LIVE', records: 1500 }],
  outbound: { SETTLED: 420 },
  undeletes: [],
  waiting: {},
};

export const shop: System = {
  ...crm,
  id: 'shop',
  label: 'Web shop',
  state: 'FAILING',
  undeletes: ['contact'],
  problem: 'The database shop does not answer on port 5433.',
  records: [],
  outbound: { PARKED: 2 },
  waiting: { BACKLOG: 120, EDIT: 1 },
};

export const stats: Stats = {
  at: AT,
  goldens: { contact: 1840 },
  records: [{ system: 'crm', type: 'contact', state: 'LIVE', records: 1500 }],
  reviews: { CANDIDATE: 37, UNMAPPABLE: 3 },
  outbound: [{ system: 'shop', state: 'PARKED', changes: 2 }],
  overdue: [],
  systems: { RUNNING: 1, FAILING: 1 },
  schemaChanges: 0,
  firstSyncs: 0,
  feed: { end: 20, lastMinute: 14 },
  oldestReviewAt: AT,
};

export const nothing: Stats = { at: AT, goldens: {}, records: [], reviews: {}, outbound: [], overdue: [], systems: {}, schemaChanges: 0, firstSyncs: 0, feed: { end: 0, lastMinute: 0 } };

const record = (system: string, externalId: string, goldenId: string, attributes: Record<string, string>): SourceRecord => ({
  key: `${system}:contact:${externalId}`,
  system,
  type: 'contact',
  externalId,
  stream: 'contacts',
  state: 'LIVE',
  attributes,
  states: {},
  observedAt: AT,
  goldenId,
  since: AT,
  origin: 'RULE',
  contributes: [],
});

export const ada = record('crm', '0031', 'g-01', { fullName: 'Ada Lovelace', email: 'ada@example.org', city: 'London' });
export const adaInShop = record('shop', '77', 'g-40', { fullName: 'A. Lovelace', email: 'ada@example.org', phone: '+44 20 555 1', city: 'London' });

export const golden: Golden = {
  id: 'g-01',
  type: 'contact',
  state: 'ACTIVE',
  revision: 5,
  label: 'Ada Lovelace',
  attributes: { fullName: 'Ada Lovelace', email: 'ada@example.org' },
  values: {
    fullName: { value: 'Ada Lovelace', version: 12, from: ada.key, rule: 'SYSTEM_RANK', policyVersion: 1 },
    email: { value: 'ada@example.org', version: 17, from: ada.key, rule: 'LATEST', policyVersion: 1 },
  },
  records: [ada.key],
  systems: ['crm'],
  createdAt: AT,
  updatedAt: AT,
};

export const retired: Golden = { ...golden, id: 'g-40', label: 'A. Lovelace', state: 'RETIRED', redirectsTo: 'g-01', records: [], systems: [] };

export const review = (id: string, label: string): Review => ({
  id,
  kind: 'CANDIDATE',
  state: 'OPEN',
  type: 'contact',
  label,
  goldens: ['g-01', 'g-40'],
  records: [ada.key, adaInShop.key],
  systems: ['crm', 'shop'],
  score: 4.2,
  probability: 0.948,
  reason: 'Same e-mail; the names differ',
  revision: 1,
  openedAt: AT,
  policies: 'match 2',
});

export const reviewDetail = (id: string, label: string): ReviewDetail => ({
  review: review(id, label),
  records: [ada, adaInShop],
  goldens: [golden, { ...golden, id: 'g-40', label: 'A. Lovelace', records: [adaInShop.key] }],
  pairs: [
    {
      a: ada.key,
      b: adaInShop.key,
      links: [],
      computed: {
        decision: 'REVIEW',
        score: 4.2,
        probability: 0.948,
        ruleSet: 'person v1',
        evidence: [
          { name: 'prior', level: 'one in many', bits: -6 },
          { name: 'email', left: 'ada@example.org', right: 'ada@example.org', level: 'exact', bits: 11.5 },
          { name: 'fullName', left: 'ada lovelace', right: 'a lovelace', level: 'similar 0.81', bits: -1.3 },
        ],
      },
    },
  ],
  thresholds: { reviewBits: 0, autoBits: 8 },
  preview: {
    result: { ...golden, values: { ...golden.values, phone: { value: '+44 20 555 1', version: 18, from: adaInShop.key, rule: 'SYSTEM_RANK', policyVersion: 1 } } },
    records: [ada, adaInShop],
    retired: ['g-40'],
    writes: [{ system: 'shop', target: adaInShop.key, kind: 'UPDATE', values: { fullName: 'Ada Lovelace' }, waits: false }],
    reversibility: 'PARTIAL',
    systems: [
      { system: 'shop', method: 'FOLLOW', winner: adaInShop.key, others: [], reversibility: 'PARTIAL', limits: ['what is empty now cannot be emptied again there'] },
    ],
  },
});

export const explanation: GoldenExplanation = {
  golden,
  records: [ada],
  links: [
    { a: ada.key, b: adaInShop.key, origin: 'RULE', decision: 'MATCH', state: 'ACTIVE', score: 9.1, probability: 0.99, evidence: [{ name: 'email', level: 'exact', bits: 9.1 }], by: 'person v1', at: AT },
  ],
  merges: [{ id: 'M1', type: 'contact', survivor: 'g-01', absorbed: ['g-40'], moved: [{ record: adaInShop.key, from: 'g-40' }], links: [], origin: 'STEWARD', by: 'j.okafor', note: 'Same tax id', at: AT }],
  reviews: [],
  values: {
    fullName: {
      value: 'Ada Lovelace',
      rule: 'SYSTEM_RANK',
      policyVersion: 1,
      reason: 'CRM is trusted most for this attribute',
      override: 'UNTIL_WINNER_CHANGES',
      candidates: [
        { value: 'Ada Lovelace', record: ada.key, system: 'crm', copied: false, survives: true, reason: 'CRM is trusted most for this attribute' },
        { value: 'A. Lovelace', record: adaInShop.key, system: 'shop', copied: false, survives: false, reason: 'Web shop ranks lower' },
      ],
    },
    email: { value: 'ada@example.org', rule: 'LATEST', policyVersion: 1, reason: 'only value', override: 'FOREVER', candidates: [{ value: 'ada@example.org', record: ada.key, system: 'crm', copied: false, survives: true, reason: 'newest' }] },
  },
};

export const lineage: Lineage = {
  goldenId: 'g-01',
  omitted: 0,
  nodes: [
    { id: 's', kind: 'SYSTEM', label: 'CRM', system: 'crm', state: 'RUNNING', attributes: {} },
    { id: 'r', kind: 'RECORD', label: '0031', system: 'crm', record: ada.key, state: 'LIVE', attributes: ada.attributes },
    { id: 'g', kind: 'GOLDEN', label: 'Ada Lovelace', goldenId: 'g-01', state: 'ACTIVE', attributes: golden.attributes },
    { id: 't', kind: 'TARGET', label: 'Web shop', system: 'shop', attributes: {} },
  ],
  edges: [
    { id: '1', from: 's', to: 'r', kind: 'READ', attributes: [], at: AT },
    {
      id: '2',
      from: 'r',
      to: 'g',
      kind: 'RESOLVES',
      attributes: [
        { attribute: 'email', value: 'ada@example.org', survives: true, rule: 'LATEST' },
        { attribute: 'city', value: 'London', survives: false },
      ],
    },
    { id: '3', from: 'g', to: 't', kind: 'WRITES', attributes: [{ attribute: 'email', value: 'ada@example.org', survives: true }], state: 'PARKED', problem: 'too long' },
  ],
};

export const parked = (n: number): OutboundChange => ({
  key: `record|shop:contact:${n}`,
  goldenId: 'g-01',
  system: 'shop',
  type: 'contact',
  target: `shop:contact:${n}`,
  state: 'PARKED',
  dirty: false,
  markedAt: AT,
  dueAt: AT,
  attempts: 4,
  cause: 'EDIT',
  problem: `column "email" refuses the value of row ${n}`,
  updatedAt: AT,
});

export const run: Run = { id: 'run-1', kind: 'poll', system: 'crm', stream: 'contacts', state: 'DONE', counts: { read: 4, stored: 3, unchanged: 1 }, startedAt: AT, endedAt: '2026-11-20T09:14:02Z' };

export const shopDetail: SystemDetail = {
  system: shop,
  settings: ['url', 'password'],
  streams: [
    { stream: 'customers', type: 'contact', write: true, provision: false, fields: [{ field: 'mail', attribute: 'email', functions: ['trim', 'lower'], writable: true }] },
  ],
  catalog: {
    fingerprint: 'f',
    streams: [
      {
        name: 'customers',
        label: 'Customers',
        fields: [],
        relations: [],
        ids: { caseSensitive: true, uniqueAcrossStreams: false, survivesMerge: true, aliasedAfterMerge: false },
        capabilities: {
          ops: ['CREATE', 'UPDATE'],
          feeds: ['INCREMENTAL'],
          reading: { cursor: { kind: 'STAMP', precisionSeconds: 0.001, sorted: false }, visibilityLagSeconds: 60, maxPage: 1000 },
          writing: { maxBatch: 100, atomic: false, linkKeys: [] },
          quotas: [],
        },
      },
    ],
  },
};
