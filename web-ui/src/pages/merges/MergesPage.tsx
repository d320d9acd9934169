import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useModel } from '../../api/model';
import { type Merge, type MergeFilter, useMerges } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { FilterBar } from '../../ui/FilterBar';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { Reversible } from '../../ui/Reversible';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { Undo2Icon } from '../../ui/icons';
import { MergeProgress, UnmergeDialog } from '../golden/Merges';
import { ORIGINS, nameIn } from './words';

const STATES = { standing: 'Standing', waiting: 'Not in step everywhere', undone: 'Taken back' } as const;
type Shown = keyof typeof STATES;
const ASKED: Record<Shown, MergeFilter> = { standing: { undone: false }, waiting: { status: 'PARTIALLY_SETTLED' }, undone: { undone: true } };

/** What became one, by whom, how far the systems are with it; each can be taken back. */
export function MergesPage() {
  const { show, ...filter } = useSearch({ from: '/merges' });
  const navigate = useNavigate({ from: '/merges' });
  const model = useModel();
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ search: (last) => Object.fromEntries(Object.entries({ ...last, ...change }).filter(([, value]) => value)) as never, replace: true });
  const merges = useMerges({ ...filter, ...(show ? ASKED[show] : {}) });
  const [asked, setAsked] = useState<Merge | null>(null);
  const name = (merge: Merge, id: string) => (
    <Link to="/goldens/$id" params={{ id }} title={id}>
      {nameIn(merge, id)}
    </Link>
  );
  const columns: Column<Merge>[] = [
    {
      header: 'Became part of',
      cell: (merge) => name(merge, merge.survivor),
    },
    {
      header: 'What',
      cell: (merge) => (
        <>
          {merge.absorbed.map((id, i) => (
            <span key={id}>
              {i > 0 && ', '}
              {name(merge, id)}
            </span>
          ))}
          <Text size="xs" c="dimmed">
            {model.type(merge.type)} · {counted(merge.moved.length, 'record')} moved
          </Text>
        </>
      ),
    },
    {
      header: 'By',
      cell: (merge) => (
        <>
          {ORIGINS[merge.origin]}
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {merge.origin === 'SOURCE' ? model.system(merge.by) : merge.by}
            {merge.note && ` · “${merge.origin === 'SOURCE' ? model.spoken(merge.note) : merge.note}”`}
          </Text>
          <Under policies={merge.policies} />
        </>
      ),
    },
    { header: 'When', sort: 'at', cell: (merge) => <When at={merge.at} /> },
    {
      header: 'State',
      cell: (merge) => (
        <>
          {merge.undoneAt ? (
            <Text size="sm" c="var(--k-warn)">
              Taken back <When at={merge.undoneAt} /> {merge.undoneBy && `by ${merge.undoneBy}`}
            </Text>
          ) : (
            <State state={merge.state === 'SETTLED' ? 'SETTLED' : 'WAITING'} label={merge.state === 'SETTLED' ? 'In step everywhere' : 'Not in step everywhere'} />
          )}
          {merge.state !== 'SETTLED' && <MergeProgress merge={merge} model={model} />}
          {merge.unmerge && <Reversible of={merge.unmerge} model={model} />}
        </>
      ),
    },
    {
      header: '',
      end: true,
      cell: (merge) =>
        !merge.undoneAt && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Undo2Icon size={14} />}
            aria-label={`Unmerge ${nameIn(merge, merge.survivor)}`}
            onClick={() => setAsked(merge)}
          >
            Unmerge…
          </Button>
        ),
    },
  ];
  const filtered = !!(show || filter.type || filter.origin || filter.by);
  return (
    <Page title="Merges" lead="What became one golden record, newest first. Each merge is kept for ever and can be taken back.">
      <FilterBar label="Filter merges" onClear={filtered ? () => set({ show: undefined, type: undefined, origin: undefined, by: undefined }) : undefined}>
        <Group gap="xs">
          <NativeSelect
            size="sm"
            aria-label="State"
            value={show ?? ''}
            onChange={(event) => set({ show: event.currentTarget.value || undefined })}
            data={[{ value: '', label: 'Any state' }, ...Object.entries(STATES).map(([value, label]) => ({ value, label }))]}
          />
          <NativeSelect
            size="sm"
            aria-label="Merged by"
            value={filter.origin ?? ''}
            onChange={(event) => set({ origin: event.currentTarget.value || undefined })}
            data={[{ value: '', label: 'By anybody' }, ...Object.entries(ORIGINS).map(([value, label]) => ({ value, label: `By ${label}` }))]}
          />
          <NativeSelect
            size="sm"
            aria-label="Type"
            value={filter.type ?? ''}
            onChange={(event) => set({ type: event.currentTarget.value || undefined })}
            data={[{ value: '', label: 'Any type' }, ...model.types.map((type) => ({ value: type.name, label: model.type(type.name) }))]}
          />
          <Who key={filter.by} by={filter.by} onBy={(by) => set({ by })} />
        </Group>
      </FilterBar>
      <Loaded query={merges} rows={8}>
        {(rows) =>
          rows.length || merges.hasNextPage ? (
            <DataTable
              label="Merges"
              rowKeys
              columns={columns}
              rows={rows}
              id={(merge) => merge.id}
              order={{ sort: 'at', descending: filter.sort !== 'at' }}
              onOrder={({ descending }) => set({ sort: descending ? undefined : 'at' })}
              more={merges.hasNextPage ? { onMore: () => void merges.fetchNextPage(), loading: merges.isFetchingNextPage } : undefined}
            />
          ) : (
            <Empty title={filtered ? 'No merge matches the filter' : 'Nothing was merged yet'}>
              {!filtered && 'Where two golden records become one, by a person, by rules or in a system, it is listed here and can be taken back.'}
            </Empty>
          )
        }
      </Loaded>
      <UnmergeDialog merge={asked} model={model} onClose={() => setAsked(null)} />
    </Page>
  );
}

/** A user, a rule set or a system, to the letter. */
function Who({ by, onBy }: { by: string | undefined; onBy: (by: string | undefined) => void }) {
  const [typed, setTyped] = useState(by ?? '');
  const send = useDebouncedCallback((text: string) => onBy(text.trim() || undefined), 400);
  return (
    <TextInput
      size="sm"
      w={170}
      aria-label="By this user, rule set or system"
      placeholder="user or rule set"
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
