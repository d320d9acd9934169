import type { ErasureState, ErasureStep } from '../../api/erasures';
import { counted } from '../../ui/format';

export const STATES: Record<ErasureState, string> = { RUNNING: 'Systems are asked', REMOVED: 'Forgotten here', DONE: 'Done' };

export const STEPS: Record<ErasureStep['state'], string> = {
  WAITING: 'Waits for the system',
  TOLD: 'Done, says the system',
  BY_HAND: 'A task for a person',
  CONFIRMED: 'Gone, seen in the system',
  ATTESTED: 'Gone, says a person',
};

export const MEANS: Record<ErasureStep['means'], string> = {
  DELETE: 'is deleted',
  ARCHIVE: 'is archived, the rest is by hand',
  BY_HAND: 'must be deleted by hand',
  NONE: 'is gone already',
};

const KINDS: Record<string, [one: string, many: string]> = {
  answers: ['remembered answer', 'remembered answers'],
  blockKeys: ['key for finding twins', 'keys for finding twins'],
  deletions: ['deletion', 'deletions'],
  formerRecordValues: ['former state of a record', 'former states of records'],
  goldenHistory: ['change in the history', 'changes in the history'],
  goldens: ['golden record', 'golden records'],
  links: ['link between records', 'links between records'],
  merges: ['merge', 'merges'],
  outboundChanges: ['change to a system', 'changes to systems'],
  records: ['record', 'records'],
  reviews: ['question', 'questions'],
};

/** What was, or would be, removed, in words. */
export const removals = (removed: Record<string, number>) => Object.entries(removed).map(([kind, n]) => counted(n, ...(KINDS[kind] ?? ([kind, kind] as const))));
