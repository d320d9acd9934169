import { Alert, Button, Card, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { useAnswerDeletion, useDeletions } from '../../api/deletes';
import { type Model, useModel } from '../../api/model';
import type { ReviewDetail } from '../../api/queries';
import { Compare } from '../../ui/Compare';
import { DataTable } from '../../ui/DataTable';
import { DialogActions } from '../../ui/DialogActions';
import { Keys, useKeys } from '../../ui/Keys';
import { Link } from '../../ui/Link';
import { Failed, Loaded } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { count, counted, recordKey } from '../../ui/format';
import { InfoIcon } from '../../ui/icons';
import { Steps } from '../deletes/Steps';
import { origin, where as placed } from '../deletes/words';

interface Props {
  detail: ReviewDetail;
  onAnswered: () => void;
  onSkip: () => void;
}

/** Are these to be deleted? About one thing that somebody edited elsewhere or the policy asks about, or all that a brake holds back. */
export function DeletionQuestion({ detail, onAnswered, onSkip }: Props) {
  const { review, deletion: question } = detail;
  const model = useModel();
  const answer = useAnswerDeletion();
  const [asking, setAsking] = useState<'delete' | 'keep' | null>(null);
  const [note, setNote] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const open = review.state === 'OPEN';
  const brake = question?.system;
  const asked = question?.deletion?.steps.filter((step) => step.state === 'ASKED') ?? [];
  const where = brake ? model.system(brake) : [...new Set(asked.map((step) => model.system(step.system)))].join(' and ');
  const many = brake ? (question?.waiting ?? 0) : asked.length;
  const title = brake ? `${counted(many, 'delete')} for ${where} held back` : `${review.label}: delete it in ${where || 'other systems'} too?`;
  const all = many === 1 ? '' : ` all ${count(many)}`;
  const start = (what: 'delete' | 'keep') => {
    if (!open) return;
    answer.reset();
    setAsking(what);
  };
  useEffect(() => {
    document.title = `${title} · Review · Kintsugi`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  useKeys('This question', [
    { keys: 'x', does: 'Delete', run: () => start('delete') },
    { keys: 'e', does: 'Keep', run: () => start('keep') },
    { keys: 's', does: 'Skip for now', run: onSkip },
  ]);
  const submit = () =>
    answer.mutate(
      { review, deletes: asking === 'delete', ...(note.trim() ? { note: note.trim() } : {}) },
      {
        onSuccess: () => {
          setAsking(null);
          notifications.show({ title: asking === 'delete' ? `Deleting${all} in ${where}` : `Kept${all} in ${where}`, message: asking === 'delete' ? 'Each can be restored.' : 'Nothing was sent.' });
          onAnswered();
        },
      },
    );
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: '1 1 300px', minWidth: 0 }}>
          <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          <Text size="sm" mt={2}>
            {model.spoken(review.reason)}
          </Text>
          <Under policies={review.policies} did="Asked" />
        </div>
        <Group gap="xs">
          <Button variant="default" c="var(--k-bad)" disabled={!open || !many} onClick={() => start('delete')} rightSection={<Keys keys="x" />}>
            Delete{all}…
          </Button>
          <Button variant="default" disabled={!open || !many} onClick={() => start('keep')} rightSection={<Keys keys="e" />}>
            Keep{all}…
          </Button>
          <Button variant="default" onClick={onSkip} rightSection={<Keys keys="s" />}>
            Skip
          </Button>
        </Group>
      </Group>
      {!open && (
        <Alert variant="default" icon={<InfoIcon />} title={review.state === 'OBSOLETE' ? 'The question went away by itself' : 'Answered'}>
          <Text size="sm">
            {review.decidedBy && `By ${review.decidedBy}. `}
            {review.decidedAt && <When at={review.decidedAt} />}
            {review.note && ` “${review.note}”`}
          </Text>
        </Alert>
      )}
      {brake ? (
        open && <Held system={brake} type={review.type} model={model} />
      ) : (
        <>
          {question?.deletion && (
            <Card padding="sm">
              <Title order={2} size="h5" mb="xs">
                Deleted {placed(question.deletion, model)} <When at={question.deletion.seenAt} />
              </Title>
              <Steps steps={question.deletion.steps} model={model} />
              <Link to="/deletes/$id" params={{ id: question.deletion.id }} fz="sm">
                All about this deletion
              </Link>
            </Card>
          )}
          <Compare type={review.type} records={detail.records} goldens={detail.goldens} result={detail.goldens[0]} retired={[]} differencesOnly={false} model={model} />
        </>
      )}
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title={
          <Text fw={650}>
            {asking === 'delete' ? 'Delete' : 'Keep'} {counted(many, 'record')} in {where}?
          </Text>
        }
      >
        <Stack gap="sm">
          <Text size="sm">
            {asking === 'delete'
              ? `${many === 1 ? 'The record' : `All ${count(many)}`} will be deleted in ${where}. What they held is remembered, and each can be restored.`
              : `Nothing is sent to ${where}: ${many === 1 ? 'the record stays' : 'they stay'} as ${many === 1 ? 'it is' : 'they are'}, and nobody is asked about ${many === 1 ? 'it' : 'them'} again.`}
          </Text>
          <Textarea label="Why" value={note} maxLength={2000} onChange={(event) => setNote(event.currentTarget.value)} rows={2} />
          {answer.isError && <Failed error={answer.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setAsking(null)} data-autofocus>
              Not yet
            </Button>
            <Button {...(asking === 'delete' ? { variant: 'default', c: 'var(--k-bad)' } : {})} loading={answer.isPending} onClick={submit}>
              {asking === 'delete' ? 'Delete' : 'Keep'}
              {all} in {where}
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </Stack>
  );
}

/** What the brake of a system holds back, newest first. */
function Held({ system, type, model }: { system: string; type: string; model: Model }) {
  const held = useDeletions({ to: system, type, step: 'HELD' });
  return (
    <Loaded query={held} rows={6}>
      {(rows) => (
        <DataTable
          label="What would be deleted"
          rows={rows}
          id={(deletion) => deletion.id}
          columns={[
            {
              header: 'What',
              cell: (deletion) => (
                <Link to="/deletes/$id" params={{ id: deletion.id }}>
                  {deletion.label}
                </Link>
              ),
            },
            {
              header: `Record in ${model.system(system)}`,
              cell: (deletion) => (
                <span className="mono">
                  {deletion.steps
                    .filter((step) => step.system === system && step.state === 'HELD' && step.target)
                    .map((step) => recordKey(step.target!).externalId)
                    .join(', ')}
                </span>
              ),
            },
            { header: 'Deleted in', cell: (deletion) => origin(deletion.from, model) },
            { header: 'Seen', cell: (deletion) => <When at={deletion.seenAt} /> },
          ]}
          more={held.hasNextPage ? { onMore: () => void held.fetchNextPage(), loading: held.isFetchingNextPage } : undefined}
        />
      )}
    </Loaded>
  );
}
