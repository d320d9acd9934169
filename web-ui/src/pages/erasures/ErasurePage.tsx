import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { type Erasure, type ErasureStep, type KeptOut, useErasure, useErasureStep, useKeptOut } from '../../api/erasures';
import { useModel } from '../../api/model';
import { type Column, DataTable } from '../../ui/DataTable';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Failed, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { Lift } from './Lift';
import { STATES, STEPS, removals } from './words';

/** One erasure: what each system did, what is left for a person, what the hub forgot, and what was kept out since. */
export function ErasurePage() {
  const { id } = useParams({ from: '/erasures/$id' });
  const erasure = useErasure(id);
  return (
    <Loaded query={erasure} rows={8} title="Erasure">
      {(data) => <One erasure={data} />}
    </Loaded>
  );
}

function One({ erasure }: { erasure: Erasure }) {
  const model = useModel();
  const change = useErasureStep();
  const act = (step: ErasureStep, gone: boolean) => change.mutate({ id: erasure.id, revision: erasure.revision, record: step.record, gone });
  const columns: Column<ErasureStep>[] = [
    { header: 'System', cell: (step) => model.system(step.system) },
    { header: 'Record', cell: (step) => (step.recordId ? <span className="mono">{step.recordId}</span> : <span className="dim mono">#{step.record.slice(0, 12)}</span>) },
    { header: 'State', cell: (step) => <State state={step.state} label={STEPS[step.state]} /> },
    {
      header: 'Note',
      cell: (step) => (
        <Text size="sm" span>
          {step.why && model.spoken(step.why)}
          {step.by && ` ${step.by}`}
        </Text>
      ),
    },
    { header: 'Since', cell: (step) => <When at={step.at} /> },
    {
      header: '',
      cell: (step) =>
        step.state === 'WAITING' ? (
          <Button size="compact-sm" variant="default" loading={change.isPending} onClick={() => act(step, false)}>
            Do it by hand
          </Button>
        ) : step.state === 'BY_HAND' || step.state === 'TOLD' ? (
          <Button size="compact-sm" variant="default" loading={change.isPending} onClick={() => act(step, true)}>
            It is gone
          </Button>
        ) : null,
    },
  ];
  return (
    <Page
      title={`Erasure of a ${model.type(erasure.type).toLowerCase()}`}
      mark={<State state={erasure.state} label={STATES[erasure.state]} />}
      lead={
        <>
          <span className="mono">{erasure.id}</span> · asked by {erasure.by} <When at={erasure.askedAt} /> · {erasure.reason}
        </>
      }
      actions={
        <>
          <Button component="a" variant="default" href={`/api/v1/erasures/${encodeURIComponent(erasure.id)}/evidence`} download={`${erasure.id}.json`}>
            Evidence
          </Button>
          <Lift erasure={erasure} />
        </>
      }
    >
      <Stack gap="md">
        {change.isError && <Failed error={change.error} />}
        <Card padding="sm">
          <Title order={2} size="h5" mb="xs">
            In the systems
          </Title>
          {erasure.steps.length ? <DataTable label="Records" columns={columns} rows={erasure.steps} id={(step) => step.record} /> : <Text size="sm">No system had a record of it.</Text>}
        </Card>
        <Card padding="sm">
          <Title order={2} size="h5" mb="xs">
            In the hub
          </Title>
          {erasure.removedAt ? (
            <Text size="sm">
              Forgotten <When at={erasure.removedAt} />: {removals(erasure.removed).join(', ') || 'nothing was left'}.
            </Text>
          ) : (
            <Text size="sm">The hub keeps what it needs to delete the records in the systems, and forgets everything once none is waited for.</Text>
          )}
          {erasure.lifted && (
            <Text size="sm" mt="xs">
              It may come back since <When at={erasure.lifted.at} />, by {erasure.lifted.by}: {erasure.lifted.reason}
            </Text>
          )}
        </Card>
        <Kept erasure={erasure} />
      </Stack>
    </Page>
  );
}

function Kept({ erasure }: { erasure: Erasure }) {
  const model = useModel();
  const rows = useKeptOut(erasure.id);
  const columns: Column<KeptOut>[] = [
    { header: 'System', cell: (row) => model.system(row.system) },
    { header: 'Stream', cell: (row) => row.stream },
    { header: 'Row', cell: (row) => <span className="mono">#{row.record.slice(0, 12)}</span> },
    { header: 'Times', end: true, cell: (row) => row.rows },
    { header: 'Last', cell: (row) => <When at={row.last} /> },
  ];
  return (
    <Card padding="sm">
      <Group mb="xs">
        <Title order={2} size="h5">
          Kept out since
        </Title>
      </Group>
      <Loaded query={rows} rows={2}>
        {(data) =>
          data.length ? (
            <DataTable label="Rows kept out" columns={columns} rows={data} id={(row) => row.system + row.stream + row.record} more={rows.hasNextPage ? { onMore: () => void rows.fetchNextPage(), loading: rows.isFetchingNextPage } : undefined} />
          ) : (
            <Empty title="It has not come again" done>
              A row that is known again by its id, e-mail, identifier or the like is counted here and not stored.
            </Empty>
          )
        }
      </Loaded>
    </Card>
  );
}
