import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { Problem } from '../../api/client';
import { type DryRunToBegin, useBeginDryRun } from '../../api/dryRuns';

/** Begins a dry run and opens its page. */
export function DryRunButton({ ask, label = 'What would be sent', disabled }: { ask: DryRunToBegin; label?: string; disabled?: boolean }) {
  const begin = useBeginDryRun();
  const navigate = useNavigate();
  return (
    <Button
      variant="default"
      disabled={disabled ?? false}
      loading={begin.isPending}
      onClick={() =>
        begin.mutate(ask, {
          onSuccess: (begun) => void navigate({ to: '/dry-runs/$id', params: { id: begun.id } }),
          onError: (error) => notifications.show({ color: 'red', title: Problem.from(error).title, message: Problem.from(error).detail ?? '' }),
        })
      }
    >
      {label}
    </Button>
  );
}
