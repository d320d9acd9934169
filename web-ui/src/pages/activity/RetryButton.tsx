import { Button, Text } from '@mantine/core';
import { Problem } from '../../api/client';
import { useRetry } from '../../api/queries';
import { RefreshCwIcon } from '../../ui/icons';

/** Tries a parked write again; what is written is computed anew. */
export function RetryButton({ outboundKey }: { outboundKey: string }) {
  const retry = useRetry();
  const problem = retry.isError ? Problem.from(retry.error) : null;
  return (
    <>
      <Button size="compact-xs" variant="default" leftSection={<RefreshCwIcon size={12} />} loading={retry.isPending} onClick={() => retry.mutate(outboundKey)}>
        Try again
      </Button>
      {problem && (
        <Text size="xs" c="var(--k-bad)" role="alert">
          {problem.detail ?? problem.title}
        </Text>
      )}
    </>
  );
}
