import { Alert, Text } from '@mantine/core';

/** What a policy may say and perhaps does not mean. */
export function Warnings({ of }: { of: string[] }) {
  if (!of.length) return null;
  return (
    <Alert variant="default" mb="xs" title="Allowed, and perhaps not meant">
      {of.map((warning) => (
        <Text key={warning} size="sm">
          {warning}
        </Text>
      ))}
    </Alert>
  );
}
