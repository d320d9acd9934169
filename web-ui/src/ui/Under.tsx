import { Text } from '@mantine/core';

/** One quiet line: under which versions of the policies it was decided; nothing where that was not kept. */
export function Under({ policies, did = 'Decided' }: { policies: string | undefined; did?: 'Decided' | 'Asked' }) {
  if (!policies) return null;
  return (
    <Text size="xs" c="dimmed">
      {did} under {policies}
    </Text>
  );
}
