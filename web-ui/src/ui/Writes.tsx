import { Group, Table, Text } from '@mantine/core';
import type { Model } from '../api/model';
import type { PlannedWrite } from '../api/queries';
import { recordKey } from './format';

/** Which systems give their old records back, and which get new ones; null where neither happens. */
export function GivenBack({ writes, model }: { writes: PlannedWrite[]; model: Model }) {
  const systems = (kind: PlannedWrite['kind']) => [...new Set(writes.filter((write) => write.kind === kind).map((write) => model.system(write.system)))];
  const old = systems('UNDELETE');
  const fresh = systems('CREATE');
  if (!old.length) return null;
  return (
    <Text size="sm" mb={4}>
      Old records with their ids, if they are still there: {old.join(', ')}.{fresh.length > 0 && ` New records with other ids: ${fresh.join(', ')}.`}
    </Text>
  );
}

/** What would be written where. */
export function Writes({ writes, type, model }: { writes: PlannedWrite[]; type: string; model: Model }) {
  if (!writes.length) return <Text size="sm">Nothing: every system already has these values, or may not be written to.</Text>;
  return (
    <Table verticalSpacing={4} fz="sm" aria-label="What will be written">
      <Table.Tbody>
        {writes.map((write, i) => (
          <Table.Tr key={`${write.system}${write.target ?? i}`}>
            <Table.Th scope="row" style={{ verticalAlign: 'top' }}>
              {model.system(write.system)}
              <Text size="xs" c="dimmed" fw={400}>
                {write.kind === 'CREATE' && 'new record'}
                {write.kind === 'UNDELETE' && 'brought back: '}
                {write.target && <span className="mono">{recordKey(write.target).externalId}</span>}
                {write.waits && (
                  <Text span display="block" size="xs" c="var(--k-warn)">
                    waits for an open question
                  </Text>
                )}
              </Text>
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {!Object.keys(write.values).length && 'as it was'}
              {Object.keys(write.values).length > 0 && (
                <Group gap="2px 16px">
                  {model.inOrder(type, Object.keys(write.values)).map((name) => (
                    <span key={name}>
                      <span className="dim">{model.attribute(type, name)}</span> {write.values[name] || <em>cleared</em>}
                    </span>
                  ))}
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
