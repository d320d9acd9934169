import { Alert, Button, Card, Group, NativeSelect, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type DryChange, type DryChangeKind, type DryRun, useCancelDryRun, useDryChanges, useDryRun } from '../../api/dryRuns';
import { type Model, useModel } from '../../api/model';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { count, counted, recordKey } from '../../ui/format';
import { TriangleAlertIcon, XIcon } from '../../ui/icons';

type Found = NonNullable<DryRun['found']>;

const KINDS: Record<DryChangeKind, string> = {
  CREATE: 'created',
  UNDELETE: 'brought back',
  UPDATE: 'changed',
  DELETE: 'deleted',
  MERGE: 'merged',
  SPLIT: 'split',
  HELD: 'would wait',
  QUESTION: 'would be asked',
};
const WRITES = ['CREATE', 'UNDELETE', 'UPDATE', 'DELETE', 'HELD'] as const;

const STAGES: Record<NonNullable<DryRun['stage']>, string> = {
  COPYING: 'copying what the hub knows',
  READING: 'reading rows',
  RESOLVING: 'finding out what is the same',
  SENDING: 'finding out what would be sent',
  COMPARING: 'comparing',
};

/** A question of which the hub itself may know nothing yet. */
const WAITS = /^waits for review \S+$/;

const DOCUMENTS: Record<string, (name: string, model: Model) => string> = {
  matching: (type, model) => `match rules of ${model.type(type)}`,
  authority: (type, model) => `the authority of ${model.type(type)}`,
  deletes: (type, model) => `the delete policy of ${model.type(type)}`,
  entity: (type, model) => `the type ${model.type(type)}`,
  system: (id, model) => `the system ${model.system(id)}`,
};

/** What is tried, for people: `publishing matching contact, system crm`. */
const about = (said: string, model: Model) =>
  said.startsWith('publishing ')
    ? said.replace(/\b(matching|authority|deletes|entity|system) ([^\s,]+)/g, (_, kind: string, name: string) => DOCUMENTS[kind]!(name, model))
    : model.spoken(said);

/** What would this change lead to? Nothing of it has happened. */
export function DryRunPage() {
  const { id } = useParams({ from: '/dry-runs/$id' });
  const run = useDryRun(id);
  return <Loaded query={run} title="Dry run">{(data) => <Run run={data} />}</Loaded>;
}

function Run({ run }: { run: DryRun }) {
  const cancel = useCancelDryRun();
  const model = useModel();
  return (
    <Page
      title={`Dry run of ${about(run.about, model)}`}
      mark={<State state={run.state} />}
      lead={
        <>
          Nothing was stored, and no system was asked to write. Begun <When at={run.startedAt} />
          {run.found && <>, with what the hub knew then</>}.
        </>
      }
      actions={
        run.state === 'RUNNING' && (
          <Button variant="default" leftSection={<XIcon />} loading={cancel.isPending} onClick={() => cancel.mutate(run.id)}>
            Cancel
          </Button>
        )
      }
    >
      <Stack gap="lg">
        {run.state === 'RUNNING' && <Going run={run} />}
        {run.problem && (
          <Alert role="alert" variant="default" icon={<TriangleAlertIcon />} title="It could not be found out">
            {model.spoken(run.problem)}
          </Alert>
        )}
        {run.state === 'CANCELLED' && <Empty title="It was cancelled">Begin it again where you began it.</Empty>}
        {run.found && <Outcome id={run.id} found={run.found} ofDeletes={/^publishing (.*, )?deletes /.test(run.about)} />}
      </Stack>
    </Page>
  );
}

function Going({ run }: { run: DryRun }) {
  const far = run.total ? `${count(run.done)} of ${count(run.total)}` : run.done ? count(run.done) : '';
  return (
    <div role="status">
      <Progress value={run.total ? (100 * run.done) / run.total : 100} animated={!run.total} aria-label="Dry run" mb={4} />
      <Text size="sm" c="dimmed">
        {run.stage ? STAGES[run.stage] : 'beginning'}
        {far && `: ${far}`}
      </Text>
    </div>
  );
}

function Outcome({ id, found, ofDeletes }: { id: string; found: Found; ofDeletes: boolean }) {
  const model = useModel();
  return (
    <>
      {found.warnings.length > 0 && (
        <Alert
          variant="default"
          icon={<TriangleAlertIcon />}
          title="Look at this first"
          styles={{ root: { borderColor: 'var(--k-warn)' }, icon: { color: 'var(--k-warn)' }, title: { color: 'var(--k-text)' } }}
        >
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {found.warnings.map((warning) => (
              <Text key={warning.guard + warning.text} component="li" size="sm">
                {model.spoken(warning.text)}
              </Text>
            ))}
          </ul>
        </Alert>
      )}
      {isNothing(found) ? (
        <Empty done title="Nothing would be written, and no golden record would change">
          {found.underWay > 0 && `${counted(found.underWay, 'write')} ${found.underWay === 1 ? 'goes' : 'go'} out anyway, whatever is changed. `}
          {ofDeletes && 'A delete policy counts for what is deleted from now on: on the page Deletes the draft is replayed on the deletions of the last 30 days.'}
        </Empty>
      ) : (
        <Systems found={found} model={model} />
      )}
      {found.streams.map((stream) => (
        <Text key={`${stream.system} ${stream.stream}`} size="sm">
          <strong>
            {model.system(stream.system)}, {stream.stream}
          </strong>
          : {counted(stream.rows, 'row')} read; {count(stream.linked)} would join what other systems hold, {count(stream.alone)} nobody else holds
          {stream.twins > 0 && <>, {count(stream.twins)} {stream.twins === 1 ? 'is' : 'are'} the same as another row of it</>}
          {stream.blank > 0 && <>, {count(stream.blank)} {stream.blank === 1 ? 'holds' : 'hold'} nothing that identifies them</>}
          {stream.unreadable > 0 && <>, {count(stream.unreadable)} cannot be read as they are mapped</>}.
        </Text>
      ))}
      {found.listed > 0 && <Changes id={id} found={found} model={model} />}
    </>
  );
}

const isNothing = ({ listed, more, goldens: { added, changed, retired } }: Found) => listed + more + added + changed + retired === 0;

function Systems({ found, model }: { found: Found; model: Model }) {
  const { added, changed, retired } = found.goldens;
  const systems = Object.entries(found.systems);
  const shown = WRITES.filter((kind) => kind !== 'UNDELETE' || systems.some(([, kinds]) => kinds.UNDELETE));
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        What would happen
      </Title>
      {systems.length > 0 && (
        <Table verticalSpacing={4} aria-label="By system">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">System</Table.Th>
              {shown.map((kind) => (
                <Table.Th key={kind} scope="col" ta="right">
                  {KINDS[kind]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {systems.map(([system, kinds]) => (
              <Table.Tr key={system}>
                <Table.Th scope="row">{model.system(system)}</Table.Th>
                {shown.map((kind) => (
                  <Table.Td key={kind} ta="right">
                    {count(kinds[kind] ?? 0)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm" mt="xs">
        {systems.length === 0 && 'Nothing would be written. '}
        {counted(added, 'golden record')} would be new, {count(changed)} {changed === 1 ? 'has' : 'have'} other values, {count(retired)} {retired === 1 ? 'goes' : 'go'};{' '}
        {counted(found.hub.MERGE ?? 0, 'merge')}, {counted(found.hub.SPLIT ?? 0, 'split')}, {counted(found.hub.QUESTION ?? 0, 'question')} for a person.
        {found.underWay > 0 && ` ${counted(found.underWay, 'write')} more ${found.underWay === 1 ? 'goes' : 'go'} out anyway, whatever is changed.`}
      </Text>
    </Card>
  );
}

function Changes({ id, found, model }: { id: string; found: Found; model: Model }) {
  const search = useSearch({ from: '/dry-runs/$id' });
  const navigate = useNavigate({ from: '/dry-runs/$id' });
  const changes = useDryChanges(id, search);
  const show = (next: typeof search) => void navigate({ search: next, replace: true });
  const columns: Column<DryChange>[] = [
    { header: 'What', cell: (change) => <What change={change} model={model} /> },
    { header: 'Would be', cell: (change) => KINDS[change.kind] },
    { header: 'In', cell: (change) => (change.system ? model.system(change.system) : 'the hub') },
    { header: 'How', cell: (change) => <How change={change} model={model} /> },
  ];
  return (
    <section aria-labelledby="changes">
      <Group justify="space-between" mb="xs" gap="sm">
        <Title order={2} size="h5" id="changes">
          One by one
        </Title>
        <Group gap="xs">
          <NativeSelect
            size="xs"
            aria-label="System"
            value={search.system ?? ''}
            onChange={(event) => show({ ...search, system: event.currentTarget.value || undefined })}
            data={[{ value: '', label: 'Everywhere' }, ...Object.keys(found.systems).map((system) => ({ value: system, label: model.system(system) }))]}
          />
          <NativeSelect
            size="xs"
            aria-label="Kind"
            value={search.kind ?? ''}
            onChange={(event) => show({ ...search, kind: (event.currentTarget.value || undefined) as DryChangeKind | undefined })}
            data={[{ value: '', label: 'Everything' }, ...Object.entries(KINDS).map(([value, label]) => ({ value, label }))]}
          />
        </Group>
      </Group>
      <Loaded query={changes} rows={5}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="Nothing of that would happen" />
          ) : (
            <DataTable
              label="Changes"
              columns={columns}
              rows={rows}
              id={(change) => `${change.kind} ${change.system} ${change.record} ${change.goldens.join()} ${change.why}`}
              more={changes.hasNextPage ? { onMore: () => void changes.fetchNextPage(), loading: changes.isFetchingNextPage } : undefined}
            />
          )
        }
      </Loaded>
      {found.more > 0 && (
        <Text size="sm" c="dimmed">
          {count(found.more)} more are counted and not listed.
        </Text>
      )}
    </section>
  );
}

function What({ change, model }: { change: DryChange; model: Model }) {
  const key = change.record ? recordKey(change.record) : null;
  return (
    <>
      {change.label}
      {key && (
        <Text size="xs" c="dimmed">
          {model.system(key.system)} <span className="mono">{key.externalId}</span>
        </Text>
      )}
    </>
  );
}

function How({ change, model }: { change: DryChange; model: Model }) {
  return (
    <>
      {change.values.map((value) => (
        <Text key={value.attribute} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {change.entityType ? model.attribute(change.entityType, value.attribute) : value.attribute}: {change.kind !== 'CREATE' && <>{value.from ?? <em>nothing</em>} → </>}
          {value.to ?? <em>nothing</em>}
        </Text>
      ))}
      {change.why && <Text size="sm">{WAITS.test(change.why) ? 'waits for an open question' : model.spoken(change.why)}</Text>}
      {change.kind === 'MERGE' &&
        change.goldens.map((golden, i) => (
          <span key={golden}>
            {i > 0 && ' + '}
            <Link to="/goldens/$id" params={{ id: golden }} fz="sm" className="mono">
              {golden}
            </Link>
          </span>
        ))}
    </>
  );
}
