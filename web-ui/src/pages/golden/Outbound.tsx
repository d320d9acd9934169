import { Text } from '@mantine/core';
import { useModel } from '../../api/model';
import type { OutboundChange } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { State } from '../../ui/State';
import { Empty } from '../../ui/States';
import { When } from '../../ui/When';
import { recordKey } from '../../ui/format';
import { Cause } from '../activity/Cause';
import { RetryButton } from '../activity/RetryButton';

/** What each system was told, or waits to be told. */
export function Outbound({ changes }: { changes: OutboundChange[] }) {
  const model = useModel();
  const columns: Column<OutboundChange>[] = [
    { header: 'System', cell: (change) => model.system(change.system) },
    { header: 'Record', cell: (change) => (change.target ? <span className="mono">{recordKey(change.target).externalId}</span> : 'to be created') },
    { header: 'State', cell: (change) => <State state={change.state} /> },
    {
      header: 'Last sent',
      cell: (change) =>
        change.intent ? (
          <>
            {model
              .inOrder(change.type, Object.keys(change.intent.values))
              .map((name) => model.attribute(change.type, name))
              .join(', ') || 'nothing'}{' '}
            <Text span size="xs" c="dimmed">
              <When at={change.intent.sentAt} />
            </Text>
          </>
        ) : (
          'not yet'
        ),
    },
    { header: 'Failed tries', end: true, cell: (change) => change.attempts },
    {
      header: 'Cause',
      cell: (change) => (
        <>
          {change.problem && <Cause problem={change.problem} />}
          {change.state === 'PARKED' && <RetryButton outboundKey={change.key} />}
        </>
      ),
    },
  ];
  if (!changes.length) return <Empty title="Nothing was written anywhere">Every system already had these values, or may not be written to.</Empty>;
  return <DataTable label="Written to systems" columns={columns} rows={changes} id={(change) => change.key} />;
}
