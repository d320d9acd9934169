import { Box, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Problem } from '../../api/client';
import { type Review, type ReviewDetail, prefetchReview, useDecide, useReview, useReviews, useStats, useUndoReview } from '../../api/queries';
import { Keys, useKeys } from '../../ui/Keys';
import { ButtonLink } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { Empty, Failed, Loaded, Loading } from '../../ui/States';
import { BrakeQuestion } from './BrakeQuestion';
import { DeletionQuestion } from './DeletionQuestion';
import { Queue } from './Queue';
import { OTHER_QUEUES } from './kinds';
import classes from './Review.module.css';
import { Question } from './Question';

export type Verdict = 'MATCH' | 'NO_MATCH';

/** What somebody else did while a steward was deciding. */
export interface Conflict {
  id: string;
  problem: Problem;
  theirs: Review | undefined;
}

const PREFETCH = 2;

/** Are these the same? One key decides, and the next question is already there. */
export function ReviewPage() {
  const { id } = useParams({ strict: false });
  const search = useSearch({ from: '/review' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const queue = useReviews({ kind: 'CANDIDATE', ...search });
  // What was decided here leaves at once, whatever an answer that was under way still lists.
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const items = (queue.data ?? []).filter((item) => !decided.has(item.id));
  const current = id ?? items[0]?.id;
  const at = items.findIndex((item) => item.id === current);
  const detail = useReview(current);
  // A link to a question need not name its queue.
  const itsQueue = OTHER_QUEUES.find((kind) => kind === detail.data?.review.kind);
  const astray = id === detail.data?.review.id && !search.kind && itsQueue !== undefined;
  useEffect(() => {
    if (astray) void navigate({ to: '/review/$id', params: { id: id! }, search: { ...search, kind: itsQueue }, replace: true });
  });
  const decide = useDecide();
  const undo = useUndoReview();
  const last = useRef<{ review: Review; answer: Promise<Review> } | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);

  const open = (next: string | undefined, replace = false) =>
    void (next
      ? navigate({ to: '/review/$id', params: { id: next }, search, replace })
      : navigate({ to: '/review', search, replace }));

  useEffect(() => {
    if (at < 0) return;
    for (const next of items.slice(at + 1, at + 1 + PREFETCH)) void prefetchReview(queries, next.id);
    if (at >= items.length - PREFETCH && queue.hasNextPage && !queue.isFetchingNextPage) void queue.fetchNextPage();
  });

  const step = (by: number) => {
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next && next.id !== current) open(next.id);
  };

  const comesBack = (id: string) => setDecided((all) => new Set([...all].filter((each) => each !== id)));

  const takeBack = () => {
    const { review, answer } = last.current ?? {};
    if (!review || !answer) return;
    last.current = null;
    notifications.hide('decided');
    void answer
      .then(({ id, revision }) => undo.mutateAsync({ id, revision }))
      .then(
        () => {
          comesBack(review.id);
          open(review.id);
          notifications.show({ title: 'Taken back', message: `${review.label} is open again.` });
        },
        (error) => notifications.show({ color: 'red', title: 'Not taken back', message: words(error) }),
      );
  };

  const settle = (review: Review, decision: Verdict, note: string, golden?: string) => {
    const next = items[at + 1] ?? items[at - 1];
    setConflict(null);
    setDecided((all) => new Set(all).add(review.id));
    const answer = decide.mutateAsync({ review, decision, ...(golden ? { golden } : {}), ...(note ? { note } : {}) });
    last.current = { review, answer };
    open(next?.id === review.id ? undefined : next?.id);
    notifications.hide('decided');
    notifications.show({
      id: 'decided',
      title: decision === 'MATCH' ? `Merged ${review.label}` : `${review.label}: not a match`,
      message: (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={takeBack} rightSection={<Keys keys="u" />}>
            Undo
          </Button>
        </Group>
      ),
    });
    answer.catch((error) => {
      if (last.current?.answer === answer) last.current = null;
      comesBack(review.id);
      notifications.hide('decided');
      const problem = Problem.from(error);
      if (problem.status === 409) {
        const theirs = (problem.body.current as ReviewDetail | undefined)?.review;
        setConflict({ id: review.id, problem, theirs });
        open(review.id);
      } else {
        open(review.id);
        notifications.show({ color: 'red', title: `Not decided: ${problem.title}`, message: words(problem), autoClose: false });
      }
    });
  };

  useKeys('Review', [
    { keys: 'j', does: 'Next question', run: () => step(1) },
    { keys: 'k', does: 'Previous question', run: () => step(-1) },
    { keys: 'u', does: 'Undo the last decision', run: takeBack },
  ]);

  if (!current && queue.isPending) return <Loading rows={8} />;
  if (!current && queue.isError)
    return (
      <Page title="Review">
        <Failed error={queue.error} retry={() => void queue.refetch()} />
      </Page>
    );
  if (!current) return <Nothing filtered={Object.keys(search).length > 0} />;
  return (
    <div className={classes.page}>
      <Queue query={queue} items={items} current={current} search={search} />
      <Box miw={0}>
        <Loaded query={detail} rows={9} title="Review">
          {(data) => {
            const skip = () => (at >= 0 && at < items.length - 1 ? step(1) : open(items.find((item) => item.id !== current)?.id));
            if (data.review.kind === 'DELETED' || data.review.kind === 'MERGE_BRAKE') {
              const About = data.review.kind === 'DELETED' ? DeletionQuestion : BrakeQuestion;
              return (
                <About
                  key={data.review.id}
                  detail={data}
                  onAnswered={() => {
                    setDecided((all) => new Set(all).add(data.review.id));
                    open((items[at + 1] ?? items[at - 1])?.id);
                  }}
                  onSkip={skip}
                />
              );
            }
            return (
            <Question
              key={data.review.id}
              detail={data}
              place={at < 0 ? undefined : `${at + 1} of ${items.length}${queue.hasNextPage ? '+' : ''}`}
              conflict={conflict?.id === data.review.id ? conflict : null}
              onDecide={(decision, note, golden) => settle(data.review, decision, note, golden)}
              onSkip={skip}
              onUndo={() => {
                setConflict(null);
                comesBack(data.review.id);
                undo.mutate({ id: data.review.id, revision: data.review.revision });
              }}
              undoing={undo.isPending}
            />
            );
          }}
        </Loaded>
      </Box>
    </div>
  );
}

function words(error: unknown) {
  const problem = Problem.from(error);
  return [problem.detail ?? problem.title, problem.fix].filter(Boolean).join(' ');
}

function Nothing({ filtered }: { filtered: boolean }) {
  const stats = useStats().data;
  const disputed = stats?.reviews.DISPUTED ?? 0;
  if (filtered)
    return (
      <Page title="Review">
        <Empty
          title="No question matches the filter"
          action={
            <ButtonLink to="/review" variant="default">
              Clear the filter
            </ButtonLink>
          }
        />
      </Page>
    );
  return (
    <Page title="Review">
      <Empty
        done
        title="Nothing to review"
        action={
          disputed > 0 ? (
            <ButtonLink to="/review" search={{ kind: 'DISPUTED' }} variant="default">
              Records that fit more than one golden record ({disputed})
            </ButtonLink>
          ) : (
            <ButtonLink to="/goldens" variant="default">
              Golden records
            </ButtonLink>
          )
        }
      >
        Every likely duplicate is decided. A decision can be taken back at any time from the golden record’s page.
        <Text size="xs" mt={6}>
          <Keys keys="u" /> takes back the last one.
        </Text>
      </Empty>
    </Page>
  );
}
