import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useModel } from '../../api/model';
import { type OutboundChange, type OutboundFilter, useOutbound, useRetry } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { counted, problemWords, recordKey, shortId } from '../../ui/format';
import { RefreshCwIcon } from '../../ui/icons';
import { RetryButton } from './RetryButton';

const FIRST = 10;

/** Writes that a system refused, grouped by cause: mend it once, then try the group again. */
export function Parked({ filter }: { filter: OutboundFilter }) {
  const model = useModel();
  const parked = useOutbound(filter);
  const retry = useRetry();
  return (
    <Loaded query={parked}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty done title="Nothing is stuck">
            Every write that a system refused has been settled.
          </Empty>
        ) : (
          <Stack gap="sm">
            {byCause(rows).map(([cause, changes]) => (
              <Card key={`${changes[0]!.system} ${cause}`} padding="sm">
                <Group justify="space-between" align="flex-start" gap="sm" mb="xs">
                  <div style={{ flex: '1 1 260px', minWidth: 0 }}>
                    <Title order={2} size="h5">
                      {counted(changes.length, 'write')} to {model.system(changes[0]!.system)}
                    </Title>
                    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                      {problemWords(cause)}
                    </Text>
                  </div>
                  {changes.length > 1 && (
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<RefreshCwIcon size={13} />}
                      loading={retry.isPending}
                      onClick={() => changes.forEach((change) => retry.mutate(change.key))}
                    >
                      Try all {changes.length} again
                    </Button>
                  )}
                </Group>
                <Stack gap={6}>
                  {changes.slice(0, FIRST).map((change) => (
                    <Group key={change.key} gap="sm" fz="sm" wrap="wrap">
                      <span className="mono">{change.target ? recordKey(change.target).externalId : 'new record'}</span>
                      <Link to="/goldens/$id" params={{ id: change.goldenId }} search={{ tab: 'outbound' }}>
                        {change.label ?? shortId(change.goldenId)}
                      </Link>
                      <Text size="xs" c="dimmed">
                        {counted(change.attempts, 'try', 'tries')} · <When at={change.updatedAt} />
                        {change.intent &&
                          ` · ${model
                            .inOrder(change.type, refused(change.intent))
                            .map((name) => model.attribute(change.type, name))
                            .join(', ')}`}
                      </Text>
                      <RetryButton outboundKey={change.key} />
                    </Group>
                  ))}
                  {changes.length > FIRST && (
                    <Link to="/activity" search={{ tab: 'outbox', state: 'PARKED', system: changes[0]!.system }} fz="sm">
                      and {changes.length - FIRST} more
                    </Link>
                  )}
                </Stack>
              </Card>
            ))}
            {parked.hasNextPage && (
              <Button size="xs" variant="default" onClick={() => void parked.fetchNextPage()} loading={parked.isFetchingNextPage}>
                Show more
              </Button>
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}

/** What a system did not take of what was last to be sent. */
function refused({ heldBack = {}, values }: NonNullable<OutboundChange['intent']>) {
  const alone = Object.keys(heldBack);
  return alone.length > 0 ? alone : Object.keys(values);
}

/** The most frequent cause first. Numbers and quoted names differ from record to record and do not make another cause. */
export function byCause(changes: OutboundChange[]): [cause: string, changes: OutboundChange[]][] {
  const groups = new Map<string, OutboundChange[]>();
  for (const change of changes) {
    const same = `${change.system} ${(change.problem ?? '').replace(/"[^"]*"|'[^']*'|\d+/g, '…')}`;
    groups.set(same, [...(groups.get(same) ?? []), change]);
  }
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => [group[0]!.problem ?? 'The system gave no reason.', group]);
}
