/** A delete policy as JSON, as far as the matrix edits it; what it does not know it leaves as it is. */
export type Policy = Record<string, unknown>;

type Fields = Record<string, unknown>;

/** What happens in one system when another deletes. */
export interface Cell {
  /** Whether a cell names exactly these two; else a wider one or the default counts. */
  own: boolean;
  action: string;
  joined: string;
  grace: string;
  conflict: string;
}

export const HUB = 'hub';
const ANY = 'any';

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const code = (value: unknown) => String(value).trim().toUpperCase().replace(/-/g, '_');
const system = (value: unknown) => (value === undefined || value === null ? ANY : String(value));
const cells = (policy: Policy): Fields[] => (Array.isArray(policy.matrix) ? policy.matrix.filter(isFields) : []);
const names = (cell: Fields, from: string, to: string) => [ANY, from].includes(system(cell.from)) && [ANY, to].includes(system(cell.to));
const exactly = (cell: Fields, from: string, to: string) => system(cell.from) === from && system(cell.to) === to;

function rule(fields: Fields, otherwise: Omit<Cell, 'own'>): Omit<Cell, 'own'> {
  const action = fields.action === undefined ? otherwise.action : code(fields.action);
  // As the hub reads it: what it did not create is only disconnected where a delete spreads.
  const joined = fields.action === undefined ? otherwise.joined : action === 'PROPAGATE' ? 'DISCONNECT' : action;
  return {
    action,
    joined: fields.joined === undefined ? joined : code(fields.joined),
    grace: fields.grace === undefined ? otherwise.grace : String(fields.grace),
    conflict: fields.conflict === undefined ? otherwise.conflict : code(fields.conflict),
  };
}

const NOTHING = { action: 'FLAG', joined: 'FLAG', grace: '', conflict: 'EDIT_WINS' };

export const byDefault = (policy: Policy): Omit<Cell, 'own'> => rule(isFields(policy.default) ? policy.default : {}, NOTHING);

export function cell(policy: Policy, from: string, to: string): Cell {
  const named = cells(policy).find((each) => names(each, from, to));
  return { own: !!named && exactly(named, from, to), ...rule(named ?? {}, byDefault(policy)) };
}

const written = (change: Partial<Omit<Cell, 'own'>>): Fields =>
  Object.fromEntries(Object.entries(change).map(([key, value]) => [key, key === 'grace' ? value : String(value).toLowerCase()]));

/** Leaves out an empty grace: none is waited for, or that of the default. */
const tidy = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([key, value]) => key !== 'grace' || value !== ''));

/** Changes a cell; one that only followed another begins with what it followed. A new one goes before those that would hide it. */
export function change(policy: Policy, from: string, to: string, fields: Partial<Omit<Cell, 'own'>>): Policy {
  const all = cells(policy);
  const at = all.findIndex((each) => exactly(each, from, to));
  if (at >= 0) return { ...policy, matrix: all.map((each, i) => (i === at ? tidy({ ...without(each, fields), ...written(fields) }) : each)) };
  const followed = all.find((each) => names(each, from, to));
  const fresh = tidy({ ...without(followed ?? {}, fields), ...written(fields), from, to });
  const before = followed ? all.indexOf(followed) : all.length;
  return { ...policy, matrix: [...all.slice(0, before), { from, to, ...fresh }, ...all.slice(before)] };
}

/** With another action the hub decides anew about records that it did not create. */
const without = (fields: Fields, change: Partial<Cell>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !(key === 'joined' && change.action !== undefined)));

/** Lets a wider cell or the default count again. */
export const forget = (policy: Policy, from: string, to: string): Policy => ({ ...policy, matrix: cells(policy).filter((each) => !exactly(each, from, to)) });

export const changeDefault = (policy: Policy, fields: Partial<Omit<Cell, 'own'>>): Policy => ({
  ...policy,
  default: tidy({ ...without(isFields(policy.default) ? policy.default : {}, fields), ...written(fields) }),
});

export interface Brake {
  count: string;
  percent: string;
  window: string;
}

export function brake(policy: Policy): Brake {
  const fields = isFields(policy.brake) ? policy.brake : {};
  return { count: String(fields.count ?? 25), percent: String(fields.percent ?? 2), window: String(fields.window ?? '24h') };
}

/** Numbers stay numbers, so that the text of the policy looks as people write it. */
export const changeBrake = (policy: Policy, fields: Partial<Brake>): Policy => ({
  ...policy,
  brake: {
    ...(isFields(policy.brake) ? policy.brake : {}),
    ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, key !== 'window' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : value])),
  },
});
