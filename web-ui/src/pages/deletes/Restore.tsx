import { Button, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Deletion, useRestore } from '../../api/deletes';
import type { Model } from '../../api/model';
import { DialogActions } from '../../ui/DialogActions';
import { Failed } from '../../ui/States';
import { Undo2Icon } from '../../ui/icons';
import { HUB } from './document';

const OLD = 'the record comes back with its id if the system still has it, and else as a new one';
const NEW = 'the record is created again, under another id';
const UNKNOWN = 'the record comes back with its id if the system can bring it back, and else as a new one';

/** What undoing a deletion does, system by system; empty if there is nothing to undo. */
export function undoes(deletion: Deletion, model: Model): string[] {
  const back = (system: string) => ({ true: OLD, false: NEW, undefined: UNKNOWN })[`${model.undeletes(system, deletion.type)}`];
  const lines = deletion.steps.flatMap((step) => {
    const system = model.system(step.system);
    if (step.action === 'PROPAGATE' && ['DONE', 'SENT'].includes(step.state)) return [`${system}: ${back(step.system)}`];
    if (['DISCONNECT', 'SEVER'].includes(step.action) && step.state === 'DONE') return [`${system}: the record joins the golden record again`];
    if (['WAITING', 'ASKED', 'HELD'].includes(step.state)) return [`${system}: nothing more is done`];
    return [];
  });
  const thereAgain = deletion.steps.some((step) => step.system === deletion.from && step.action === 'RECREATE' && step.state === 'DONE');
  return deletion.from === HUB || deletion.state === 'CANCELLED' || thereAgain ? lines : [...lines, `${model.system(deletion.from)}: ${back(deletion.from)}, if the hub may write there and it is not there yet`];
}

/** Undoes a deletion after saying what that means. */
export function Restore({ deletion, model }: { deletion: Deletion; model: Model }) {
  const [asking, setAsking] = useState(false);
  const restore = useRestore();
  const lines = undoes(deletion, model);
  if (!deletion.golden || !lines.length || deletion.steps.some((step) => step.state === 'RESTORING')) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Undo2Icon size={14} />}
        aria-label={`Restore ${deletion.label}…`}
        onClick={() => {
          restore.reset();
          setAsking(true);
        }}
      >
        Restore…
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={<Text fw={650}>Restore {deletion.label}?</Text>}>
        <Stack gap="sm">
          <Text size="sm">It gets the values it had, under the same golden id.</Text>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {lines.map((line) => (
              <Text key={line} component="li" size="sm">
                {line}
              </Text>
            ))}
          </ul>
          {restore.isError && <Failed error={restore.error} />}
          <DialogActions>
            <Button variant="default" onClick={() => setAsking(false)}>
              Leave it
            </Button>
            <Button
              loading={restore.isPending}
              onClick={() =>
                restore.mutate(
                  { id: deletion.id, revision: deletion.revision },
                  {
                    onSuccess: () => {
                      setAsking(false);
                      notifications.show({ title: `${deletion.label} is being restored`, message: 'Its systems are brought in step.' });
                    },
                  },
                )
              }
            >
              Restore
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </>
  );
}
