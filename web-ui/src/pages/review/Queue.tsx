import { Badge, Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useModel } from '../../api/model';
import { type Review, type useReviews, useStats } from '../../api/queries';
import { useLive } from '../../live/Live';
import { Link } from '../../ui/Link';
import { counted, percent } from '../../ui/format';
import classes from './Review.module.css';

interface Props {
  query: ReturnType<typeof useReviews>;
  items: Review[];
  current: string;
  search: { kind?: 'DISPUTED' | 'DELETED' | 'LOOP' | 'WOULD_MERGE' | 'HELD_MERGE' | 'MERGE_BRAKE'; type?: string; system?: string; minScore?: number; sort?: 'openedAt' | 'teach' };
}

export function Queue({ query, items, current, search }: Props) {
  const model = useModel();
  const stats = useStats().data;
  const navigate = useNavigate();
  const live = useLive();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const filter = (change: Partial<Record<keyof Props['search'], unknown>>) =>
    void navigate({ to: '/review', search: clean({ ...search, ...change }) as never, replace: true });
  const news = (live.changed['review.changed'] ?? 0) > query.dataUpdatedAt;

  return (
    <nav className={classes.queue} aria-label="Review queue">
      <div className={classes.head}>
        <Group justify="space-between" mb={6}>
          <Text fw={650}>Queue</Text>
          <Badge variant="default">{stats?.reviews[search.kind ?? 'CANDIDATE'] ?? items.length}</Badge>
        </Group>
        <Stack gap={6}>
          <NativeSelect
            size="xs"
            aria-label="Question"
            value={search.kind ?? ''}
            onChange={(event) => filter({ kind: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: 'Likely the same' },
              { value: 'DISPUTED', label: 'Fits more than one' },
              { value: 'WOULD_MERGE', label: 'Would merge (rules only report)' },
              { value: 'MERGE_BRAKE', label: 'Too many merges' },
              { value: 'HELD_MERGE', label: 'Merges held back' },
              { value: 'DELETED', label: 'Deleted somewhere' },
              { value: 'LOOP', label: 'Changed back and forth' },
            ]}
          />
          <Group gap={6} grow>
            <NativeSelect
              size="xs"
              aria-label="System"
              value={search.system ?? ''}
              onChange={(event) => filter({ system: event.currentTarget.value || undefined })}
              data={[{ value: '', label: 'All systems' }, ...model.systems.map((s) => ({ value: s.id, label: s.label }))]}
            />
            <NativeSelect
              size="xs"
              aria-label="Order"
              value={search.sort ?? ''}
              onChange={(event) => filter({ sort: event.currentTarget.value || undefined })}
              data={[
                { value: '', label: 'Likeliest first' },
                { value: 'openedAt', label: 'Oldest first' },
                { value: 'teach', label: 'Most doubtful first' },
              ]}
            />
          </Group>
          {model.types.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Type"
              value={search.type ?? ''}
              onChange={(event) => filter({ type: event.currentTarget.value || undefined })}
              data={[{ value: '', label: 'All types' }, ...model.types.map((t) => ({ value: t.name, label: model.type(t.name) }))]}
            />
          )}
          {news && (
            <Button size="compact-xs" variant="light" onClick={() => void query.refetch()}>
              The queue changed: load it again
            </Button>
          )}
        </Stack>
      </div>
      <ul className={classes.list} ref={list}>
        {query.isPending && [1, 2, 3, 4].map((i) => <Skeleton key={i} component="li" h={42} my={6} />)}
        {items.map((item) => (
          <li key={item.id}>
            <Link
              to="/review/$id"
              params={{ id: item.id }}
              search={search}
              className={classes.item}
              underline="never"
              aria-current={item.id === current ? 'true' : undefined}
            >
              <span>
                <b>{item.kind === 'MERGE_BRAKE' ? 'Merges held back' : item.label}</b>
                <small>
                  {model.type(item.type)}
                  {item.kind !== 'MERGE_BRAKE' && ` · ${counted(item.records.length, 'record')}`}
                </small>
              </span>
              {item.kind !== 'DELETED' && item.kind !== 'LOOP' && item.kind !== 'MERGE_BRAKE' && <small>{percent(item.probability)}</small>}
            </Link>
          </li>
        ))}
        {query.hasNextPage && (
          <li>
            <Button fullWidth size="xs" variant="subtle" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more
            </Button>
          </li>
        )}
      </ul>
    </nav>
  );
}

const clean = (search: Record<string, unknown>) => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
