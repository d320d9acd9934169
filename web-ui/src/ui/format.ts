import { hubNow } from '../api/clock';

/** Words and numbers for people. Dates are shown in the viewer's zone. A number and its unit are never on two lines. */

const NUMBER = new Intl.NumberFormat('en');
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const MINUTE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const MOMENT = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const EXACT = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

export const count = (n: number) => NUMBER.format(n);

/** `1 record`, `2 records`; an irregular plural is given. */
export const counted = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export function ago(iso: string, now = hubNow()): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds)) return iso;
  if (seconds <= -5) return `in ${span(-seconds)}`;
  if (seconds < 5) return 'now';
  if (seconds < 7 * 86_400) return `${span(seconds)} ago`;
  return DAY.format(new Date(iso));
}

export function span(seconds: number): string {
  if (seconds > 0 && seconds < 1) return '<\u00a01\u00a0s';
  if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}\u00a0h`;
  return `${Math.floor(seconds / 86_400)}\u00a0d`;
}

export const exact = (iso: string) => (Number.isNaN(Date.parse(iso)) ? iso : `${EXACT.format(new Date(iso))} (${iso})`);
/** With the year. */
export const moment = (iso: string) => (Number.isNaN(Date.parse(iso)) ? iso : MOMENT.format(new Date(iso)));
export const minute = (iso: string) => (Number.isNaN(Date.parse(iso)) ? iso : MINUTE.format(new Date(iso)));

/** An instant in the form that an input of date and time takes, in the viewer's zone; empty if it is none. */
export function localMinute(iso: string) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** `SYSTEM_RANK` → `System rank`. */
export const words = (code: string) => {
  const text = code.replace(/[_-]/g, ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

const RULES: Record<string, string> = {
  SYSTEM_RANK: 'most trusted system',
  LATEST: 'newest value',
  OLDEST: 'oldest value',
  MOST_FREQUENT: 'most frequent value',
  LONGEST: 'longest value',
  SHORTEST: 'shortest value',
  MIN: 'smallest value',
  MAX: 'largest value',
  TRUST: 'most trust points',
  MOST_COMPLETE_RECORD: 'most complete record',
  SAME_RECORD_AS: 'same record as another',
  UNION: 'all values',
  SUM: 'sum of all values',
  STEWARD_ONLY: 'only a steward',
  ACCEPTED: 'accepted change',
  STEWARD: 'steward’s value',
};

/** How a value was chosen. */
export const ruleWords = (rule: string) => RULES[rule] ?? words(rule).toLowerCase();

/** What a system said, without the code before it that programs read: `VALIDATION email: too long` → `email: too long`. */
export const problemWords = (problem: string) =>
  problem.replace(/(^|is held back: )[A-Z][A-Z_]+(?: (\S+))?: /g, (_, before: string, field?: string) => before + (field ? `${field}: ` : ''));

/** `familyName` → `Family name`, for an attribute whose label is not known. */
export const attributeWords = (name: string) => {
  const text = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const bits = (n: number) => `${n > 0 ? '+' : n < 0 ? '−' : ''}${Math.abs(n).toFixed(1)}`;
export const percent = (p: number) => (p > 0.999 ? '>\u00a099.9\u00a0%' : p < 0.001 ? '<\u00a00.1\u00a0%' : `${(100 * p).toFixed(p > 0.99 ? 1 : 0)}\u00a0%`);

/** Chance of a match that a weight in bits stands for. */
export const probability = (weight: number) => 1 / (1 + 2 ** -weight);

/** The end of a long id tells it apart; the whole is shown where it can be copied. */
export const shortId = (id: string) => (id.length > 14 ? `${id.slice(0, 2)}…${id.slice(-6)}` : id);

/** The parts of a record key `system:type:externalId`; only the first two colons separate. */
export function recordKey(key: string) {
  const [system = '', entityType = '', ...rest] = key.split(':');
  return { system, entityType, externalId: rest.join(':') };
}

/** A share as a percentage, rounded down: what is not whole is never 100 %. */
export const wholePercent = (share: number) => `${(Math.floor(share * 1000) / 10).toFixed(share === 1 ? 0 : 1)}\u00a0%`;
