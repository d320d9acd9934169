import { Box, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { type UseQueryResult, useQueryClient } from '@tanstack/react-query';
import { type Model, useModel } from '../../api/model';
import { type GoldenChange, type Stats, useRecentChanges, useStats, useSystems } from '../../api/queries';
import { DataTable } from '../../ui/DataTable';
import { useKeys } from '../../ui/Keys';
import { ButtonLink, Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { ago, count, counted } from '../../ui/format';
import { OVERDUE } from '../activity/overdue';
import { SYSTEM_COLUMNS } from '../systems/columns';
import { IN_STEP } from './InStepCell';
import classes from './Home.module.css';

/** What says whether a system is in step, without what only its own page needs. */
const LEFT_OUT = ['Last change', 'Records', 'Written'];
const [NAME, ...OTHERS] = SYSTEM_COLUMNS.filter((column) => !LEFT_OUT.includes(column.header));
const COLUMNS = [NAME!, IN_STEP, ...OTHERS];

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

/** Is everything in step, and what needs me? */
export function Home() {
  const stats = useStats();
  const queries = useQueryClient();
  useKeys('Home', [{ keys: 'r', does: 'Load everything again', run: () => void queries.invalidateQueries() }]);
  return (
    <Page title="Home" lead="Is everything in step, and what needs you?">
      {stats.data && isEmpty(stats.data) ? <FirstRun stats={stats.data} /> : <Health stats={stats} />}
    </Page>
  );
}

const isEmpty = (stats: Stats) => sum(Object.values(stats.goldens)) === 0 && sum(stats.records.map((r) => r.records)) === 0;

function FirstRun({ stats }: { stats: Stats }) {
  const connected = sum(Object.values(stats.systems)) > 0;
  return (
    <Empty
      title={connected ? 'Connected, and waiting for the first records' : 'No system is connected yet'}
      action={connected ? <ButtonLink to="/systems">Look at the systems</ButtonLink> : undefined}
    >
      <Stack gap={6} mt="xs" ta="start">
        <Text size="sm">
          <strong>Connect a system:</strong> name it and its mapping in the configuration file, then start the hub again.
        </Text>
        <Text size="sm">
          <strong>Load a file:</strong> <span className="mono">java -jar kintsugi.jar load customers.csv --system crm --kind person</span>
        </Text>
        <Text size="sm">
          <strong>See it work first:</strong> <span className="mono">java -jar kintsugi.jar demo</span> brings three systems with messy customers.
        </Text>
      </Stack>
    </Empty>
  );
}

/** Each part is there as soon as it is known, and one that cannot be had does not take the others away. */
function Health({ stats }: { stats: UseQueryResult<Stats> }) {
  const systems = useSystems();
  const changes = useRecentChanges();
  const away = stats.isError && !stats.data; // then one alert says so, not one for each part
  return (
    <Stack gap="lg">
      <Loaded query={stats} meanwhile={<Counting />}>
        {(data) => (
          <>
            <NeedsYou stats={data} />
            <Totals stats={data} />
          </>
        )}
      </Loaded>
      <Box className={classes.columns}>
        {!(away && systems.isError) && <SystemsTable systems={systems} />}
        {!(away && changes.isError) && <JustNow changes={changes} />}
      </Box>
    </Stack>
  );
}

/** The shape of what needs a person and of the totals, so that nothing jumps when they are known. */
function Counting() {
  return (
    <>
      <div>
        <Title order={2} size="h5" mb="xs">
          Needs you
        </Title>
        <Skeleton h={70} />
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
        {Array.from({ length: 4 }, (_, i) => (
          <Skeleton key={i} h={95} />
        ))}
      </SimpleGrid>
    </>
  );
}

function NeedsYou({ stats }: { stats: Stats }) {
  const parked = sum(stats.outbound.filter((o) => o.state === 'PARKED').map((o) => o.changes));
  const overdue = sum(stats.overdue.map((o) => o.changes));
  const oldestOverdue = stats.overdue.map((o) => o.oldestSentAt).sort()[0];
  const failing = (stats.systems.FAILING ?? 0) + (stats.systems.OFFLINE ?? 0);
  const { CANDIDATE = 0, DISPUTED = 0, UNMAPPABLE = 0, DELETED = 0, LOOP = 0, MERGE_BRAKE = 0 } = stats.reviews;
  const needs = [CANDIDATE, DISPUTED, DELETED, LOOP, MERGE_BRAKE, UNMAPPABLE, stats.schemaChanges, stats.firstSyncs, parked, overdue, failing].filter((n) => n > 0).length;
  return (
    <section aria-labelledby="needs-you">
      <Title order={2} size="h5" id="needs-you" mb="xs">
        Needs you
      </Title>
      {needs === 0 ? (
        <Card padding="sm">
          <State state="OK" label="Nothing. Every question is decided and every write has gone." />
        </Card>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, lg: Math.max(needs, 3) }} spacing="sm">
          {CANDIDATE > 0 && (
            <Link to="/review" className={classes.need} underline="never">
              <b>{count(CANDIDATE)}</b> {CANDIDATE === 1 ? 'likely duplicate' : 'likely duplicates'} to review
              {stats.oldestReviewAt && <span className={classes.oldest}>oldest {ago(stats.oldestReviewAt)}</span>}
            </Link>
          )}
          {DISPUTED > 0 && (
            <Link to="/review" search={{ kind: 'DISPUTED' }} className={classes.need} underline="never">
              <b>{count(DISPUTED)}</b> {DISPUTED === 1 ? 'record fits' : 'records fit'} more than one golden record
            </Link>
          )}
          {MERGE_BRAKE > 0 && (
            <Link to="/review" search={{ kind: 'MERGE_BRAKE' }} className={classes.need} underline="never">
              More merges than the brake lets through
            </Link>
          )}
          {LOOP > 0 && (
            <Link to="/review" search={{ kind: 'LOOP' }} className={classes.need} underline="never">
              <b>{count(LOOP)}</b> {LOOP === 1 ? 'value' : 'values'} changed back and forth
            </Link>
          )}
          {DELETED > 0 && (
            <Link to="/review" search={{ kind: 'DELETED' }} className={classes.need} underline="never">
              <b>{count(DELETED)}</b> {DELETED === 1 ? 'question' : 'questions'} about deleted records
            </Link>
          )}
          {stats.schemaChanges > 0 && (
            <Link to="/schema" className={classes.need} underline="never">
              <b>{count(stats.schemaChanges)}</b> {stats.schemaChanges === 1 ? 'field of a system' : 'fields of systems'} that changed
            </Link>
          )}
          {stats.firstSyncs > 0 && (
            <Link to="/systems" className={classes.need} underline="never">
              <b>{count(stats.firstSyncs)}</b> {stats.firstSyncs === 1 ? 'new system waits' : 'new systems wait'} for your approval to be written to
            </Link>
          )}
          {parked > 0 && (
            <Link to="/activity" search={{ tab: 'parked' }} className={classes.need} data-bad underline="never">
              <b>{count(parked)}</b> {parked === 1 ? 'write' : 'writes'} that a system refused
            </Link>
          )}
          {overdue > 0 && (
            <Link to="/activity" search={{ tab: 'outbox', state: OVERDUE }} className={classes.need} data-bad underline="never">
              <b>{count(overdue)}</b> {overdue === 1 ? 'write' : 'writes'} that nobody knows to have arrived
              {oldestOverdue && <span className={classes.oldest}>oldest sent {ago(oldestOverdue)}</span>}
            </Link>
          )}
          {UNMAPPABLE > 0 && (
            <Link to="/activity" search={{ tab: 'rows' }} className={classes.need} data-bad underline="never">
              <b>{count(UNMAPPABLE)}</b> {UNMAPPABLE === 1 ? 'row' : 'rows'} that could not be read
            </Link>
          )}
          {failing > 0 && (
            <Link to="/systems" className={classes.need} data-bad underline="never">
              <b>{count(failing)}</b> {failing === 1 ? 'system does' : 'systems do'} not answer
            </Link>
          )}
        </SimpleGrid>
      )}
    </section>
  );
}

function Totals({ stats }: { stats: Stats }) {
  const model = useModel();
  const live = sum(stats.records.filter((r) => r.state === 'LIVE').map((r) => r.records));
  const goldens = sum(Object.values(stats.goldens));
  const waiting = sum(stats.outbound.filter((o) => ['DUE', 'SENDING', 'VERIFYING', 'HELD'].includes(o.state)).map((o) => o.changes));
  const held = sum(stats.outbound.filter((o) => o.state === 'HELD').map((o) => o.changes));
  const settled = sum(stats.outbound.filter((o) => o.state === 'SETTLED').map((o) => o.changes));
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
      <Figure label="Golden records" value={goldens} gold>
        {Object.entries(stats.goldens)
          .map(([type, n]) => `${model.type(type)} ${count(n)}`)
          .join(' · ')}
      </Figure>
      <Figure label="Source records" value={live}>
        {goldens ? `${(live / goldens).toFixed(2)} for each golden record` : ' '}
      </Figure>
      <Figure label="Waiting to be written" value={waiting}>
        {waiting === 0 ? 'nothing is on its way' : held === 0 ? 'on their way to the systems' : `${held === waiting ? 'all' : count(held)} until a question is decided`}
      </Figure>
      <Figure label="Written and confirmed" value={settled}>
        {counted(stats.feed.lastMinute, 'change')} in the last minute
      </Figure>
    </SimpleGrid>
  );
}

function Figure({ label, value, gold, children }: { label: string; value: number; gold?: boolean; children: React.ReactNode }) {
  return (
    <Card padding="sm" {...(gold ? { bg: 'var(--k-gold)', style: { borderColor: 'var(--k-gold-line)' } } : {})}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={26} fw={680} lh={1.25}>
        {count(value)}
      </Text>
      <Text size="xs" c="dimmed">
        {children}
      </Text>
    </Card>
  );
}

function SystemsTable({ systems }: { systems: ReturnType<typeof useSystems> }) {
  return (
    <section aria-labelledby="systems">
      <Title order={2} size="h5" id="systems" mb="xs">
        Systems
      </Title>
      <Loaded query={systems} rows={3}>
        {(data) =>
          data.length ? <DataTable label="Systems" columns={COLUMNS} rows={data} id={(s) => s.id} rowKeys /> : <Empty title="No system is connected" />
        }
      </Loaded>
    </section>
  );
}

function JustNow({ changes }: { changes: ReturnType<typeof useRecentChanges> }) {
  return (
    <section aria-labelledby="just-now">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5" id="just-now">
          Just now
        </Title>
        <Text size="sm">
          <Link to="/merges">All merges</Link>
        </Text>
      </Group>
      <Loaded query={changes} rows={6}>
        {(data) =>
          data.length ? (
            <Card padding={0}>
              <ol className={classes.feed}>
                {data.filter(isNews).map((change) => (
                  <Change key={change.sequence} change={change} />
                ))}
              </ol>
            </Card>
          ) : (
            <Empty title="No change yet" />
          )
        }
      </Loaded>
    </section>
  );
}

/** What was merged away goes by the name of what took it in, which is told already. */
const isNews = (change: GoldenChange) => change.cause !== 'RETIRED';

const CAUSES: Record<GoldenChange['cause'], string> = {
  CREATED: 'created',
  UPDATED: 'changed',
  ABSORBED: 'took in another record',
  RETIRED: 'merged away',
  REVIVED: 'came back',
  SPLIT: 'gave records away',
  DELETED: 'deleted',
  ERASED: 'erased',
};

/** What an update was: values, or records that came or went while the values stayed. */
function update({ type, changed, joined, left }: GoldenChange, model: Model) {
  if (changed.length) {
    const names = changed.slice(0, 3).map((c) => model.attribute(type, c.attribute));
    return `${names.join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''} changed`;
  }
  return [joined.length && `${counted(joined.length, 'record')} joined`, left.length && `${counted(left.length, 'record')} left`].filter(Boolean).join(', ') || CAUSES.UPDATED;
}

function Change({ change }: { change: GoldenChange }) {
  const model = useModel();
  const from = [...new Set(change.changed.flatMap((c) => (c.from ? [model.system(c.from.split(':')[0]!)] : [])))];
  const what = change.cause === 'UPDATED' ? update(change, model) : CAUSES[change.cause];
  return (
    <li>
      <Text size="xs" c="dimmed" w={64} style={{ flexShrink: 0 }}>
        <When at={change.at} />
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Link to="/goldens/$id" params={{ id: change.goldenId }}>
          {change.golden?.label ?? change.goldenId}
        </Link>
        {': '}
        {what}
        {from.length > 0 && <span className="dim"> from {from.join(', ')}</span>}
      </Text>
    </li>
  );
}
