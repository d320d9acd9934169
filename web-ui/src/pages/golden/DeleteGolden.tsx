import { Button, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useDeleteGolden, useDeletePlan } from '../../api/deletes';
import type { Model } from '../../api/model';
import type { Golden } from '../../api/queries';
import { DialogActions } from '../../ui/DialogActions';
import { Link } from '../../ui/Link';
import { Failed, Loaded } from '../../ui/States';
import { counted } from '../../ui/format';
import { Steps } from '../deletes/Steps';

/** Deletes a golden record as the policy says, never past it, after showing the plan. */
export function DeleteGolden({ golden, model }: { golden: Golden; model: Model }) {
  const [open, setOpen] = useState(false);
  const plan = useDeletePlan(open ? golden.id : null);
  const remove = useDeleteGolden();
  const follows = plan.data?.steps.filter((step) => step.state !== 'KEPT') ?? [];
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          remove.reset();
          setOpen(true);
        }}
      >
        Delete…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={<Text fw={650}>Delete {golden.label || golden.id}: what would follow</Text>}>
        <Stack gap="sm">
          <Loaded query={plan} rows={3}>
            {(data) => (
              <>
                <Steps steps={data.steps} model={model} />
                {follows.length === 0 && (
                  <Text size="sm">
                    The policy keeps it in every system, so nothing would be deleted. What a person’s delete does is the last row of{' '}
                    <Link to="/deletes" search={{ type: golden.type }}>
                      Deletes
                    </Link>
                    .
                  </Text>
                )}
              </>
            )}
          </Loaded>
          {remove.isError && <Failed error={remove.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setOpen(false)}>
              Keep it
            </Button>
            <Button
              variant="default"
              c="var(--k-bad)"
              disabled={!follows.length}
              loading={remove.isPending}
              onClick={() =>
                remove.mutate(
                  { id: golden.id, revision: golden.revision },
                  {
                    onSuccess: () => {
                      setOpen(false);
                      notifications.show({ title: 'The delete has begun', message: `${counted(follows.length, 'record')} of its systems as the policy says. It can be restored.` });
                    },
                  },
                )
              }
            >
              Delete
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </>
  );
}
