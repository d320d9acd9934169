import { Box, Button, Card, Group, Modal, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Deletes, type DeletesDraft, useDeletes, useDeletesPreview, usePublishDeletes, useRollBackDeletes } from '../../api/deletes';
import type { Model } from '../../api/model';
import { DataTable } from '../../ui/DataTable';
import { DialogActions } from '../../ui/DialogActions';
import { Failed, Loaded } from '../../ui/States';
import { Warnings } from '../../ui/Warnings';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { DryRunButton } from '../dryRuns/DryRunButton';
import { Matrix } from './Matrix';
import { Questions } from './Questions';
import { Replay } from './Replay';
import type { Policy as Document } from './document';

const AFTER_MS = 400;

/** What a delete does, changed in a matrix, replayed on what was deleted lately, then published. */
export function Policy({ type, model }: { type: string | undefined; model: Model }) {
  const deletes = useDeletes(type);
  return (
    <Loaded query={deletes} rows={8}>
      {(data) => (
        <Stack gap="md">
          <Questions type={data.type} model={model} />
          <Draft key={`${data.type} ${data.version}`} deletes={data} model={model} />
          <Versions deletes={data} />
        </Stack>
      )}
    </Loaded>
  );
}

const same = (a: DeletesDraft, b: DeletesDraft | null) => JSON.stringify(a) === JSON.stringify(b);

function Draft({ deletes, model }: { deletes: Deletes; model: Model }) {
  const published: DeletesDraft = { document: deletes.document as Document };
  const [draft, setDraft] = useState<DeletesDraft>(published);
  const [view, setView] = useState<'matrix' | 'text'>('matrix');
  const [asking, setAsking] = useState(false);
  const changed = !same(draft, published);
  const [tried] = useDebouncedValue(changed ? draft : null, AFTER_MS);
  const preview = useDeletesPreview(deletes.type, changed ? tried : null);
  const current = changed && same(draft, tried) && !preview.isFetching;
  const shown = changed ? preview.data : undefined;
  const done = current && preview.isSuccess;
  const publish = usePublishDeletes();
  const text = 'body' in draft ? draft.body : changed || !deletes.body ? JSON.stringify(draft.document, null, 2) : deletes.body;
  const submit = () =>
    publish.mutate(
      { type: deletes.type, version: deletes.version, draft },
      {
        onSuccess: (now) => {
          setAsking(false);
          notifications.show({ title: `Version ${now.version} is published`, message: 'It counts for what is deleted from now on.' });
        },
        onError: () => setAsking(false),
      },
    );
  return (
    <Card padding="sm">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          {changed ? 'Draft' : deletes.version ? `Version ${deletes.version}` : 'Nothing is published yet: no delete spreads'}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view}
          onChange={(value) => setView(value as 'matrix' | 'text')}
          data={[
            { value: 'matrix', label: 'Matrix' },
            { value: 'text', label: 'Text' },
          ]}
        />
      </Group>
      <Warnings of={shown?.warnings ?? deletes.warnings} />
      {view === 'matrix' && 'document' in draft && (
        <Matrix
          policy={draft.document}
          systems={deletes.systems}
          said={shown?.matrix ?? deletes.matrix}
          brakeSays={(shown?.brake ?? deletes.brake).says}
          model={model}
          onChange={(document) => setDraft({ document })}
        />
      )}
      {view === 'matrix' && 'body' in draft && <Text size="sm">The draft was written as text. Publish or discard it to use the matrix again.</Text>}
      {view === 'text' && (
        <Textarea
          label="Policy"
          description="YAML or JSON: default, matrix (a list of cells, of which the first that names both systems counts) and brake."
          value={text}
          onChange={(event) => setDraft({ body: event.currentTarget.value })}
          rows={16}
          resize="vertical"
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
      )}
      {changed && (
        <Group mt="sm" gap="sm">
          <DryRunButton disabled={!done} ask={{ kind: 'DOCUMENTS', documents: { deletes: { [deletes.type]: 'body' in draft ? draft.body : draft.document } } }} />
          <Button disabled={!done} loading={!current} onClick={() => setAsking(true)}>
            Publish…
          </Button>
          <Button variant="subtle" onClick={() => setDraft(published)}>
            Discard
          </Button>
        </Group>
      )}
      {current && preview.isError && <Box mt="sm"><Failed error={preview.error} /></Box>}
      {publish.isError && <Box mt="sm"><Failed error={publish.error} /></Box>}
      {shown && <Replay preview={shown} model={model} />}
      <Modal opened={asking} onClose={() => setAsking(false)} title={<Text fw={650}>Publish this delete policy?</Text>}>
        <Text size="sm" mb="md">
          {shown && shown.replay.deletions > 0 && (
            <>Of {counted(shown.replay.steps, 'record')} of the last 30 days, {counted(shown.replay.then.PROPAGATE ?? 0, 'would have been', 'would have been')} deleted too. </>
          )}
          It counts for what is deleted from now on. If the hub’s configuration file has a deletes block for this type, change it there too: it is published when the hub starts.
        </Text>
        <DialogActions>
          <Button variant="default" onClick={() => setAsking(false)}>
            Not yet
          </Button>
          <Button loading={publish.isPending} onClick={submit}>
            Publish
          </Button>
        </DialogActions>
      </Modal>
    </Card>
  );
}

function Versions({ deletes }: { deletes: Deletes }) {
  const back = useRollBackDeletes();
  if (!deletes.versions.length) return null;
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        Versions
      </Title>
      {back.isError && <Failed error={back.error} />}
      <DataTable
        label="Versions of the policy"
        rows={deletes.versions}
        id={(version) => String(version.version)}
        columns={[
          { header: 'Version', cell: (version) => version.version },
          { header: 'Published', cell: (version) => <When at={version.at} /> },
          { header: 'By', cell: (version) => version.by },
          {
            header: '',
            cell: (version) =>
              version.version === deletes.version ? (
                'in force'
              ) : (
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={back.isPending && back.variables?.to === version.version}
                  aria-label={`Roll back to version ${version.version}`}
                  onClick={() => back.mutate({ type: deletes.type, version: deletes.version, to: version.version })}
                >
                  Roll back
                </Button>
              ),
          },
        ]}
      />
    </Card>
  );
}
