import { Progress, Text } from '@mantine/core';
import { count, counted } from '../../ui/format';

/** How many records are read of those there are. */
export function Reading({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div role="status">
      <Progress value={total ? (100 * done) / total : 100} aria-label={label} mt="md" mb={4} />
      <Text size="xs" c="dimmed">
        {count(done)} of {counted(total, 'record')} read
      </Text>
    </div>
  );
}
