import { Button, Card, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useModel } from '../../api/model';
import { type Certificate, type RecoveryConflict, useCertificate, useConflicts, useRun } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { count, counted, ruleWords, shortId } from '../../ui/format';

type Part = Certificate['systems'][number];
type Equality = Certificate['equality'][number];

const TIERS: Record<Part['streams'][number]['tier'], string> = {
  LIVE: 'read all the time',
  REPLAY: 'its log was read on',
  WATERMARK: 'later stamps were read',
  FULL: 'everything was read',
};

/** What an outage did, how it was made good, and whether everything is in step now. */
export function RecoveryPage() {
  const { id } = useParams({ from: '/activity/recoveries/$id' });
  const run = useRun(id);
  const going = run.data?.state === 'RUNNING';
  const certificate = useCertificate(id, run.data !== undefined);
  const address = `/api/v1/runs/${id}/certificate`;
  return (
    <Page
      title="Recovery"
      mark={run.data && <State state={run.data.state} />}
      lead={certificate.data?.cause ? <Cause cause={certificate.data.cause} /> : 'After an outage all systems are read before anything is written.'}
      actions={
        certificate.data && (
          <Button component="a" variant="default" href={address} download={`recovery-${id}.json`}>
            Download as JSON
          </Button>
        )
      }
    >
      {going && certificate.isError ? (
        <Empty title="Systems are being read">
          Nothing is written before every system that answers was read and everything was resolved. {counted(run.data?.counts.read ?? 0, 'row')} so far.
        </Empty>
      ) : (
        <Loaded query={certificate}>{(data) => <Parts certificate={data} />}</Loaded>
      )}
    </Page>
  );
}

/** The sentence of the hub ends with a moment, which is said as people say it. */
function Cause({ cause }: { cause: string }) {
  const model = useModel();
  const [, what, since] = /^(.*) since (\S+)$/.exec(cause) ?? [];
  return (
    <>
      After an outage: {model.spokenRow(what ?? cause)}
      {since && (
        <>
          {' '}
          since <When at={since} as="minute" />
        </>
      )}
      .
    </>
  );
}

function Parts({ certificate }: { certificate: Certificate }) {
  const { opened, resolved, ended, equality, questions } = certificate;
  const asked = Object.values(questions).reduce((sum, n) => sum + n, 0);
  const differing = equality.reduce((sum, part) => sum + part.differing, 0);
  return (
    <Stack gap="lg">
      <Card padding="sm">
        {ended ? (
          <State
            state={differing ? 'OPEN' : 'OK'}
            label={differing ? `${counted(differing, 'value')} still ${differing === 1 ? 'differs' : 'differ'}` : 'Every system that took part holds what it should'}
          />
        ) : (
          <State state="RUNNING" label="Being written" />
        )}
        <Text size="sm" c="dimmed" mt={4}>
          Writing began <When at={opened} as="minute" />
          {ended && (
            <>
              {' '}
              and was over <When at={ended} as="minute" />
            </>
          )}
          {!resolved && ' · before everything that was read was resolved, which took long'}
          {asked > 0 && ` · ${counted(asked, 'question')} for stewards ${asked === 1 ? 'was' : 'were'} open`}
        </Text>
      </Card>
      <Systems parts={certificate.systems} />
      <Conflicts certificate={certificate} />
      {equality.length > 0 && <InStep equality={equality} />}
    </Stack>
  );
}

/** Streams that are caught up with alike are told once. */
const ways = (part: Part) => [...new Map(part.streams.map((stream) => [stream.tier + stream.reason, [TIERS[stream.tier], stream.reason] as const])).values()];

function Systems({ parts }: { parts: Part[] }) {
  const model = useModel();
  const columns: Column<Part>[] = [
    {
      header: 'System',
      cell: (part) => (
        <Link to="/systems/$id" params={{ id: part.system }}>
          {model.system(part.system)}
        </Link>
      ),
    },
    { header: 'Away since', cell: (part) => (part.silentSince ? <When at={part.silentSince} as="minute" /> : 'was not away') },
    {
      header: 'Caught up',
      cell: (part) =>
        part.leftOut
          ? `left out: ${part.leftOut}`
          : ways(part).map(([tier, reason]) => (
              <Text key={tier + reason} size="sm">
                {tier}
                {!reason.endsWith(tier) && <span className="dim"> · {model.spoken(reason)}</span>}
              </Text>
            )),
    },
    { header: 'Read up to', cell: (part) => (part.barrier ? <When at={part.barrier} as="minute" /> : '–') },
    { header: 'Rows read', end: true, cell: (part) => count(part.read.read ?? 0) },
    { header: 'New or changed', end: true, cell: (part) => count(part.read.stored ?? 0) },
    { header: 'Deleted', end: true, cell: (part) => count(part.deletes) },
    { header: 'To write', end: true, cell: (part) => count(part.planned) },
    { header: 'Still waiting', end: true, cell: (part) => count(part.waiting + part.parked + part.held) },
  ];
  return (
    <section aria-labelledby="systems">
      <Title order={2} size="h5" id="systems" mb="xs">
        Systems
      </Title>
      <DataTable label="Systems" columns={columns} rows={parts} id={(part) => part.system} />
    </section>
  );
}

function Conflicts({ certificate: { run, conflictCount, systems } }: { certificate: Certificate }) {
  const model = useModel();
  const [system, setSystem] = useState('');
  const conflicts = useConflicts(run, system);
  const columns: Column<RecoveryConflict>[] = [
    {
      header: 'Golden record',
      cell: (row) => (
        <Link to="/goldens/$id" params={{ id: row.goldenId }} title={row.goldenId}>
          {row.label || shortId(row.goldenId)}
        </Link>
      ),
    },
    { header: 'Attribute', cell: (row) => model.attribute(row.entityType, row.attribute) },
    {
      header: 'Entered meanwhile',
      cell: (row) =>
        row.candidates.map((candidate) => (
          <Text key={candidate.record} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {candidate.survives ? <strong>{candidate.value || 'nothing'}</strong> : candidate.value || 'nothing'}
            <span className="dim">
              {' '}
              · {model.spoken(candidate.record)}
              {candidate.changedAt && (
                <>
                  , <When at={candidate.changedAt} as="minute" />
                </>
              )}
            </span>
          </Text>
        )),
    },
    { header: 'Stands', cell: (row) => <strong style={{ overflowWrap: 'anywhere' }}>{row.value || 'nothing'}</strong> },
    { header: 'Because', cell: (row) => (row.rule ? ruleWords(row.rule) : '–') },
  ];
  return (
    <section aria-labelledby="conflicts">
      <Group justify="space-between" mb="xs" gap="sm">
        <Title order={2} size="h5" id="conflicts">
          {counted(conflictCount, 'conflict')}
        </Title>
        {conflictCount > 0 && (
          <NativeSelect
            size="xs"
            aria-label="Entered in"
            value={system}
            onChange={(event) => setSystem(event.currentTarget.value)}
            data={[{ value: '', label: 'All systems' }, ...systems.map((part) => ({ value: part.system, label: model.system(part.system) }))]}
          />
        )}
      </Group>
      {conflictCount === 0 ? (
        <Empty title="No two edits met" done />
      ) : (
        <Loaded query={conflicts} rows={4}>
          {(rows) =>
            rows.length || conflicts.hasNextPage ? (
              <DataTable
                label="Conflicts"
                columns={columns}
                rows={rows}
                id={(row) => `${row.goldenId} ${row.attribute}`}
                more={conflicts.hasNextPage ? { onMore: () => void conflicts.fetchNextPage(), loading: conflicts.isFetchingNextPage } : undefined}
              />
            ) : system ? (
              <Empty title="None with a value of this system" />
            ) : (
              <Empty title="Not kept any more">The hub keeps the conflicts of its last recoveries, without what was erased.</Empty>
            )
          }
        </Loaded>
      )}
    </section>
  );
}

function InStep({ equality }: { equality: Equality[] }) {
  const model = useModel();
  const columns: Column<Equality>[] = [
    { header: 'System', cell: (row) => `${model.system(row.system)} · ${model.type(row.type)}` },
    { header: 'Records', end: true, cell: (row) => count(row.records) },
    {
      header: 'Holds what it should',
      cell: (row) => <State state={row.equal ? 'OK' : 'OPEN'} label={row.equal ? 'Equal' : `${counted(row.differing, 'value')} differ`} />,
    },
    { header: 'Hash', cell: (row) => <span className="mono">{row.holds.slice(0, 16)}</span> },
  ];
  return (
    <section aria-labelledby="equality">
      <Title order={2} size="h5" id="equality" mb="xs">
        Equality
      </Title>
      <DataTable label="Equality" columns={columns} rows={equality} id={(row) => `${row.system} ${row.type}`} />
      <Text size="sm" c="dimmed">
        By what the hub last read. To ask the systems themselves, <Link to="/systems">audit them</Link>.
      </Text>
    </section>
  );
}
