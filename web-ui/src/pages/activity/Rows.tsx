import { Button, Card, Code, Group, Stack, Text } from '@mantine/core';
import { Problem } from '../../api/client';
import { useModel } from '../../api/model';
import { type Review, type ReviewFilter, useDiscard, useReview, useReviews } from '../../api/queries';
import { Empty, Failed, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { useState } from 'react';

/** Rows that could not be read or mapped. Each waits here with where it came from; none is lost. */
export function Rows({ filter }: { filter: ReviewFilter }) {
  const rows = useReviews({ ...filter, sort: 'openedAt' });
  return (
    <Loaded query={rows}>
      {(items) =>
        items.length === 0 ? (
          <Empty done title="Every row could be read" />
        ) : (
          <Stack gap="sm">
            {items.map((item) => (
              <Row key={item.id} review={item} />
            ))}
            {rows.hasNextPage && (
              <Button size="xs" variant="default" onClick={() => void rows.fetchNextPage()} loading={rows.isFetchingNextPage}>
                Show more
              </Button>
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}

function Row({ review }: { review: Review }) {
  const model = useModel();
  const [open, setOpen] = useState(false);
  const detail = useReview(open ? review.id : undefined);
  const discard = useDiscard();
  return (
    <Card padding="sm">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: '1 1 260px', minWidth: 0 }}>
          <Text size="sm" fw={650} style={{ overflowWrap: 'anywhere' }}>
            {model.spokenRow(review.reason)}
          </Text>
          <Text size="xs" c="dimmed">
            {[review.label !== review.id && review.label, ...review.systems.map(model.system)]
              .filter(Boolean)
              .map((text) => `${text} · `)
              .join('')}
            <When at={review.openedAt} />
          </Text>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide the row' : 'Show the row'}
          </Button>
          <Button size="xs" variant="default" loading={discard.isPending} onClick={() => discard.mutate(review)}>
            Discard
          </Button>
        </Group>
      </Group>
      {discard.isError && (
        <Text size="xs" c="var(--k-bad)" role="alert" mt={4}>
          {Problem.from(discard.error).detail ?? Problem.from(discard.error).title}
        </Text>
      )}
      {open && (
        <div style={{ marginTop: 8 }}>
          {detail.isError ? (
            <Failed error={detail.error} retry={() => void detail.refetch()} />
          ) : (
            detail.data && (
              <>
                <Code block>{JSON.stringify(detail.data.detail ?? {}, null, 2)}</Code>
                <Text size="xs" c="dimmed" mt={4}>
                  Correct it in its system: it is read again when it changes there, and this question goes away by itself.
                </Text>
              </>
            )
          )}
        </div>
      )}
    </Card>
  );
}
