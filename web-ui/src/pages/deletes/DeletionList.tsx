import { Group, NativeSelect } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type Deletion, useDeletions } from '../../api/deletes';
import type { Model } from '../../api/model';
import { type Column, DataTable } from '../../ui/DataTable';
import { FilterBar } from '../../ui/FilterBar';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { Restore } from './Restore';
import { Steps } from './Steps';
import { HUB } from './document';
import { STATES, STEPS, where } from './words';

const options = (labels: Record<string, string>, all: string) => [{ value: '', label: all }, ...Object.entries(labels).map(([value, label]) => ({ value, label }))];

/** What was deleted, where, and what became of it elsewhere. */
export function DeletionList({ type, model }: { type: string | undefined; model: Model }) {
  const { tab: _tab, type: _type, ...filter } = useSearch({ from: '/deletes' });
  const navigate = useNavigate({ from: '/deletes' });
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ search: (last) => Object.fromEntries(Object.entries({ ...last, ...change }).filter(([, value]) => value)) as never, replace: true });
  const deletions = useDeletions({ ...filter, ...(type ? { type } : {}) });
  const systems = model.systems.map((system) => ({ value: system.id, label: system.label }));
  const chosen = (name: 'from' | 'to' | 'state' | 'step', label: string, data: { value: string; label: string }[]) => (
    <NativeSelect size="sm" aria-label={label} value={filter[name] ?? ''} onChange={(event) => set({ [name]: event.currentTarget.value || undefined })} data={data} />
  );
  const columns: Column<Deletion>[] = [
    {
      header: 'What',
      cell: (deletion) => (
        <Link to="/deletes/$id" params={{ id: deletion.id }}>
          {deletion.label}
        </Link>
      ),
    },
    { header: 'Deleted', cell: (deletion) => where(deletion, model) },
    { header: 'State', cell: (deletion) => <State state={deletion.state} label={STATES[deletion.state]} /> },
    { header: 'In other systems', cell: (deletion) => <Steps steps={deletion.steps} model={model} /> },
    { header: 'Seen', sort: 'seenAt', cell: (deletion) => <When at={deletion.seenAt} /> },
    { header: '', cell: (deletion) => <Restore deletion={deletion} model={model} /> },
  ];
  const filtered = Object.keys(filter).some((name) => name !== 'sort');
  return (
    <>
      <FilterBar label="Filter deletions" onClear={filtered ? () => set({ from: undefined, to: undefined, state: undefined, step: undefined }) : undefined}>
        <Group gap="xs">
          {chosen('from', 'Deleted where', [{ value: '', label: 'Deleted anywhere' }, ...systems, { value: HUB, label: 'A person in the hub' }])}
          {chosen('to', 'With a record in', [{ value: '', label: 'Whatever other system' }, ...systems])}
          {chosen('state', 'State', options(STATES, 'Any state'))}
          {chosen('step', 'In other systems', options(STEPS, 'Whatever became of it'))}
        </Group>
      </FilterBar>
      <Loaded query={deletions} rows={8}>
        {(rows) =>
          rows.length ? (
            <DataTable
              label="Deletions"
              rowKeys
              columns={columns}
              rows={rows}
              id={(deletion) => deletion.id}
              order={{ sort: 'seenAt', descending: filter.sort !== 'seenAt' }}
              onOrder={({ descending }) => set({ sort: descending ? undefined : 'seenAt' })}
              more={deletions.hasNextPage ? { onMore: () => void deletions.fetchNextPage(), loading: deletions.isFetchingNextPage } : undefined}
            />
          ) : (
            <Empty title={filtered ? 'No deletion matches the filter' : 'Nothing was deleted yet'}>
              {!filtered && 'When a system deletes a record, it is listed here with what becomes of the records of other systems.'}
            </Empty>
          )
        }
      </Loaded>
    </>
  );
}
