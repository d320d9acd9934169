import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Erasure, useLift } from '../../api/erasures';
import { DialogActions } from '../../ui/DialogActions';
import { Failed } from '../../ui/States';

/** Lets what was erased come back. */
export function Lift({ erasure }: { erasure: Erasure }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const lift = useLift();
  if (erasure.lifted || erasure.state === 'RUNNING') return null;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Let it come back…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={<Text fw={650}>Let it come back?</Text>}>
        <Stack gap="sm">
          <Text size="sm">The hashes are forgotten. What is there in systems is taken in when it is next read; nothing that was erased is restored.</Text>
          <TextInput label="Reason" description="Kept for ever; it must not name the person." value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} />
          {lift.isError && <Failed error={lift.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setOpen(false)}>
              Keep it out
            </Button>
            <Button
              disabled={!reason.trim()}
              loading={lift.isPending}
              onClick={() => lift.mutate({ id: erasure.id, revision: erasure.revision, reason: reason.trim() }, { onSuccess: () => setOpen(false) })}
            >
              Let it come back
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </>
  );
}
