/** A policy as JSON, as far as the matrix edits it; what it does not know it leaves as it is. */
export type Policy = Record<string, unknown>;

type Rule = Record<string, unknown>;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)]);
const code = (text: string) => text.trim().toUpperCase().replace(/-/g, '_');
const isRule = (value: unknown): value is Rule => typeof value === 'object' && value !== null && !Array.isArray(value);

/** How one row of the matrix is decided. */
export interface Row {
  /** Whether it has a rule of its own; else that for everything else counts. */
  own: boolean;
  /** Several rules with conditions, which only the text can show. */
  conditional: boolean;
  strategies: string[];
  ranking: string[];
  onForeignWrite: string;
}

export const DEFAULT = 'default';

export function row(policy: Policy, name: string): Row {
  const own = policy[name];
  const rule = Array.isArray(own) ? (own.find(isRule) ?? {}) : isRule(own) ? own : isRule(policy[DEFAULT]) ? policy[DEFAULT] : {};
  const strategies = list(rule.strategy).map(code);
  return {
    own: own !== undefined && own !== null,
    conditional: Array.isArray(own),
    strategies: strategies.length ? strategies : ['LATEST'],
    ranking: list(rule.ranking),
    onForeignWrite: rule.onForeignWrite ? code(String(rule.onForeignWrite)) : 'REVERT',
  };
}

export const groups = (policy: Policy): Record<string, string[]> =>
  isRule(policy.groups) ? Object.fromEntries(Object.entries(policy.groups).map(([name, attributes]) => [name, list(attributes)])) : {};

function change(policy: Policy, name: string, fields: Rule): Policy {
  const own = isRule(policy[name]) ? policy[name] : isRule(policy[DEFAULT]) ? policy[DEFAULT] : {};
  return { ...policy, [name]: { ...own, ...fields } };
}

/** Puts a system at a place of the ranking, the first being 0; a ranking that no strategy reads makes SYSTEM_RANK the strategy. */
export function rank(policy: Policy, name: string, system: string, place: number): Policy {
  const before = row(policy, name);
  const ranking = before.ranking.filter((each) => each !== system);
  ranking.splice(Math.max(0, Math.min(place, ranking.length)), 0, system);
  const ranked = before.strategies.includes('SYSTEM_RANK');
  return change(policy, name, { ranking, ...(ranked ? {} : { strategy: 'system_rank' }) });
}

export const unrank = (policy: Policy, name: string, system: string): Policy =>
  change(policy, name, { ranking: row(policy, name).ranking.filter((each) => each !== system) });

export const decide = (policy: Policy, name: string, strategy: string): Policy => change(policy, name, { strategy: strategy.toLowerCase() });

export const react = (policy: Policy, name: string, reaction: string): Policy => change(policy, name, { onForeignWrite: reaction.toLowerCase() });

/** Lets the rule for everything else count again. */
export const forget = (policy: Policy, name: string): Policy => Object.fromEntries(Object.entries(policy).filter(([each]) => each !== name));
