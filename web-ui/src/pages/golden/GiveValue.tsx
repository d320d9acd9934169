import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Model } from '../../api/model';
import { type GoldenExplanation, type LifeCycle, type ValueToGive, useGiveValue, usePreviewValue, useTakeValueBack } from '../../api/queries';
import { DialogActions } from '../../ui/DialogActions';
import { Failed } from '../../ui/States';
import { Writes } from '../../ui/Writes';

/** How long a value holds, in words. */
export const LIFE_CYCLES: Record<LifeCycle, string> = {
  FOREVER: 'until it is taken back',
  UNTIL_WINNER_CHANGES: 'until the trusted system says something else',
  UNTIL_ANY_RELOAD: 'until any of its records changes',
  UNTIL_DATE: 'until a date',
  WHILE_SOURCE_BLANK: 'while no system has a value',
};

/** Gives the golden record a value of one's own, after showing what would be written. */
export function GiveValue({ name, explanation: { golden, values }, model }: { name: string; explanation: GoldenExplanation; model: Model }) {
  const explained = values[name];
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState('');
  const [lifeCycle, setLifeCycle] = useState<LifeCycle>('FOREVER');
  const [until, setUntil] = useState('');
  const [note, setNote] = useState('');
  const preview = usePreviewValue();
  const give = useGiveValue();
  const back = useTakeValueBack();
  if (golden.state !== 'ACTIVE') return null;
  const label = model.attribute(golden.type, name);
  const given: ValueToGive = {
    value,
    lifeCycle,
    ...(lifeCycle === 'UNTIL_DATE' && until ? { until: new Date(until).toISOString() } : {}),
    ...(note ? { note } : {}),
  };
  const ready = lifeCycle !== 'UNTIL_DATE' || !!until;
  const edit = <T,>(set: (to: T) => void) => (to: T) => {
    preview.reset();
    set(to);
  };
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            setValue(golden.values[name]?.value ?? '');
            setLifeCycle(explained?.override ?? 'FOREVER');
            preview.reset();
            give.reset();
            setOpen(true);
          }}
        >
          Set another value…
        </Button>
        {explained?.steward && (
          <Button
            size="compact-sm"
            variant="default"
            loading={back.isPending}
            onClick={() => back.mutate({ id: golden.id, attribute: name, revision: golden.revision })}
          >
            Take back
          </Button>
        )}
      </Group>
      {back.isError && <Failed error={back.error} />}
      <Modal opened={open} onClose={() => setOpen(false)} title={<Text fw={650}>{label}: a value of your own</Text>}>
        <Stack gap="sm">
          <TextInput label="Value" description="Empty: it has none, and systems are cleared." value={value} onChange={(event) => edit(setValue)(event.currentTarget.value)} data-autofocus />
          <NativeSelect
            label="It holds"
            value={lifeCycle}
            onChange={(event) => edit(setLifeCycle)(event.currentTarget.value as LifeCycle)}
            data={Object.entries(LIFE_CYCLES).map(([value, label]) => ({ value, label }))}
          />
          {lifeCycle === 'UNTIL_DATE' && (
            <TextInput label="Until" type="datetime-local" value={until} onChange={(event) => edit(setUntil)(event.currentTarget.value)} />
          )}
          <Textarea label="Why" value={note} onChange={(event) => setNote(event.currentTarget.value)} rows={2} />
          {preview.data && (
            <div role="status">
              <Text size="sm" fw={650} mb={4}>
                What will be written
              </Text>
              <Writes writes={preview.data.writes} type={golden.type} model={model} />
            </div>
          )}
          {preview.isError && <Failed error={preview.error} />}
          {give.isError && <Failed error={give.error} />}
          <DialogActions>
            <Button
              variant="default"
              disabled={!ready}
              loading={preview.isPending}
              onClick={() => preview.mutate({ id: golden.id, attribute: name, given })}
            >
              What will be written?
            </Button>
            <Button
              disabled={!ready}
              loading={give.isPending}
              onClick={() =>
                give.mutate(
                  { id: golden.id, attribute: name, revision: golden.revision, given },
                  {
                    onSuccess: () => {
                      setOpen(false);
                      notifications.show({ title: `${label} is set`, message: 'The systems are brought in step.' });
                    },
                  },
                )
              }
            >
              Set
            </Button>
          </DialogActions>
        </Stack>
      </Modal>
    </>
  );
}
