import type { SchemaChange } from '../../api/schemas';

/** What happened, in two or three words. */
export const KINDS: Record<SchemaChange['kind'], string> = {
  NEW: 'New field',
  REMOVED: 'Field is gone',
  RETYPED: 'Holds something else',
  RENAMED: 'Renamed',
  NEW_REQUIRED: 'Must be filled',
  OPTIONS_ADDED: 'New options',
  OPTIONS_REMOVED: 'Options are gone',
  WRITABLE_LOST: 'Read only now',
  OPTION_UNKNOWN: 'Unknown option',
};

const WAITING: SchemaChange['kind'][] = ['NEW', 'OPTIONS_ADDED'];

/** Whether something stands still until it is answered, as a state that has an icon. */
export const urgency = (change: SchemaChange) => (WAITING.includes(change.kind) ? 'SEEN' : 'OPEN');

/** The answer that everything is right as it is. */
export const AGREE: Partial<Record<SchemaChange['kind'], string>> = {
  NEW: 'Leave it unmapped',
  NEW_REQUIRED: 'Send creates all the same',
  RETYPED: 'It is right so, go on',
  WRITABLE_LOST: 'Only read it from now on',
};

/** How far a new field holds what a field that is gone held. */
export function likeness({ same, compared }: SchemaChange['candidates'][number]) {
  if (compared === undefined) return 'the system says that it is the same field';
  if (compared === 0) return 'nothing to compare yet';
  return `${same} of ${compared} records hold the same`;
}
