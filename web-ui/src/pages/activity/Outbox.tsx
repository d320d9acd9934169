import { Box, Text } from '@mantine/core';
import { useModel } from '../../api/model';
import { type OutboundChange, type OutboundFilter, useOutbound } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { recordKey, shortId } from '../../ui/format';
import { Cause } from './Cause';
import { RetryButton } from './RetryButton';

/** What must be written, or last was, newest first; what is overdue comes first sent first. */
export function Outbox({ filter }: { filter: OutboundFilter }) {
  const model = useModel();
  const outbound = useOutbound(filter);
  const columns: Column<OutboundChange>[] = [
    {
      header: 'To',
      cell: (change) => (
        <Box miw={190}>
          {model.system(change.system)} {change.target ? <span className="mono dim">{recordKey(change.target).externalId}</span> : <span className="dim">new record</span>}
        </Box>
      ),
    },
    {
      header: 'Golden record',
      cell: (change) => (
        <Link to="/goldens/$id" params={{ id: change.goldenId }}>
          {change.label ?? shortId(change.goldenId)}
        </Link>
      ),
    },
    { header: 'State', cell: (change) => <State state={change.state} /> },
    {
      header: 'Attributes sent',
      cell: (change) =>
        change.intent &&
        model
          .inOrder(change.type, Object.keys(change.intent.values))
          .map((name) => model.attribute(change.type, name))
          .join(', '),
    },
    { header: 'Sent', cell: (change) => change.intent && <When at={change.intent.sentAt} /> },
    { header: 'Failed tries', end: true, cell: (change) => change.attempts || '' },
    { header: 'Changed', cell: (change) => <When at={change.updatedAt} /> },
    {
      header: 'Cause',
      cell: (change) => (
        <>
          {change.problem && (
            <Text size="sm">
              <Cause problem={change.problem} />
            </Text>
          )}
          {change.state === 'PARKED' && <RetryButton outboundKey={change.key} />}
        </>
      ),
    },
  ];
  return (
    <Loaded query={outbound} rows={8}>
      {(rows) =>
        rows.length ? (
          <DataTable
            label="Outbox"
            columns={columns}
            rows={rows}
            id={(change) => change.key}
            more={outbound.hasNextPage ? { onMore: () => void outbound.fetchNextPage(), loading: outbound.isFetchingNextPage } : undefined}
          />
        ) : (
          <Empty title={filter.system || filter.state || filter.overdue ? 'No write matches the filter' : 'Nothing had to be written yet'} />
        )
      }
    </Loaded>
  );
}
