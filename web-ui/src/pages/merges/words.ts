import type { Merge } from '../../api/queries';
import { shortId } from '../../ui/format';

export const ORIGINS = { STEWARD: 'a person', RULE: 'rules', SOURCE: 'a system' } as const;

/** What a golden record of a merge is called; the end of its id where it has no name. */
export const nameIn = (merge: Merge, id: string) => merge.labels?.[id] || shortId(id);

/** `Ada`, `Ada and Bo`, `Ada, Bo and Cy`. */
const list = (names: string[]) => (names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

/** All that a merge took in, by name. */
export const absorbedNames = (merge: Merge) => list(merge.absorbed.map((id) => nameIn(merge, id)));
