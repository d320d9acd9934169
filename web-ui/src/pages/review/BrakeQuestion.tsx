import { Alert, Button, Card, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { useModel } from '../../api/model';
import { type ReviewDetail, useAnswerBrake } from '../../api/queries';
import { DialogActions } from '../../ui/DialogActions';
import { Keys, useKeys } from '../../ui/Keys';
import { Link } from '../../ui/Link';
import { Failed } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { InfoIcon } from '../../ui/icons';

interface Props {
  detail: ReviewDetail;
  onAnswered: () => void;
  onSkip: () => void;
}

/** The match rules would merge more than the brake lets through: are they right? Answered once for all that is held back. */
export function BrakeQuestion({ detail: { review }, onAnswered, onSkip }: Props) {
  const model = useModel();
  const answer = useAnswerBrake();
  const held = review.held ?? 0;
  const [asking, setAsking] = useState<'approve' | 'refuse' | null>(null);
  const [note, setNote] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const open = review.state === 'OPEN';
  const title = `Merges of ${model.type(review.type)} held back`;
  const start = (what: 'approve' | 'refuse') => {
    if (!open) return;
    answer.reset();
    setAsking(what);
  };
  useEffect(() => {
    document.title = `${title} · Review · Kintsugi`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  useKeys('This question', [
    { keys: 'a', does: 'Approve the merges', run: () => start('approve') },
    { keys: 'x', does: 'Refuse the merges', run: () => start('refuse') },
    { keys: 's', does: 'Skip for now', run: onSkip },
  ]);
  const submit = () =>
    answer.mutate(
      { review, approves: asking === 'approve', ...(note.trim() ? { note: note.trim() } : {}) },
      {
        onSuccess: () => {
          setAsking(null);
          notifications.show({ title: asking === 'approve' ? 'Approved' : 'Refused', message: asking === 'approve' ? 'They are merged now.' : 'They stay apart.' });
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
            {held > 0 && `${counted(held, 'pair')} ${held === 1 ? 'is' : 'are'} held back: `}
            {model.spoken(review.reason ?? '')}
          </Text>
          <Under policies={review.policies} did="Asked" />
        </div>
        <Group gap="xs">
          <Button disabled={!open} onClick={() => start('approve')} rightSection={<Keys keys="a" />}>
            Approve…
          </Button>
          <Button variant="default" c="var(--k-bad)" disabled={!open} onClick={() => start('refuse')} rightSection={<Keys keys="x" />}>
            Refuse…
          </Button>
          <Button variant="default" onClick={onSkip} rightSection={<Keys keys="s" />}>
            Skip
          </Button>
        </Group>
      </Group>
      {!open && (
        <Alert variant="default" icon={<InfoIcon />} title="Answered">
          <Text size="sm">
            {review.decidedBy && `By ${review.decidedBy}. `}
            {review.decidedAt && <When at={review.decidedAt} />}
          </Text>
        </Alert>
      )}
      <Card>
        <Text size="sm">
          {held > 0 ? (
            <>
              <Link to="/review" search={{ kind: 'HELD_MERGE', type: review.type }}>
                See {held === 1 ? 'the pair that is' : `the ${counted(held, 'pair')} that are`} held back
              </Link>
              , each with why it matches; any of them can be decided there by itself.
            </>
          ) : (
            'Nothing is held back any more: each was decided by itself, or is no question now.'
          )}{' '}
          If they look wrong, change the <Link to="/rules">match rules</Link> before you answer.
        </Text>
      </Card>
      <Modal opened={asking !== null} onClose={() => setAsking(null)} title={<Text fw={650}>{asking === 'approve' ? 'Approve all these merges?' : 'Refuse all these merges?'}</Text>}>
        <Text size="sm" mb="sm">
          {asking === 'approve'
            ? 'All that is held back is merged now, and for an hour the brake lets merges through.'
            : 'Each two get a verdict that they are not the same. It holds whatever the rules say, and can be taken back one by one.'}
        </Text>
        <Textarea label="Note" value={note} maxLength={2000} onChange={(event) => setNote(event.currentTarget.value)} />
        {answer.isError && <Failed error={answer.error} />}
        <DialogActions>
          <Button variant="default" onClick={() => setAsking(null)}>
            Not yet
          </Button>
          <Button loading={answer.isPending} onClick={submit}>
            {asking === 'approve' ? 'Approve' : 'Refuse'}
          </Button>
        </DialogActions>
      </Modal>
    </Stack>
  );
}
