import { Alert, Button, Card, Code, Group, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useModel } from '../../api/model';
import type { ReviewDetail } from '../../api/queries';
import { Compare, byGolden } from '../../ui/Compare';
import { Keys, useKeys } from '../../ui/Keys';
import { Link } from '../../ui/Link';
import { Reversible } from '../../ui/Reversible';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { Writes } from '../../ui/Writes';
import { counted, percent, shortId } from '../../ui/format';
import { InfoIcon, TriangleAlertIcon, Undo2Icon } from '../../ui/icons';
import { Pairs } from './Pairs';
import classes from './Review.module.css';
import type { Conflict, Verdict } from './ReviewPage';

interface Props {
  detail: ReviewDetail;
  place: string | undefined;
  conflict: Conflict | null;
  onDecide: (decision: Verdict, note: string, golden?: string) => void;
  onSkip: () => void;
  onUndo: () => void;
  undoing: boolean;
}

/** One question with all that is needed to answer it. */
export function Question({ detail, place, conflict, onDecide, onSkip, onUndo, undoing }: Props) {
  const { review, records, goldens, pairs, preview } = detail;
  const model = useModel();
  const [differencesOnly, setDifferencesOnly] = useState(false);
  const [why, setWhy] = useState(true);
  const [noting, setNoting] = useState(false);
  const [note, setNote] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const open = review.state === 'OPEN';
  const comparable = review.kind === 'CANDIDATE' || review.kind === 'DISPUTED' || review.kind === 'WOULD_MERGE' || review.kind === 'HELD_MERGE';
  useEffect(() => {
    document.title = `${review.label} · Review · Kintsugi`;
    heading.current?.focus({ preventScroll: true });
  }, [review.label]);
  const contested = detail.contested;
  /** Two candidates often bear the same name; a record tells them apart. */
  const named = (golden: string, label: string) => {
    const first = records.find((record) => record.goldenId === golden);
    return `${label || shortId(golden)}${first ? `, ${model.system(first.system)} ${first.externalId}` : ''}`;
  };
  const decide = (decision: Verdict, golden?: string) =>
    open && comparable && (decision === 'NO_MATCH' || !contested || golden) && onDecide(decision, note.trim(), golden);

  useKeys('This question', [
    ...(contested
      ? contested.candidates.slice(0, 9).map(({ golden, label }, i) => ({ keys: String(i + 1), does: `It belongs to ${named(golden, label)}`, run: () => void decide('MATCH', golden) }))
      : [{ keys: 'm', does: 'They are the same: merge', run: () => void decide('MATCH') }]),
    { keys: 'n', does: contested ? 'It belongs to none of them' : 'They are not a match', run: () => void decide('NO_MATCH') },
    { keys: 's', does: 'Skip for now', run: onSkip },
    { keys: 'd', does: 'Show differences only', run: () => setDifferencesOnly((on) => !on) },
    { keys: 'w', does: 'Show or hide why', run: () => setWhy((on) => !on) },
    { keys: ';', does: 'Add a note to the decision', run: () => setNoting(true) },
  ]);

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: '1 1 300px', minWidth: 0 }}>
          <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
            {review.label}
          </Title>
          <Text size="sm" c="dimmed">
            {[
              model.type(review.type),
              records.length > 0 && `${counted(records.length, 'record')} from ${counted(new Set(records.map((r) => r.system)).size, 'system')}`,
              comparable && `${percent(review.probability)} likely the same`,
              place,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <Text size="sm" mt={2}>
            {model.spoken(review.reason)}
          </Text>
          <Under policies={review.policies} did="Asked" />
        </div>
        {comparable && (
          <Group gap="xs">
            {contested ? (
              contested.candidates.map(({ golden, label, probability }, i) => (
                <Button key={golden} variant={i === 0 ? 'filled' : 'default'} onClick={() => decide('MATCH', golden)} disabled={!open} rightSection={i < 9 ? <Keys keys={String(i + 1)} /> : undefined}>
                  Belongs to {named(golden, label)} ({percent(probability)})
                </Button>
              ))
            ) : (
              <Button onClick={() => decide('MATCH')} disabled={!open} rightSection={<Keys keys="m" />}>
                Merge
              </Button>
            )}
            <Button variant="default" onClick={() => decide('NO_MATCH')} disabled={!open} rightSection={<Keys keys="n" />}>
              {contested ? 'None of them' : 'Not a match'}
            </Button>
            <Button variant="default" onClick={onSkip} rightSection={<Keys keys="s" />}>
              Skip
            </Button>
          </Group>
        )}
      </Group>
      {conflict ? <ConflictAlert conflict={conflict} open={open} onNext={onSkip} onUndo={onUndo} undoing={undoing} /> : !open && <Decided detail={detail} onUndo={onUndo} undoing={undoing} />}
      {contested?.verdict && open && (
        <Alert variant="default" icon={<TriangleAlertIcon />} title="It matches two records that were told apart" styles={{ root: { borderColor: 'var(--k-warn)' }, icon: { color: 'var(--k-warn)' } }}>
          <Text size="sm">
            {contested.verdict.by} said that {model.spoken(contested.verdict.a)} and {model.spoken(contested.verdict.b)} are not the same <When at={contested.verdict.at} />. Now{' '}
            {model.spoken(contested.record)} matches both. Either it belongs to one of them, or that verdict was wrong:{' '}
            <Link to="/explain" search={{ a: contested.verdict.a, b: contested.verdict.b }}>
              see the two
            </Link>
            .
          </Text>
        </Alert>
      )}
      {comparable ? (
        <>
          <Group justify="space-between" gap="xs">
            <Group gap="lg">
              <Switch
                size="sm"
                label={
                  <>
                    Differences only <Keys keys="d" />
                  </>
                }
                checked={differencesOnly}
                onChange={(event) => setDifferencesOnly(event.currentTarget.checked)}
              />
              <Switch
                size="sm"
                label={
                  <>
                    Why <Keys keys="w" />
                  </>
                }
                checked={why}
                onChange={(event) => setWhy(event.currentTarget.checked)}
              />
            </Group>
            {noting ? (
              <TextInput
                size="xs"
                w={{ base: '100%', xs: 320 }}
                aria-label="Note to the decision"
                placeholder="Note to the decision; Enter to go on"
                autoFocus
                value={note}
                maxLength={2000}
                onChange={(event) => setNote(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' || event.key === 'Escape') heading.current?.focus();
                }}
              />
            ) : (
              open && (
                <Button size="compact-sm" variant="subtle" onClick={() => setNoting(true)} rightSection={<Keys keys=";" />}>
                  Add a note
                </Button>
              )
            )}
          </Group>
          <Compare
            type={review.type}
            records={records}
            goldens={goldens}
            result={preview?.result}
            retired={preview?.retired ?? []}
            differencesOnly={differencesOnly}
            model={model}
          />
          {detail.previewProblem && (
            <Alert variant="default" icon={<InfoIcon />} title={contested ? 'One record, several golden records' : 'They cannot be merged as they are'}>
              {detail.previewProblem}
            </Alert>
          )}
          <div className={classes.below}>
            {why && <Pairs pairs={pairs} thresholds={detail.thresholds} columns={byGolden(records, goldens)} type={review.type} model={model} />}
            <Card padding="sm">
              <Title order={2} size="h5" mb="xs">
                What will be written if you merge
              </Title>
              {preview ? <Writes writes={preview.writes} type={review.type} model={model} /> : <Text size="sm">Not known without a preview.</Text>}
              {preview && <Reversible of={preview} model={model} />}
              <Text size="xs" c="dimmed" mt="sm">
                Golden records:{' '}
                {goldens.map((golden, i) => (
                  <span key={golden.id}>
                    {i > 0 && ', '}
                    <Link to="/goldens/$id" params={{ id: golden.id }}>
                      {golden.label}
                    </Link>{' '}
                    <span className="mono" title={golden.id}>
                      {shortId(golden.id)}
                    </span>
                  </span>
                ))}
              </Text>
            </Card>
          </div>
        </>
      ) : review.kind === 'LOOP' ? (
        <Card>
          <Text size="sm">
            Find out what changes it there, and stop one of them. Or give the value that counts, or take back the one that is kept meanwhile, on{' '}
            {goldens.map((golden) => (
              <Link key={golden.id} to="/goldens/$id" params={{ id: golden.id }}>
                the golden record of {golden.label}
              </Link>
            ))}
            ; that ends the pause.
          </Text>
        </Card>
      ) : (
        <Card>
          <Text size="sm" mb="sm">
            This is settled under{' '}
            <Link to="/activity" search={{ tab: review.kind === 'PARKED' ? 'parked' : 'rows' }}>
              Activity
            </Link>
            .
          </Text>
          {detail.detail !== undefined && <Code block>{JSON.stringify(detail.detail, null, 2)}</Code>}
        </Card>
      )}
    </Stack>
  );
}

function Decided({ detail: { review }, onUndo, undoing }: { detail: ReviewDetail; onUndo: () => void; undoing: boolean }) {
  return (
    <Alert variant="default" icon={<InfoIcon />} title={review.state === 'OBSOLETE' ? 'The question went away by itself' : verdict(review.decision)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {review.decidedBy && `By ${review.decidedBy}. `}
          {review.decidedAt && <When at={review.decidedAt} />}
          {review.note && ` “${review.note}”`}
        </Text>
        {review.state === 'DECIDED' && (
          <Button size="xs" variant="default" leftSection={<Undo2Icon size={14} />} onClick={onUndo} loading={undoing}>
            Take the decision back
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function ConflictAlert({
  conflict: { problem, theirs },
  open,
  onNext,
  onUndo,
  undoing,
}: {
  conflict: Conflict;
  open: boolean;
  onNext: () => void;
  onUndo: () => void;
  undoing: boolean;
}) {
  const decided = theirs && theirs.state !== 'OPEN';
  return (
    <Alert
      role="alert"
      variant="default"
      icon={<TriangleAlertIcon />}
      title={decided ? 'Somebody decided this meanwhile' : problem.title}
      styles={{ root: { borderColor: 'var(--k-warn)', background: 'var(--k-warn-soft)' }, icon: { color: 'var(--k-warn)' }, title: { color: 'var(--k-text)' } }}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {decided ? (
            <>
              {verdict(theirs.decision)}
              {theirs.decidedBy && `, by ${theirs.decidedBy}`}
              {theirs.decidedAt && (
                <>
                  , <When at={theirs.decidedAt} />
                </>
              )}
              .{theirs.note && ` “${theirs.note}”`} Your decision was not stored.
            </>
          ) : (
            <>
              {problem.detail} {problem.fix}
            </>
          )}
        </Text>
        {decided && (
          <Group gap="xs">
            <Button size="xs" onClick={onNext}>
              Keep theirs and go on
            </Button>
            {!open && theirs.state === 'DECIDED' && (
              <Button size="xs" variant="default" leftSection={<Undo2Icon size={14} />} onClick={onUndo} loading={undoing}>
                Take theirs back and decide again
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

const verdict = (decision: string | undefined) =>
  decision === 'MATCH' ? 'Decided: the same' : decision === 'NO_MATCH' ? 'Decided: not a match' : 'Decided';
