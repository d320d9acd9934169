import { NativeSelect } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type Erasure, type ErasureState, useErasures } from '../../api/erasures';
import { useModel } from '../../api/model';
import { type Column, DataTable } from '../../ui/DataTable';
import { FilterBar } from '../../ui/FilterBar';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { STATES } from './words';

/** What was erased for good, and how far each is. */
export function ErasuresPage() {
  const { state } = useSearch({ from: '/erasures' });
  const navigate = useNavigate({ from: '/erasures' });
  const model = useModel();
  const erasures = useErasures(state);
  const choose = (next: string) => void navigate({ search: next ? { state: next as ErasureState } : {}, replace: true });
  const columns: Column<Erasure>[] = [
    {
      header: 'Erasure',
      cell: (erasure) => (
        <Link to="/erasures/$id" params={{ id: erasure.id }} className="mono">
          {erasure.id}
        </Link>
      ),
    },
    { header: 'What', cell: (erasure) => model.type(erasure.type) },
    { header: 'Reason', cell: (erasure) => erasure.reason },
    { header: 'State', cell: (erasure) => <State state={erasure.state} label={STATES[erasure.state]} /> },
    {
      header: 'Records gone',
      end: true,
      cell: (erasure) => `${erasure.steps.filter((step) => ['CONFIRMED', 'ATTESTED'].includes(step.state)).length} of ${erasure.steps.length}`,
    },
    { header: 'Asked', cell: (erasure) => <When at={erasure.askedAt} /> },
  ];
  return (
    <Page title="Erasures" lead="What was erased for good in all systems, with its evidence. Nothing here names anybody.">
      <FilterBar label="Filter erasures" onClear={state ? () => choose('') : undefined}>
        <NativeSelect
          size="sm"
          aria-label="State"
          value={state ?? ''}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[{ value: '', label: 'Any state' }, ...Object.entries(STATES).map(([value, label]) => ({ value, label }))]}
        />
      </FilterBar>
      <Loaded query={erasures} rows={6}>
        {(rows) =>
          rows.length ? (
            <DataTable
              label="Erasures"
              rowKeys
              columns={columns}
              rows={rows}
              id={(erasure) => erasure.id}
              more={erasures.hasNextPage ? { onMore: () => void erasures.fetchNextPage(), loading: erasures.isFetchingNextPage } : undefined}
            />
          ) : (
            <Empty title={state ? 'No erasure is in this state' : 'Nothing was erased yet'}>
              {!state && 'A golden record is erased from its page. What was done in each system, and that it does not come back, is shown here.'}
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
