import { Code, Group, Stack, Text } from '@mantine/core';
import type { Golden } from '../../api/queries';
import { CopyButton } from '../../ui/CopyButton';

/** Exactly what a program gets. */
export function Json({ golden }: { golden: Golden }) {
  const json = JSON.stringify(golden, null, 2);
  const address = `${window.location.origin}/api/v1/goldens/${encodeURIComponent(golden.id)}`;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <CopyButton text={`curl -s '${address}'`}>Copy as curl</CopyButton>
        <CopyButton text={json}>Copy JSON</CopyButton>
        <Text size="sm" c="dimmed" className="mono">
          GET /api/v1/goldens/{golden.id}
        </Text>
      </Group>
      <Code block role="region" aria-label="JSON" tabIndex={0}>
        {json}
      </Code>
    </Stack>
  );
}
