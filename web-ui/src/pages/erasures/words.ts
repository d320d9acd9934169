import type { ErasureState, ErasureStep } from '../../api/erasures';

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

const KINDS: Record<string, string> = {
  answers: 'remembered answers',
  blockKeys: 'keys for finding twins',
  deletions: 'deletions',
  formerRecordValues: 'former states of records',
  goldenHistory: 'changes in the history',
  goldens: 'golden records',
  links: 'links between records',
  merges: 'merges',
  outboundChanges: 'changes to systems',
  records: 'records',
  reviews: 'questions',
};

/** What was, or would be, removed, in words. */
export const removals = (removed: Record<string, number>) => Object.entries(removed).map(([kind, count]) => `${count} ${KINDS[kind] ?? kind}`);
