import { Alert, Badge, Button, Card, Group, Modal, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Problem } from '../../api/client';
import { useModel } from '../../api/model';
import { type SystemAction, type SystemDetail, useSystem, useSystemAction } from '../../api/queries';
import { type SystemSchema, useSystemSchema } from '../../api/schemas';
import { type Column, DataTable } from '../../ui/DataTable';
import { DialogActions } from '../../ui/DialogActions';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { count, span, words } from '../../ui/format';
import { DryRunButton } from '../dryRuns/DryRunButton';
import { Answers } from './Answers';
import { InStep } from './InStep';
import { SystemState, onlyLoaded } from './columns';
import { CheckIcon, PauseIcon, PlayIcon, RefreshCwIcon, TriangleAlertIcon, XIcon } from '../../ui/icons';

type Mapping = SystemDetail['streams'][number];
type Capabilities = NonNullable<SystemDetail['catalog']>['streams'][number]['capabilities'];

/** What does this system hold, what may the hub do there, and what means what? */
export function SystemPage() {
  const { id } = useParams({ from: '/systems/$id' });
  const system = useSystem(id);
  return <Loaded query={system} title="System">{(data) => <Detail detail={data} />}</Loaded>;
}

function Detail({ detail: { system, streams, catalog, settings } }: { detail: SystemDetail }) {
  const action = useSystemAction();
  const act = (what: SystemAction, done: string) =>
    action.mutate(
      { id: system.id, action: what },
      {
        onSuccess: () => notifications.show({ title: system.label, message: done }),
        onError: (error) => notifications.show({ color: 'red', title: Problem.from(error).title, message: Problem.from(error).detail ?? '' }),
      },
    );
  const paused = system.state === 'PAUSED';
  const loaded = onlyLoaded(system);
  return (
    <Page
      title={system.label}
      mark={<SystemState system={system} />}
      lead={
        loaded ? (
          <>
            <span className="mono">{system.id}</span> · its records were loaded from a file or a table; the hub neither reads nor writes it by itself
          </>
        ) : (
          <>
            <span className="mono">{system.id}</span> · connector {system.connector} · read every {span(system.pollEverySeconds)}, last{' '}
            {system.lastPoll ? <When at={system.lastPoll} /> : 'never'}
            {system.lastChange && (
              <>
                {' '}
                · last change <When at={system.lastChange} />
              </>
            )}
          </>
        )
      }
      actions={
        !loaded && (
          <>
            <Button variant="default" leftSection={<RefreshCwIcon />} disabled={paused} onClick={() => act('poll', 'Reading its changes now.')}>
              Read now
            </Button>
            <DryRunButton ask={{ kind: 'SYSTEM', system: system.id }} label="Dry run" />
            {paused ? (
              <Button leftSection={<PlayIcon />} onClick={() => act('resume', 'Goes on: what waited is written in order.')}>
                Resume
              </Button>
            ) : (
              <Button variant="default" leftSection={<PauseIcon />} onClick={() => act('pause', 'Paused: nothing is read or written; what must be written waits.')}>
                Pause
              </Button>
            )}
          </>
        )
      }
    >
      <Stack gap="lg">
        {system.problem && (
          <Alert
            role="alert"
            variant="default"
            icon={<TriangleAlertIcon />}
            title={paused ? 'Paused' : 'It does not work as it should'}
            styles={{ root: { borderColor: 'var(--k-bad)', background: 'var(--k-bad-soft)' }, icon: { color: 'var(--k-bad)' }, title: { color: 'var(--k-text)' } }}
          >
            {system.problem}
          </Alert>
        )}
        {system.firstSync && system.firstSync.answer !== 'APPROVED' && <FirstSync system={system} of={system.firstSync} act={act} busy={action.isPending} />}
        {system.state === 'RECOVERING' && (
          <Alert variant="default" title="Being caught up with after an outage">
            Nothing is written to it before every system that answers was read. <Link to="/activity">See the recovery</Link>
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Counts system={system} />
          <Outbound system={system} />
        </SimpleGrid>
        {!loaded && <InStep system={system} />}
        {streams.length === 0 && <Empty title="No stream is mapped">Nothing is read from this system until a stream is mapped in the configuration.</Empty>}
        {streams.map((stream) => (
          <Stream key={stream.stream} system={system.id} mapping={stream} capabilities={catalog?.streams.find((s) => s.name === stream.stream)?.capabilities} />
        ))}
        {settings.length > 0 && (
          <Text size="sm" c="dimmed">
            Settings that are set (their values are never shown): {settings.join(', ')}
          </Text>
        )}
      </Stack>
    </Page>
  );
}

function Counts({ system }: { system: SystemDetail['system'] }) {
  const model = useModel();
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb={4}>
        Records
      </Title>
      {system.records.length === 0 && <Text size="sm">None read yet.</Text>}
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {system.records.map((r) => (
            <Table.Tr key={`${r.type}${r.state}`}>
              <Table.Th scope="row">{model.type(r.type)}</Table.Th>
              <Table.Td>
                <State state={r.state} />
              </Table.Td>
              <Table.Td ta="right">{count(r.records)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Link to="/goldens" search={{ system: system.id }} fz="sm">
        Golden records with a record here
      </Link>
    </Card>
  );
}

/** How much a new system would be given, and whether it may. */
function FirstSync({
  system,
  of,
  act,
  busy,
}: {
  system: SystemDetail['system'];
  of: NonNullable<SystemDetail['system']['firstSync']>;
  act: (what: SystemAction, done: string) => void;
  busy: boolean;
}) {
  const [asked, setAsked] = useState(false);
  const refused = of.answer === 'REFUSED';
  const much = `${count(of.creates)} to create, up to ${count(of.updates)} to change${of.waits ? `, ${count(of.waits)} more to create once a question is decided` : ''}`;
  return (
    <Alert variant="default" title={refused ? 'Its first sync was refused' : 'Its first sync waits for approval'}>
      <Stack gap="xs">
        <Text size="sm">
          {much}. It is read and matched; nothing is written to it before somebody approves. A dry run names each of them.
        </Text>
        <Group gap="sm">
          <Button disabled={busy} onClick={() => setAsked(true)}>
            Approve…
          </Button>
          {!refused && (
            <Button variant="default" disabled={busy} onClick={() => act('refuse', 'Refused: nothing is written to it. It can still be approved.')}>
              Refuse
            </Button>
          )}
        </Group>
      </Stack>
      <Modal opened={asked} onClose={() => setAsked(false)} title={<Text fw={650}>Write to {system.label}?</Text>}>
        <Text size="sm">{much}. An approval is for good: from then on the hub writes what changes, too. To stop that, pause the system.</Text>
        <DialogActions>
          <Button variant="default" onClick={() => setAsked(false)}>
            Not yet
          </Button>
          <Button
            onClick={() => {
              setAsked(false);
              act('approve', 'Approved: what waits is written now.');
            }}
          >
            Approve
          </Button>
        </DialogActions>
      </Modal>
    </Alert>
  );
}

/** What waits to be written, in the order in which it goes. */
const CAUSES = [
  ['NEEDED', 'what others wait for'],
  ['REFERENCE', 'references'],
  ['DECISION', 'what people decided here'],
  ['EDIT', 'edits'],
  ['BACKLOG', 'first loads and what was missed'],
] as const;

function Outbound({ system }: { system: SystemDetail['system'] }) {
  const states = Object.entries(system.outbound).filter(([, n]) => n > 0);
  const waiting = CAUSES.filter(([cause]) => system.waiting[cause]);
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb={4}>
        Written to it
      </Title>
      {states.length === 0 && <Text size="sm">Nothing had to be written.</Text>}
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {states.map(([state, n]) => (
            <Table.Tr key={state}>
              <Table.Th scope="row">
                <State state={state} />
              </Table.Th>
              <Table.Td ta="right">{count(n)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {waiting.length > 0 && (
        <Text size="sm">
          Goes next, in this order: {waiting.map(([cause, words]) => `${words} (${count(system.waiting[cause]!)})`).join(', ')}. One in five is what
          has waited longest.
        </Text>
      )}
      <Group gap="md">
        <Link to="/activity" search={{ tab: 'outbox', system: system.id }} fz="sm">
          Outbox
        </Link>
        <Link to="/activity" search={{ tab: 'runs', system: system.id }} fz="sm">
          Runs
        </Link>
      </Group>
    </Card>
  );
}

const ABILITIES: [name: Capabilities['ops'][number], words: string][] = [
  ['CREATE', 'create'],
  ['UPDATE', 'change'],
  ['CLEAR_FIELD', 'clear a field'],
  ['DELETE', 'delete'],
  ['ARCHIVE', 'archive'],
  ['MERGE', 'merge'],
  ['CONDITIONAL_UPDATE', 'refuse a stale change'],
];

/** What is said of a mapped field that does not do all it should. */
const STILL: Partial<Record<SystemSchema['streams'][number]['fields'][number]['state'], string>> = {
  STANDS_STILL: 'stands still',
  READ_ONLY: 'only read',
};

function Stream({ system, mapping, capabilities }: { system: string; mapping: Mapping; capabilities: Capabilities | undefined }) {
  const model = useModel();
  const schema = useSystemSchema(system).data?.streams.find((stream) => stream.stream === mapping.stream);
  const fields = schema?.fields ?? [];
  const still = new Map(fields.filter((field) => STILL[field.state]).map((field) => [field.name, STILL[field.state]!]));
  const columns: Column<Mapping['fields'][number]>[] = [
    { header: 'Field there', cell: (field) => <span className="mono">{field.field}</span> },
    { header: 'Read as', cell: (field) => field.functions.join(', ') || 'as it is' },
    { header: 'Attribute', cell: (field) => model.attribute(mapping.type, field.attribute) },
    { header: 'Written back', cell: (field) => (mapping.write && field.writable ? 'yes' : 'no') },
  ];
  if (mapping.fields.some((field) => still.has(field.field)))
    columns.push({
      header: 'Now',
      cell: (field) =>
        still.has(field.field) && (
          <Link to="/schema" search={{ system }}>
            {still.get(field.field)}
          </Link>
        ),
    });
  return (
    <section aria-label={`Stream ${mapping.stream}`}>
      <Group gap="sm" mb="xs">
        <Title order={2} size="h5">
          <span className="mono">{mapping.stream}</span> → {model.type(mapping.type)}
        </Title>
        <Badge variant="default">{mapping.write ? 'the hub may change records' : 'read only'}</Badge>
        <Badge variant="default">{mapping.provision ? 'the hub may create records' : 'no new records'}</Badge>
      </Group>
      {capabilities && (
        <Group gap="md" mb="xs" fz="sm" component="ul" p={0} style={{ listStyle: 'none' }} aria-label="What the system can do">
          <Text component="li" size="sm" c="dimmed">
            The system can:
          </Text>
          {ABILITIES.map(([name, label]) => {
            const can = capabilities.ops.includes(name);
            return (
              <Group key={name} gap={4} component="li" c={can ? 'var(--k-good)' : 'var(--k-dim)'}>
                {can ? <CheckIcon size={14} /> : <XIcon size={14} />} {can ? label : `cannot ${label}`}
              </Group>
            );
          })}
          <Group gap={4} component="li">
            reads: {capabilities.feeds.map((feed) => words(feed).toLowerCase()).join(', ') || 'nothing'}
          </Group>
        </Group>
      )}
      <DataTable label={`Mapping of ${mapping.stream}`} columns={columns} rows={mapping.fields} id={(field) => `${field.field} ${field.attribute}`} />
      <Text size="xs" c="dimmed" mt={4}>
        The mapping is kept in the configuration file, with what was answered under <Link to="/schema">Schema</Link> laid over it.
      </Text>
      {schema && <Answers system={system} stream={schema} />}
    </section>
  );
}
