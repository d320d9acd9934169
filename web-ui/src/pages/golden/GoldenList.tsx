import { Box, Badge, Group, NativeSelect, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useModel } from '../../api/model';
import { type GoldenSummary, useGoldens } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { FilterBar } from '../../ui/FilterBar';
import { ButtonLink, Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { Reload } from '../../ui/Reload';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';

const DEFAULT_SORT = '-updatedAt';

/** All golden records, found by words and filters that stay in the address. */
export function GoldenList() {
  const search = useSearch({ from: '/goldens' });
  const navigate = useNavigate({ from: '/goldens' });
  const model = useModel();
  const goldens = useGoldens(search);
  const change = (values: Partial<Record<keyof typeof search, string | number | undefined>>) =>
    void navigate({
      search: Object.fromEntries(Object.entries({ ...search, ...values }).filter(([, value]) => value !== undefined && value !== '')),
      replace: true,
    });
  const { sort, ...filters } = search;
  const filtered = Object.keys(filters).length > 0;
  const order = sort ?? DEFAULT_SORT;

  const columns: Column<GoldenSummary>[] = [
    {
      header: 'Name',
      sort: 'label',
      cell: (golden) => (
        // a name without spaces breaks, else it pushes all else out of sight
        <Box miw={160} maw={360} style={{ overflowWrap: 'anywhere' }}>
          <Link to="/goldens/$id" params={{ id: golden.id }}>
            {golden.label || golden.id}
          </Link>
        </Box>
      ),
    },
    { header: 'Type', cell: (golden) => model.type(golden.type) },
    {
      header: 'Details',
      cell: (golden) => {
        const values = model
          .inOrder(golden.type, Object.keys(golden.attributes))
          .map((name) => golden.attributes[name])
          .filter((value) => value && !golden.label.includes(value));
        return (
          <Text span size="sm" c="dimmed">
            {values.slice(0, 4).join(' · ')}
          </Text>
        );
      },
    },
    { header: 'Records', end: true, cell: (golden) => golden.records },
    {
      header: 'Systems',
      cell: (golden) => (
        <Group gap={4} component="span" display="inline-flex">
          {golden.systems.map((id) => (
            <Badge key={id} variant="default" size="sm">
              {model.system(id)}
            </Badge>
          ))}
        </Group>
      ),
    },
    ...(search.state ? [{ header: 'State', cell: (golden: GoldenSummary) => <State state={golden.state} /> }] : []),
    { header: 'Changed', sort: 'updatedAt', cell: (golden) => <When at={golden.updatedAt} /> },
  ];

  return (
    <Page title="Golden records" lead="One record for each real-world thing, whichever systems hold a piece of it.">
      <FilterBar
        label="Search golden records"
        placeholder="Beginnings of words: ada love"
        text={search.text}
        onText={(text) => change({ text })}
        onClear={filtered ? () => void navigate({ search: sort ? { sort } : {}, replace: true }) : undefined}
      >
        <NativeSelect
          aria-label="Type"
          value={search.type ?? ''}
          onChange={(event) => change({ type: event.currentTarget.value })}
          data={[{ value: '', label: 'All types' }, ...model.types.map((type) => ({ value: type.name, label: model.type(type.name) }))]}
        />
        <NativeSelect
          aria-label="System"
          value={search.system ?? ''}
          onChange={(event) => change({ system: event.currentTarget.value })}
          data={[{ value: '', label: 'All systems' }, ...model.systems.map((system) => ({ value: system.id, label: system.label }))]}
        />
        <NativeSelect
          aria-label="Number of records"
          value={String(search.minimumRecords ?? '')}
          onChange={(event) => change({ minimumRecords: Number(event.currentTarget.value) || undefined })}
          data={[
            { value: '', label: 'Any number of records' },
            { value: '2', label: '2 records or more' },
            { value: '3', label: '3 records or more' },
            { value: '5', label: '5 records or more' },
          ]}
        />
        <NativeSelect
          aria-label="State"
          value={search.state ?? ''}
          onChange={(event) => change({ state: event.currentTarget.value })}
          data={[
            { value: '', label: 'In use' },
            { value: 'RETIRED', label: 'Merged away' },
            { value: 'DELETED', label: 'Deleted' },
            { value: 'ANY', label: 'All' },
          ]}
        />
      </FilterBar>
      <Reload event="golden.changed" loadedAt={goldens.dataUpdatedAt} reload={() => void goldens.refetch()} busy={goldens.isRefetching} />
      <Loaded query={goldens} rows={10}>
        {(rows) =>
          rows.length || goldens.hasNextPage ? (
            <DataTable
              label="Golden records"
              columns={columns}
              rows={rows}
              id={(golden) => golden.id}
              order={{ sort: order.replace('-', ''), descending: order.startsWith('-') }}
              onOrder={(next) => change({ sort: `${next.descending ? '-' : ''}${next.sort}` === DEFAULT_SORT ? undefined : `${next.descending ? '-' : ''}${next.sort}` })}
              more={goldens.hasNextPage ? { onMore: () => void goldens.fetchNextPage(), loading: goldens.isFetchingNextPage } : undefined}
              rowKeys
            />
          ) : filtered ? (
            <Empty
              title="No golden record matches"
              action={
                <ButtonLink to="/goldens" variant="default">
                  Clear the filter
                </ButtonLink>
              }
            >
              {search.text && <>Every word must begin some value: “{search.text}”.</>}
            </Empty>
          ) : (
            <Empty title="No golden records yet" action={<ButtonLink to="/systems">Systems</ButtonLink>}>
              They appear as soon as the first records of a system are read.
            </Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
