import { Text } from '@mantine/core';
import type { System } from '../../api/queries';
import type { Column } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { When } from '../../ui/When';
import { OVERDUE } from '../activity/overdue';
import { count, span, words } from '../../ui/format';

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

const waiting = (system: System) => sum(['DUE', 'SENDING', 'VERIFYING', 'HELD'].map((state) => system.outbound[state] ?? 0));

/** Whether its records only were loaded once, so that the hub neither reads nor writes it. */
export const onlyLoaded = (system: System) => system.connector === 'none';

export function SystemState({ system }: { system: System }) {
  if (onlyLoaded(system)) return <State state="LOADED" label="Loaded" />;
  return <State state={system.state === 'RUNNING' ? 'OK' : system.state} label={words(system.state)} />;
}

export const SYSTEM_COLUMNS: Column<System>[] = [
  {
    header: 'System',
    cell: (s) => (
      <>
        <Link to="/systems/$id" params={{ id: s.id }}>
          {s.label}
        </Link>
        {s.problem && (
          <Text size="xs" c="var(--k-bad)">
            {s.problem}
          </Text>
        )}
        {s.firstSync && s.firstSync.answer !== 'APPROVED' && (
          <Text size="xs" c={s.firstSync.answer === 'WAITING' ? 'var(--k-warn)' : 'dimmed'}>
            {s.firstSync.answer === 'WAITING' ? 'first sync waits for approval' : 'first sync refused, nothing is written'}
          </Text>
        )}
      </>
    ),
  },
  { header: 'State', cell: (s) => <SystemState system={s} /> },
  { header: 'Last read', cell: (s) => (s.lastPoll ? <When at={s.lastPoll} /> : onlyLoaded(s) ? 'by “load” only' : 'not yet') },
  { header: 'Last change', cell: (s) => (s.lastChange ? <When at={s.lastChange} /> : 'none') },
  { header: 'Records', end: true, cell: (s) => count(sum(s.records.filter((r) => r.state === 'LIVE').map((r) => r.records))) },
  { header: 'Written', end: true, cell: (s) => count(s.outbound.SETTLED ?? 0) },
  {
    header: 'Waiting',
    end: true,
    cell: (s) => (
      <>
        {count(waiting(s))}
        {s.outbound.HELD ? (
          <Text size="xs" c="dimmed" className="nowrap">
            {s.outbound.HELD === waiting(s) ? '' : `${count(s.outbound.HELD)} `}for a decision
          </Text>
        ) : null}
        {s.overdue && (
          <Text size="xs" className="nowrap">
            <Link to="/activity" search={{ tab: 'outbox', state: OVERDUE, system: s.id }} c="var(--k-bad)">
              {count(s.overdue.changes)} not known to have arrived
            </Link>
          </Text>
        )}
        {s.lagSeconds ? (
          <Text size="xs" c="dimmed" className="nowrap">
            since {span(s.lagSeconds)}
          </Text>
        ) : null}
      </>
    ),
  },
  {
    header: 'Parked',
    end: true,
    cell: (s) =>
      s.outbound.PARKED ? (
        <Link to="/activity" search={{ tab: 'parked', system: s.id }} c="var(--k-bad)" fw={650}>
          {count(s.outbound.PARKED)}
        </Link>
      ) : (
        0
      ),
  },
];
