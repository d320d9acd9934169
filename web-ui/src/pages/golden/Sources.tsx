import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useReconnect } from '../../api/deletes';
import { useModel } from '../../api/model';
import type { GoldenExplanation, SourceRecord } from '../../api/queries';
import { Compare } from '../../ui/Compare';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { Empty, Failed } from '../../ui/States';
import { When } from '../../ui/When';
import { words } from '../../ui/format';

/** Crosswalk: which record of which system is this, and what does each hold? */
export function Sources({ explanation: { golden, records } }: { explanation: GoldenExplanation }) {
  const model = useModel();
  if (!records.length) return <Empty title="No source records">All its records were deleted or have moved to another golden record.</Empty>;
  const columns: Column<SourceRecord>[] = [
    {
      header: 'System',
      cell: (record) => (
        <Link to="/systems/$id" params={{ id: record.system }}>
          {model.system(record.system)}
        </Link>
      ),
    },
    { header: 'Id there', cell: (record) => <span className="mono">{record.externalId}</span> },
    {
      header: 'State',
      cell: (record) => (
        <>
          <State state={record.state} />
          {(record.state === 'DISCONNECTED' || record.state === 'SEVERED') && <TakeBack record={record} name={`${model.system(record.system)} ${record.externalId}`} />}
        </>
      ),
    },
    { header: 'Joined', cell: (record) => (record.since ? <When at={record.since} /> : '–') },
    { header: 'By', cell: (record) => (record.origin ? words(record.origin) : '–') },
    { header: 'Changed there', cell: (record) => <When at={record.sourceAt ?? record.observedAt} /> },
    {
      header: 'In step',
      cell: (record) => {
        const behind = Object.entries(record.states).filter(([, state]) => !state.agreed && state.base > 0);
        const held = Object.values(record.states).filter((state) => state.hold);
        if (held.length) return <State state="HELD" label={held[0]!.hold!} />;
        return behind.length ? <State state="DUE" label={behind.map(([name]) => model.attribute(golden.type, name)).join(', ')} /> : <State state="OK" label="Yes" />;
      },
    },
    {
      header: 'Supplies',
      cell: (record) => (
        <Group gap={4} component="span" display="inline-flex">
          {record.contributes.length
            ? record.contributes.map((name) => (
                <Badge key={name} variant="default" size="sm">
                  {model.attribute(golden.type, name)}
                </Badge>
              ))
            : 'nothing'}
        </Group>
      ),
    },
  ];
  return (
    <Stack>
      <div>
        <DataTable label="Source records" columns={columns} rows={records} id={(record) => record.key} />
      </div>
      <div>
        <Title order={2} size="h5" mb={2}>
          Side by side
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          What each system holds, as far as the hub knows. Green supplies the golden value.
        </Text>
        <Compare type={golden.type} records={records} goldens={[golden]} result={golden} retired={[]} differencesOnly={false} model={model} />
      </div>
    </Stack>
  );
}

/** A record that left its golden record when another system deleted the thing. */
function TakeBack({ record, name }: { record: SourceRecord; name: string }) {
  const reconnect = useReconnect();
  return (
    <>
      <Text size="xs" c="dimmed">
        {record.state === 'SEVERED' ? 'deleted elsewhere; stays apart' : 'deleted elsewhere; joins again once it is changed there'}
      </Text>
      <Button size="compact-xs" variant="default" aria-label={`Take back ${name}`} loading={reconnect.isPending} onClick={() => reconnect.mutate(record.key)}>
        Take back
      </Button>
      {reconnect.isError && <Failed error={reconnect.error} />}
    </>
  );
}
