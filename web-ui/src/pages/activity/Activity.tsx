import { Badge, Group, NativeSelect, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useModel } from '../../api/model';
import { useStats } from '../../api/queries';
import { useKeys } from '../../ui/Keys';
import { Page } from '../../ui/Page';
import { FilterBar } from '../../ui/FilterBar';
import { count, words } from '../../ui/format';
import { Outbox } from './Outbox';
import { OVERDUE } from './overdue';
import { Parked } from './Parked';
import { Rows } from './Rows';
import { Runs } from './Runs';

const TABS = ['runs', 'outbox', 'parked', 'rows'] as const;
type Tab = (typeof TABS)[number];
const LABELS: Record<Tab, string> = { runs: 'Runs', outbox: 'Outbox', parked: 'Parked writes', rows: 'Parked rows' };
const STATES: Record<Tab, string[]> = {
  runs: ['RUNNING', 'DONE', 'FAILED', 'CANCELLED'],
  outbox: ['DUE', 'SENDING', 'VERIFYING', 'HELD', 'PARKED', 'SETTLED', OVERDUE],
  parked: [],
  rows: [],
};

/** What moved, what did not, and how do I get it moving? */
export function Activity() {
  const { tab = 'runs', system, state } = useSearch({ from: '/activity' });
  const navigate = useNavigate({ from: '/activity' });
  const model = useModel();
  const stats = useStats().data;
  const go = (next: { tab?: Tab; system?: string | undefined; state?: string | undefined }) =>
    void navigate({ search: Object.fromEntries(Object.entries(next).filter(([, value]) => value)), replace: true });
  const show = (next: Tab) => go({ tab: next, system });
  useKeys('Activity', TABS.map((name, i) => ({ keys: String(i + 1), does: LABELS[name], run: () => show(name) })));
  const counts: Partial<Record<Tab, number>> = {
    parked: stats?.outbound.filter((o) => o.state === 'PARKED').reduce((sum, o) => sum + o.changes, 0),
    rows: stats?.reviews.UNMAPPABLE,
  };
  const filter = { ...(system ? { system } : {}) };
  const known = STATES[tab].find((each) => each === state);

  return (
    <Page title="Activity" lead="What moved between the systems, what waits, and what is stuck.">
      <Tabs value={tab} onChange={(value) => show((value ?? 'runs') as Tab)} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              <Group gap={6} wrap="nowrap">
                {LABELS[name]}
                {counts[name] ? (
                  <Badge variant="default" size="sm">
                    {count(counts[name])}
                  </Badge>
                ) : null}
              </Group>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <FilterBar label="Filter" onClear={system || state ? () => go({ tab }) : undefined}>
          <NativeSelect
            aria-label="System"
            value={system ?? ''}
            onChange={(event) => go({ tab, state, system: event.currentTarget.value })}
            data={[{ value: '', label: 'All systems' }, ...model.systems.map((s) => ({ value: s.id, label: s.label }))]}
          />
          {STATES[tab].length > 0 && (
            <NativeSelect
              aria-label="State"
              value={known ?? ''}
              onChange={(event) => go({ tab, system, state: event.currentTarget.value })}
              data={[{ value: '', label: 'All states' }, ...STATES[tab].map((each) => ({ value: each, label: each === OVERDUE ? 'Outcome not known for 15 minutes' : words(each) }))]}
            />
          )}
        </FilterBar>
        <Tabs.Panel value="runs">
          <Runs filter={{ ...filter, ...(known ? { state: known as 'DONE' } : {}) }} />
        </Tabs.Panel>
        <Tabs.Panel value="outbox">
          <Outbox filter={{ ...filter, ...(known === OVERDUE ? { overdue: true } : known ? { state: known as 'DUE' } : {}) }} />
        </Tabs.Panel>
        <Tabs.Panel value="parked">
          <Parked filter={{ ...filter, state: 'PARKED' }} />
        </Tabs.Panel>
        <Tabs.Panel value="rows">
          <Rows filter={{ ...filter, kind: 'UNMAPPABLE' }} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
