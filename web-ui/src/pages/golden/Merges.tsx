import { Alert, Button, Card, Group, Modal, Radio, Stack, Text, TextInput, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Model, useModel } from '../../api/model';
import { type GoldenExplanation, type Merge, type SourceRecord, type UnmergeMode, useExplanation, useUnmerge, useUnmergePreview } from '../../api/queries';
import { RetryButton } from '../activity/RetryButton';
import { ORIGINS, absorbedNames, nameIn } from '../merges/words';
import { DialogActions } from '../../ui/DialogActions';
import { Link } from '../../ui/Link';
import { Reversible } from '../../ui/Reversible';
import { Empty, Failed, Loaded } from '../../ui/States';
import { State } from '../../ui/State';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { GivenBack, Writes } from '../../ui/Writes';
import { counted, recordKey } from '../../ui/format';
import { GitMergeIcon, Undo2Icon } from '../../ui/icons';

/** The merges a golden record took part in. Each can be undone, for ever. */
export function Merges({ explanation: { merges, golden } }: { explanation: GoldenExplanation }) {
  const [asked, setAsked] = useState<Merge | null>(null);
  const model = useModel();
  if (!merges.length)
    return <Empty title="Never merged">Its records joined one by one. Where two golden records become one, the merge is kept here and can be undone.</Empty>;
  return (
    <Stack gap="sm">
      {merges.map((merge) => (
        <Card key={merge.id} padding="sm">
          <Group justify="space-between" align="flex-start" gap="sm">
            <div style={{ flex: '1 1 260px', minWidth: 0 }}>
              <Group gap={6} wrap="nowrap">
                <GitMergeIcon />
                <Text fw={650} size="sm">
                  {merge.survivor === golden.id ? 'Took in' : 'Was merged into'}{' '}
                  {(merge.survivor === golden.id ? merge.absorbed : [merge.survivor]).map((id, i) => (
                    <span key={id}>
                      {i > 0 && ', '}
                      <Link to="/goldens/$id" params={{ id }} title={id}>
                        {nameIn(merge, id)}
                      </Link>
                    </span>
                  ))}
                </Text>
              </Group>
              <Text size="sm" c="dimmed">
                <When at={merge.at} /> by {merge.origin === 'SOURCE' ? model.system(merge.by) : merge.by} ({ORIGINS[merge.origin]})
                {merge.note && <> · “{merge.origin === 'SOURCE' ? model.spoken(merge.note) : merge.note}”</>}
              </Text>
              <Under policies={merge.policies} />
              <Text size="sm" mt={4}>
                {counted(merge.moved.length, 'record')} moved:{' '}
                {merge.moved.map((move) => `${model.system(recordKey(move.record).system)} ${recordKey(move.record).externalId}`).join(', ')}
              </Text>
              {merge.undoneAt && (
                <Text size="sm" mt={4} c="var(--k-warn)">
                  Undone <When at={merge.undoneAt} /> {merge.undoneBy && `by ${merge.undoneBy}`}
                </Text>
              )}
              <MergeProgress merge={merge} model={model} />
              {merge.unmerge && <Reversible of={merge.unmerge} model={model} />}
            </div>
            {!merge.undoneAt && (
              <Button size="xs" variant="default" leftSection={<Undo2Icon size={14} />} onClick={() => setAsked(merge)}>
                Unmerge…
              </Button>
            )}
          </Group>
        </Card>
      ))}
      <Text size="sm">
        <Link to="/merges">All merges</Link>
      </Text>
      <UnmergeDialog merge={asked} model={model} onClose={() => setAsked(null)} />
    </Stack>
  );
}

/** What a record is that no system has any more, so that nobody looks for it. */
const GONE: SourceRecord['state'][] = ['DELETED', 'MERGED', 'FOLDED', 'RETURNING'];

const PROGRESS = {
  FAILED: 'not done',
  TASK: 'needs a person there',
  EXECUTING: 'being written',
  PLANNED: 'to be written',
  CONFIRMED: 'done',
  COMPENSATED: 'taken back',
} as const;

/** How far each system has come, with the reason where one has not. */
export function MergeProgress({ merge, model }: { merge: Merge; model: Model }) {
  if (!merge.systems?.length) return null;
  return (
    <Stack gap={4} mt={6} component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label="How far the systems are">
      {merge.systems.map((step) => (
        <Group key={step.system} component="li" gap={8} align="flex-start">
          <State state={step.progress} label={`${model.system(step.system)}: ${PROGRESS[step.progress]}`} />
          {step.why && (
            <Text span size="sm" c="dimmed" style={{ flex: '1 1 240px' }}>
              {model.spoken(step.why)}
            </Text>
          )}
          {step.progress === 'FAILED' && step.change && <RetryButton outboundKey={step.change} />}
        </Group>
      ))}
    </Stack>
  );
}

/** What taking a merge back would give, and doing it; closed while no merge is asked about. */
export function UnmergeDialog({ merge, model, onClose }: { merge: Merge | null; model: Model; onClose: () => void }) {
  return (
    <Modal
      opened={merge !== null}
      onClose={onClose}
      size="lg"
      title={
        <Text fw={650} style={{ overflowWrap: 'anywhere' }}>
          {merge && `Take ${absorbedNames(merge)} out of ${nameIn(merge, merge.survivor)}?`}
        </Text>
      }
    >
      {merge && <Unmerge key={merge.id} merge={merge} model={model} onClose={onClose} />}
    </Modal>
  );
}

function Unmerge({ merge, model, onClose }: { merge: Merge; model: Model; onClose: () => void }) {
  const type = merge.type;
  const [mode, setMode] = useState<UnmergeMode>('SINGLE');
  const unmerge = useUnmerge();
  const asked = unmerge.isIdle || unmerge.isError;
  const single = useUnmergePreview(merge.id, 'SINGLE', asked);
  const tree = useUnmergePreview(merge.id, 'TREE', asked);
  const preview = mode === 'TREE' ? tree : single;
  const below = (tree.data?.merges.length ?? 1) - 1;
  const [note, setNote] = useState('');
  const records = useExplanation(merge.survivor).data?.records ?? [];
  const gone = new Set(records.filter((record) => GONE.includes(record.state)).map((record) => record.key));
  return (
    <Stack gap="md">
      {below > 0 && (
        <Radio.Group label="Merges stand behind this one" value={mode} onChange={(chosen) => setMode(chosen as UnmergeMode)}>
          <Stack gap="xs" mt="xs">
            <Radio
              value="SINGLE"
              label="This merge alone"
              description={`What either side had taken in by other merges stays with it: ${counted(single.data?.results.length ?? 0, 'golden record')}.`}
            />
            <Radio
              value="TREE"
              label={`This merge and ${counted(below, 'merge')} behind it`}
              description={`Each golden record that was merged is itself again: ${counted(tree.data?.results.length ?? 0, 'golden record')}.`}
            />
          </Stack>
        </Radio.Group>
      )}
      <Loaded query={preview} rows={4}>
        {(data) => (
          <>
            <Text size="sm">Rules will not merge them again. The records would belong to:</Text>
            {data.results.map((golden) => (
              <Card key={golden.id} padding="sm">
                <Text fw={650}>{golden.label || golden.id}</Text>
                <Text size="xs" c="dimmed" className="mono">
                  {golden.id}
                </Text>
                <Text size="sm" mt={4}>
                  {model
                    .inOrder(type, Object.keys(golden.attributes))
                    .slice(0, 6)
                    .map((name) => golden.attributes[name])
                    .join(' · ')}
                </Text>
                <Text size="xs" c="dimmed" mt={4}>
                  {Object.entries(data.goldenOfRecord)
                    .filter(([key, id]) => id === golden.id && !gone.has(key))
                    .map(([key]) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`)
                    .join(', ')}
                </Text>
              </Card>
            ))}
            <div>
              <Title order={2} size="h6" mb={4}>
                What will be written
              </Title>
              <GivenBack writes={data.writes} model={model} />
              <Writes writes={data.writes} type={type} model={model} />
              {merge.unmerge && <Reversible of={merge.unmerge} model={model} />}
            </div>
          </>
        )}
      </Loaded>
      {unmerge.isError && <Failed error={unmerge.error} />}
      {preview.data && (
        <>
          <TextInput label="Note" description="Why they are not the same; others will read it" value={note} maxLength={2000} onChange={(event) => setNote(event.currentTarget.value)} />
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              Keep the merge
            </Button>
            <Button
              leftSection={<Undo2Icon />}
              loading={unmerge.isPending}
              onClick={() =>
                unmerge.mutate(
                  { id: merge.id, mode, revision: preview.data.revision, ...(note.trim() ? { note: note.trim() } : {}) },
                  {
                    onSuccess: () => {
                      onClose();
                      notifications.show({ title: 'Unmerged', message: `${absorbedNames(merge)} ${merge.absorbed.length === 1 ? 'is a golden record of its' : 'are golden records of their'} own again.` });
                    },
                  },
                )
              }
            >
              Unmerge
            </Button>
          </DialogActions>
        </>
      )}
      {preview.isError && <Alert variant="default">Nothing was changed.</Alert>}
    </Stack>
  );
}
