import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useEraseGolden, useErasePlan } from '../../api/erasures';
import type { Model } from '../../api/model';
import type { Golden } from '../../api/queries';
import { DialogActions } from '../../ui/DialogActions';
import { Failed, Loaded } from '../../ui/States';
import { counted } from '../../ui/format';
import { MEANS, removals } from '../erasures/words';

const WORD = 'erase';

/** Erases a golden record for good, after showing what that does and having a word typed. */
export function EraseGolden({ golden, model }: { golden: Golden; model: Model }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const navigate = useNavigate();
  const plan = useErasePlan(open ? golden.id : null);
  const erase = useEraseGolden();
  const begin = () => {
    erase.reset();
    setReason('');
    setTyped('');
    setOpen(true);
  };
  return (
    <>
      <Button variant="default" onClick={begin}>
        Erase…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={<Text fw={650}>Erase {golden.label || golden.id} for good</Text>}>
        <Stack gap="sm">
          <Text size="sm">
            This cannot be undone. It begins at once, whatever the delete policy says, and what identifies it is kept as hashes so that it does not come back.
          </Text>
          <Loaded query={plan} rows={3}>
            {(data) => (
              <>
                <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                  {data.erasure.steps.map((step) => (
                    <Text key={step.record} component="li" size="sm">
                      {model.system(step.system)}: {step.recordId ? <span className="mono">{step.recordId}</span> : 'the record'} {MEANS[step.means]}
                    </Text>
                  ))}
                </ul>
                <Text size="sm">The hub forgets {removals(data.removed).join(', ') || 'nothing'}.</Text>
                {data.referring > 0 && <Text size="sm">{counted(data.referring, 'golden record')} that refer to it stay, and refer to nothing then.</Text>}
                {data.withdrawn > 0 && <Text size="sm">{counted(data.withdrawn, 'change')} on their way to systems are not sent.</Text>}
              </>
            )}
          </Loaded>
          <TextInput
            label="Reason"
            description="Kept for ever: a case number, and nothing that names the person."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
          />
          <TextInput label={`Type “${WORD}” to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
          {erase.isError && <Failed error={erase.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setOpen(false)}>
              Keep it
            </Button>
            <Button
              variant="default"
              c="var(--k-bad)"
              disabled={!plan.data || !reason.trim() || typed.trim().toLowerCase() !== WORD}
              loading={erase.isPending}
              onClick={() =>
                erase.mutate(
                  { id: golden.id, revision: golden.revision, reason: reason.trim() },
                  { onSuccess: (begun) => void navigate({ to: '/erasures/$id', params: { id: begun.id } }) },
                )
              }
            >
              Erase for good
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </>
  );
}
