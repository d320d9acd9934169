import { Button, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { Problem } from '../../api/client';
import { type DryRunToBegin, useBeginDryRun } from '../../api/dryRuns';

/** Begins a dry run and opens its page. */
export function DryRunButton({ ask, label = 'What would be sent', disabled }: { ask: DryRunToBegin; label?: string; disabled?: boolean }) {
  const begin = useBeginDryRun();
  const navigate = useNavigate();
  const open = (id: string) => void navigate({ to: '/dry-runs/$id', params: { id } });
  const refused = ({ title, detail = '' }: Problem) => {
    const underWay = /\bdry-run-\d+\b/.exec(detail)?.[0];
    notifications.show({
      id: 'dry-run',
      color: 'red',
      title,
      message: (
        <Stack gap={6} align="flex-start">
          <span>{detail}</span>
          {underWay && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide('dry-run');
                open(underWay);
              }}
            >
              Look at it
            </Button>
          )}
        </Stack>
      ),
    });
  };
  return (
    <Button
      variant="default"
      disabled={disabled ?? false}
      loading={begin.isPending}
      onClick={() =>
        begin.mutate(ask, {
          onSuccess: (begun) => open(begun.id),
          onError: (error) => refused(Problem.from(error)),
        })
      }
    >
      {label}
    </Button>
  );
}
