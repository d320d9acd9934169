import { Table, Text } from '@mantine/core';
import type { Model } from '../api/model';
import type { PlannedWrite } from '../api/queries';
import { recordKey } from './format';

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
                {write.kind === 'UNDELETE' && 'comes back with its id, or as a new record if the system has it no more: '}
                {write.target && <span className="mono">{recordKey(write.target).externalId}</span>}
              </Text>
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {!Object.keys(write.values).length && 'as it was'}
              {model.inOrder(type, Object.keys(write.values)).map((name) => (
                <div key={name}>
                  <span className="dim">{model.attribute(type, name)}</span> {write.values[name] || <em>cleared</em>}
                </div>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
