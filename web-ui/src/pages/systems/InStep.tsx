import { Alert, Badge, Button, Card, Checkbox, Group, NativeSelect, Progress, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { Problem } from '../../api/client';
import { useModel } from '../../api/model';
import { type Audit, type Disposition, type Finding, type System, useAudit, useCancelRun, useFindings, useLastAudit, useStartAudit } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { count, counted, wholePercent } from '../../ui/format';
import { ScaleIcon, XIcon } from '../../ui/icons';

/** What an audit says of values and rows; those from the third on are shown one by one. */
const SAYS: Record<Disposition, string> = {
  AGREES: 'in step',
  LEFT: 'left so by policy',
  WAITING: 'waits to be written',
  HELD: 'waits for a person',
  OUT_OF_STEP: 'not written, and nothing on its way',
  MISSED: 'changed there untold',
  GONE: 'gone there untold',
  UNKNOWN: 'there, unknown to the hub',
  UNREADABLE: 'could not be read',
};
const ORDER = Object.keys(SAYS) as Disposition[];
const DRIFTED = ORDER.slice(2);

const summary = (counts: Partial<Record<Disposition, number>>) =>
  ORDER.filter((what) => counts[what])
    .map((what) => `${count(counts[what]!)} ${SAYS[what]}`)
    .join(' · ');

/** Does the system hold what it should? What the last audit found, and how to begin one. */
export function InStep({ system }: { system: System }) {
  const last = useLastAudit(system.id);
  return (
    <section aria-labelledby="in-step">
      <Group justify="space-between" mb="xs" gap="sm">
        <Title order={2} size="h5" id="in-step">
          In step
        </Title>
        <Begin system={system} running={last.data?.state === 'RUNNING'} />
      </Group>
      <Loaded query={last} rows={2}>
        {(run) =>
          run ? (
            <Last key={run.id} runId={run.id} />
          ) : (
            <Card padding="sm">
              <Text size="sm">
                Not audited yet. An audit reads the whole system while it is kept in step, and compares every value: what the system holds, what the hub believes it
                holds, and what its golden record says.
              </Text>
            </Card>
          )
        }
      </Loaded>
    </section>
  );
}

function Begin({ system, running }: { system: System; running: boolean }) {
  const start = useStartAudit();
  const [heal, setHeal] = useState(false);
  if (running) return null;
  return (
    <Group gap="sm">
      <Checkbox size="sm" label="set right what the hub can" checked={heal} onChange={(event) => setHeal(event.currentTarget.checked)} />
      <Button
        size="xs"
        variant="default"
        leftSection={<ScaleIcon size={14} />}
        disabled={system.state === 'PAUSED'}
        loading={start.isPending}
        onClick={() =>
          start.mutate(
            { id: system.id, heal },
            {
              onError: (error) =>
                notifications.show({ color: 'red', title: Problem.from(error).title, message: Problem.from(error).detail ?? '' }),
            },
          )
        }
      >
        Audit now
      </Button>
    </Group>
  );
}

function Last({ runId }: { runId: string }) {
  const audit = useAudit(runId);
  return (
    <Loaded query={audit} rows={2}>
      {(data) => (
        <Stack gap="sm">
          <Outcome audit={data} />
          {data.streams.map((stream) => (
            <Attributes key={stream.stream} stream={stream} />
          ))}
          {data.findings > 0 && <Findings audit={data} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Outcome({ audit: { run, rows, inStep, heal } }: { audit: Audit }) {
  const cancel = useCancelRun();
  const going = run.state === 'RUNNING';
  const done = run.counts.rows ?? 0;
  return (
    <Card padding="sm">
      <Group gap="md" align="baseline">
        <Text fz={26} fw={680} lh={1.25}>
          {done > 0 ? wholePercent(inStep) : '–'}
        </Text>
        <Text size="sm">
          of its values are as they should be{heal && ', after setting right what could be'}
          {going ? ', so far' : ''}
        </Text>
      </Group>
      {going && (
        <Group gap="sm" mt={6} wrap="nowrap">
          <Progress
            value={run.total ? Math.min(100, (100 * done) / run.total) : 100}
            animated={!run.total}
            aria-label={run.total ? `${count(done)} of ${count(run.total)} rows compared` : `${count(done)} rows compared`}
            style={{ flex: 1 }}
          />
          <Button size="xs" variant="default" leftSection={<XIcon size={14} />} loading={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
            Cancel
          </Button>
        </Group>
      )}
      <Text size="sm" c="dimmed" mt={4}>
        Audit {going ? 'begun' : 'of'} <When at={run.startedAt} /> · {counted(done, 'row')} compared{done > 0 && `: ${summary(rows)}`}
      </Text>
      {run.problem && (
        <Text size="sm" c="var(--k-bad)" mt={4}>
          {run.state === 'CANCELLED' ? 'Cancelled' : 'Not finished'}: {run.problem}
        </Text>
      )}
    </Card>
  );
}

type Stream = Audit['streams'][number];

function Attributes({ stream }: { stream: Stream }) {
  const model = useModel();
  const columns: Column<Stream['attributes'][number]>[] = [
    { header: 'Attribute', cell: (row) => model.attribute(stream.type, row.attribute) },
    { header: 'In step', end: true, cell: (row) => <strong>{wholePercent(row.inStep)}</strong> },
    { header: 'Values', cell: (row) => summary(row.counts) },
  ];
  if (stream.problem)
    return (
      <Alert variant="default" title={`${stream.stream} was not compared`}>
        {stream.problem}
      </Alert>
    );
  const adrift = stream.attributes.filter((row) => row.inStep < 1 || row.counts.LEFT).sort((a, b) => a.inStep - b.inStep);
  const whole = stream.attributes.filter((row) => !adrift.includes(row)).map((row) => model.attribute(stream.type, row.attribute));
  return (
    <div>
      <Title order={3} size="h6" mb="xs">
        <span className="mono">{stream.stream}</span> by attribute
      </Title>
      {adrift.length > 0 && <DataTable label={`In step by attribute, ${stream.stream}`} columns={columns} rows={adrift} id={(row) => row.attribute} />}
      {whole.length > 0 && (
        <Text size="sm" c="dimmed">
          Every value in step: {whole.join(', ')}
        </Text>
      )}
    </div>
  );
}

function Findings({ audit }: { audit: Audit }) {
  const model = useModel();
  const [only, setOnly] = useState('');
  const findings = useFindings(audit.run.id, only as Disposition | '');
  const type = audit.streams[0]?.type ?? '';
  const columns: Column<Finding>[] = [
    {
      header: 'Record',
      cell: (row) =>
        row.goldenId ? (
          <Link to="/goldens/$id" params={{ id: row.goldenId }} className="mono">
            {row.record}
          </Link>
        ) : (
          <span className="mono">{row.record}</span>
        ),
    },
    { header: 'Attribute', cell: (row) => (row.attribute ? model.attribute(type, row.attribute) : 'the whole record') },
    { header: 'There', cell: (row) => <Value value={row.there} /> },
    { header: 'The hub believes', cell: (row) => <Value value={row.believed} /> },
    { header: 'Golden record', cell: (row) => <Value value={row.should} /> },
    {
      header: 'Why',
      cell: (row) => (
        <>
          {row.reason && model.spoken(row.reason)}{' '}
          {row.healed && (
            <Badge size="sm" variant="default">
              seen to
            </Badge>
          )}
        </>
      ),
    },
  ];
  return (
    <div>
      <Group justify="space-between" mb="xs" gap="sm">
        <Title order={3} size="h6">
          {counted(audit.findings + audit.unlisted, 'value or record', 'values and records')} out of step
        </Title>
        <NativeSelect
          size="xs"
          aria-label="Show"
          value={only}
          onChange={(event) => setOnly(event.currentTarget.value)}
          data={[{ value: '', label: 'All' }, ...DRIFTED.map((what) => ({ value: what, label: SAYS[what] }))]}
        />
      </Group>
      <Loaded query={findings} rows={4}>
        {(rows) => (
          <DataTable
            label="Out of step"
            columns={columns}
            rows={rows}
            id={(row) => `${row.record} ${row.attribute ?? ''}`}
            more={findings.hasNextPage ? { onMore: () => void findings.fetchNextPage(), loading: findings.isFetchingNextPage } : undefined}
          />
        )}
      </Loaded>
      {audit.unlisted > 0 && (
        <Text size="sm" c="dimmed">
          {count(audit.unlisted)} more are counted and not listed.
        </Text>
      )}
    </div>
  );
}

const Value = ({ value }: { value: string | undefined }) => (value ? <span style={{ overflowWrap: 'anywhere' }}>{value}</span> : <span className="dim">nothing</span>);
