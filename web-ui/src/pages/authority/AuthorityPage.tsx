import { Box, Button, Card, Group, Modal, NativeSelect, SegmentedControl, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Model, useModel } from '../../api/model';
import {
  type Authority,
  type AuthorityDraft,
  useAuthority,
  useAuthorityPreview,
  useBeginAuthorityPreview,
  usePublishAuthority,
  useRollBackAuthority,
  useStats,
} from '../../api/queries';
import { DataTable } from '../../ui/DataTable';
import { DialogActions } from '../../ui/DialogActions';
import { Page } from '../../ui/Page';
import { Failed, Loaded } from '../../ui/States';
import { Warnings } from '../../ui/Warnings';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { DryRunButton } from '../dryRuns/DryRunButton';
import { Changes } from './Changes';
import { Matrix } from './Matrix';
import { Proposals } from './Proposals';
import type { Policy } from './document';

/** Which system is trusted for what? Changed in a matrix, tried on every golden record, then published. */
export function AuthorityPage() {
  const search = useSearch({ from: '/authority' });
  const navigate = useNavigate({ from: '/authority' });
  const model = useModel();
  const held = useStats().data?.goldens ?? {};
  const type = search.type ?? [...model.types].sort((a, b) => (held[b.name] ?? 0) - (held[a.name] ?? 0))[0]?.name;
  const authority = useAuthority(type);
  return (
    <Page
      title="Authority"
      lead="Which system is trusted for which attribute. A change is tried on every golden record before it is published: it shows exactly what would be another value, and what would be written."
      actions={
        model.types.length > 1 && (
          <NativeSelect
            aria-label="Type"
            value={type}
            onChange={(event) => void navigate({ search: { type: event.currentTarget.value } })}
            data={model.types.map((t) => ({ value: t.name, label: model.type(t.name) }))}
          />
        )
      }
    >
      <Loaded query={authority} rows={8}>
        {(data) => (
          <Stack gap="md">
            <Proposals type={data.type} model={model} />
            <Draft key={`${data.type} ${data.version}`} authority={data} model={model} />
            <Versions authority={data} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

const same = (a: AuthorityDraft, b: AuthorityDraft) => JSON.stringify(a) === JSON.stringify(b);

function Draft({ authority, model }: { authority: Authority; model: Model }) {
  const published: AuthorityDraft = { document: authority.document as Policy };
  const [draft, setDraft] = useState<AuthorityDraft>(published);
  const [view, setView] = useState<'matrix' | 'text'>('matrix');
  const [tried, setTried] = useState<AuthorityDraft | null>(null);
  const [asking, setAsking] = useState(false);
  const begin = useBeginAuthorityPreview();
  const preview = useAuthorityPreview(begin.data).data;
  const publish = usePublishAuthority();
  const shown = tried !== null && same(tried, draft);
  const done = preview?.state === 'DONE' && shown;
  const changed = !same(draft, published);
  const text = 'body' in draft ? draft.body : changed || !authority.body ? JSON.stringify(draft.document, null, 2) : authority.body;
  const submit = () =>
    publish.mutate(
      { type: authority.type, version: authority.version, draft },
      {
        onSuccess: (now) => {
          setAsking(false);
          notifications.show({ title: `Version ${now.version} is published`, message: 'All values are chosen again in the background.' });
        },
        onError: () => setAsking(false),
      },
    );
  return (
    <Card padding="sm">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} size="h5">
          {changed ? 'Draft' : `Version ${authority.version}`}
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
      <Warnings of={(shown && preview?.result?.warnings) || authority.warnings} />
      {view === 'matrix' && 'document' in draft && (
        <Matrix type={authority.type} policy={draft.document} systems={authority.systems} model={model} onChange={(document) => setDraft({ document })} />
      )}
      {view === 'matrix' && 'body' in draft && (
        <Text size="sm">The draft was written as text. Preview and publish it, or discard it, to use the matrix again.</Text>
      )}
      {view === 'text' && (
        <Textarea
          label="Policy"
          description="YAML or JSON. All that the matrix does not show is here: groups, conditions, trust that decays, empty values, what is written where."
          value={text}
          onChange={(event) => setDraft({ body: event.currentTarget.value })}
          rows={16}
          resize="vertical"
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
        />
      )}
      <Group mt="sm" gap="sm">
        <Button
          variant={done ? 'default' : 'filled'}
          disabled={!changed}
          loading={begin.isPending || (preview?.state === 'RUNNING' && shown)}
          onClick={() => {
            setTried(draft);
            begin.mutate({ type: authority.type, draft });
          }}
        >
          Preview
        </Button>
        <DryRunButton disabled={!changed} ask={{ kind: 'DOCUMENTS', documents: { authority: { [authority.type]: 'body' in draft ? draft.body : draft.document } } }} />
        <Button variant={done ? 'filled' : 'default'} disabled={!done || !changed} onClick={() => setAsking(true)}>
          Publish…
        </Button>
        {changed && (
          <Button variant="subtle" onClick={() => setDraft(published)}>
            Discard
          </Button>
        )}
        {!done && changed && (
          <Text size="xs" c="dimmed">
            Preview the draft first.
          </Text>
        )}
      </Group>
      {begin.isError && <Box mt="sm"><Failed error={begin.error} /></Box>}
      {publish.isError && <Box mt="sm"><Failed error={publish.error} /></Box>}
      {preview && shown && <Changes preview={preview} model={model} />}
      <Modal opened={asking} onClose={() => setAsking(false)} title={<Text fw={650}>Publish this policy?</Text>}>
        <Text size="sm" mb="md">
          {preview?.result && (
            <>
              {counted(preview.result.values, 'value')} would change and {counted(preview.result.writes, 'record')} be written.{' '}
            </>
          )}
          What stewards gave stays. If the hub’s configuration file has an authority block for this type, change it there too: it is published when the hub starts.
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

function Versions({ authority }: { authority: Authority }) {
  const back = useRollBackAuthority();
  if (!authority.versions.length) return null;
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        Versions
      </Title>
      {back.isError && <Failed error={back.error} />}
      <DataTable
        label="Versions of the policy"
        rows={authority.versions}
        id={(version) => String(version.version)}
        columns={[
          { header: 'Version', cell: (version) => version.version },
          { header: 'Published', cell: (version) => <When at={version.at} /> },
          { header: 'By', cell: (version) => version.by },
          {
            header: '',
            cell: (version) =>
              version.version === authority.version ? (
                'in force'
              ) : (
                <Button
                  size="compact-xs"
                  variant="default"
                  loading={back.isPending && back.variables?.to === version.version}
                  aria-label={`Roll back to version ${version.version}`}
                  onClick={() => back.mutate({ type: authority.type, version: authority.version, to: version.version })}
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
