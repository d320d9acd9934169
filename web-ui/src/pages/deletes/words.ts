import type { Model } from '../../api/model';
import type { DeleteAction, Deletion, DeletionStep } from '../../api/deletes';
import { recordKey } from '../../ui/format';
import { HUB } from './document';

/** Actions as the matrix offers them. */
export const ACTIONS: { value: DeleteAction; label: string }[] = [
  { value: 'FLAG', label: 'keep, and tell' },
  { value: 'PROPAGATE', label: 'delete it too' },
  { value: 'REVIEW', label: 'ask a steward' },
  { value: 'DISCONNECT', label: 'keep, disconnect' },
  { value: 'SEVER', label: 'keep, cut off' },
  { value: 'RECREATE', label: 'keep, and create again' },
];

/** Whether an action waits for its grace. */
export const waits = (action: string) => ['PROPAGATE', 'DISCONNECT', 'SEVER'].includes(action);

const WOULD: Record<DeleteAction, string> = {
  FLAG: 'kept',
  PROPAGATE: 'deleted too',
  REVIEW: 'asked about',
  DISCONNECT: 'disconnected',
  SEVER: 'cut off',
  RECREATE: 'kept, and created again',
};

export const wouldBe = (action: DeleteAction) => WOULD[action];

export const origin = (from: string, model: Model) => (from === HUB ? 'a person in the hub' : model.system(from));

/** Where it was deleted, or by whom. */
export const where = (deletion: Deletion, model: Model) =>
  deletion.origin ? `in ${model.system(deletion.from)} (${recordKey(deletion.origin).externalId})` : 'by a person in the hub';

export const STATES: Record<Deletion['state'], string> = { SEEN: 'Just seen', OPEN: 'Under way', SETTLED: 'Settled', CANCELLED: 'Came back' };

export const STEPS: Record<DeletionStep['state'], string> = {
  WAITING: 'Waits',
  ASKED: 'A steward is asked',
  HELD: 'Held by the brake',
  SENT: 'Being deleted',
  RESTORING: 'Being brought back',
  DONE: 'Done',
  KEPT: 'Kept',
  CANCELLED: 'Not done',
};

const DONE: Record<DeleteAction, string> = {
  FLAG: 'Kept',
  PROPAGATE: 'Deleted',
  REVIEW: 'Done',
  DISCONNECT: 'Left the golden record until it is changed there',
  SEVER: 'Left the golden record until a steward takes it back',
  RECREATE: 'There again',
};

const GONE: Record<NonNullable<DeletionStep['means']>, string> = {
  DELETE: 'Deleted',
  INACTIVATE: 'Marked as inactive',
  ARCHIVE: 'Archived',
  BY_HAND: 'Deleted by a person',
};

const GOES: Record<NonNullable<DeletionStep['means']>, string> = {
  DELETE: STEPS.SENT,
  INACTIVATE: 'Being marked as inactive',
  ARCHIVE: 'Being archived',
  BY_HAND: 'Waits for a person to delete it',
};

/** How far a step is, in words; when it goes on is said beside it. */
export function stepWords(step: DeletionStep): string {
  if (step.state === 'DONE' && step.action === 'PROPAGATE' && step.means) return GONE[step.means];
  if (step.state === 'SENT' && step.means) return GOES[step.means];
  if (step.state === 'DONE') return DONE[step.action];
  if (step.state === 'WAITING') return step.action === 'PROPAGATE' ? 'Will be deleted' : 'Will leave the golden record';
  return STEPS[step.state];
}

export const evidence: Record<Deletion['evidence'], string> = {
  FEED: 'the system said so',
  ABSENT: 'a complete reading lacks it',
  LOOKUP: 'the system said so when asked',
  STEWARD: 'a person deleted it in the hub',
};
