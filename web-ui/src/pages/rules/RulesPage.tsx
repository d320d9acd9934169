import { Alert, Box, Button, Card, Group, Modal, NativeSelect, SimpleGrid, Space, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type Model, useModel } from '../../api/model';
import { type MatchRules, type RulesPreview, useBeginRulesPreview, useLearnRules, useMatchRules, usePublishRules, useRollBackRules, useRulesLesson, useRulesPreview, useStats } from '../../api/queries';
import { Said } from '../../ui/Said';
import { DataTable } from '../../ui/DataTable';
import { DialogActions } from '../../ui/DialogActions';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { Empty, Failed, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { bits, count, counted, recordKey } from '../../ui/format';
import { DryRunButton } from '../dryRuns/DryRunButton';
import { GenericKeys } from './GenericKeys';
import { Lesson } from './Lesson';
import { Reading } from './Reading';

/** Which records are one? What decides it, how well it does, and what a change would do. */
export function RulesPage() {
  const search = useSearch({ from: '/rules' });
  const navigate = useNavigate({ from: '/rules' });
  const model = useModel();
  const held = useStats().data?.goldens ?? {};
  const type = search.type ?? [...model.types].sort((a, b) => (held[b.name] ?? 0) - (held[a.name] ?? 0))[0]?.name;
  const rules = useMatchRules(type);
  return (
    <Page
      title="Match rules"
      lead="What decides whether two records are the same. A change is tried on all records before it is published, and changes no verdict of a steward."
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
      <Loaded query={rules} rows={6}>
        {(data) => (
          <Stack gap="md">
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Draft key={`${data.type} ${data.version}`} rules={data} model={model} />
              <Stack gap="md">
                <Quality rules={data} />
                <GenericKeys type={data.type} />
              </Stack>
            </SimpleGrid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Draft({ rules, model }: { rules: MatchRules; model: Model }) {
  const [body, setBody] = useState(rules.body);
  const [tried, setTried] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const begin = useBeginRulesPreview();
  const preview = useRulesPreview(begin.data).data;
  const learn = useLearnRules();
  const lesson = useRulesLesson(learn.data).data;
  const learned = lesson?.result?.body;
  useEffect(() => {
    if (learned !== undefined) setBody(learned);
  }, [learned]);
  const publish = usePublishRules();
  const done = preview?.state === 'DONE' && tried === body;
  const submit = () =>
    publish.mutate(
      { type: rules.type, version: rules.version, body },
      {
        onSuccess: (now) => {
          setAsking(false);
          notifications.show({ title: `Version ${now.version} is published`, message: 'All records are compared again in the background.' });
        },
        onError: () => setAsking(false),
      },
    );
  return (
    <Card padding="sm">
      <Title order={2} size="h5">
        Rules, version {rules.version}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        From {bits(rules.reviewBits) || '0'} bits on a person is asked, from {bits(rules.autoBits)} on records are the same without asking.{' '}
        {rules.precisionFloor !== undefined && <>Not published below a precision of {rules.precisionFloor}. </>}
        {rules.ruleSet}
      </Text>
      <Textarea
        label="Draft"
        description="YAML, laid over the shipped rules: autoBits, reviewBits, mode, brake, skipWhen, maxClusterSize, duplicateFree, precisionFloor, rules. Empty: the shipped rules."
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        rows={12}
        resize="vertical"
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Group mt="sm" gap="sm">
        <Button
          variant={done ? 'default' : 'filled'}
          loading={begin.isPending || (preview?.state === 'RUNNING' && tried === body)}
          onClick={() => {
            setTried(body);
            begin.mutate({ type: rules.type, body });
          }}
        >
          Preview
        </Button>
        <DryRunButton disabled={body === rules.body} ask={{ kind: 'DOCUMENTS', documents: { matching: { [rules.type]: body } } }} />
        <Button variant={done ? 'filled' : 'default'} disabled={!done || body === rules.body} onClick={() => setAsking(true)}>
          Publish…
        </Button>
        <Button
          variant="default"
          loading={learn.isPending || lesson?.state === 'RUNNING'}
          onClick={() => learn.mutate({ type: rules.type, body })}
        >
          Learn weights
        </Button>
        {!done && body !== rules.body && (
          <Text size="xs" c="dimmed">
            Preview the draft first.
          </Text>
        )}
      </Group>
      {begin.isError && <Box mt="sm"><Failed error={begin.error} /></Box>}
      {learn.isError && <Box mt="sm"><Failed error={learn.error} /></Box>}
      {publish.isError && <Box mt="sm"><Failed error={publish.error} /></Box>}
      {lesson && (lesson.state !== 'DONE' || body === learned) && tried !== body && <Lesson lesson={lesson} />}
      {preview && tried === body && <Changes preview={preview} model={model} />}
      <Modal opened={asking} onClose={() => setAsking(false)} title={<Text fw={650}>Publish these match rules?</Text>}>
        <Text size="sm" mb="md">
          {preview?.result && (
            <>
              {counted(preview.result.vanishing, 'golden record')} would come apart and {counted(preview.result.appearing, 'merge')} would be made.{' '}
            </>
          )}
          Verdicts of stewards stay. If the hub’s configuration file has a matching block for this type, change it there too: it is published when the hub starts.
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

function Changes({ preview, model }: { preview: RulesPreview; model: Model }) {
  const name = (key: string) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`;
  if (preview.state === 'RUNNING') return <Reading label="Preview" done={preview.done} total={preview.total} />;
  if (preview.state === 'FAILED' || !preview.result)
    return (
      <Alert role="alert" variant="default" mt="md" title="There is no preview">
        <Said text={preview.problem ?? ''} />
      </Alert>
    );
  const { result } = preview;
  return (
    <Stack gap="sm" mt="md" role="status">
      <Text size="sm">
        <strong>{counted(result.vanishing, 'golden record')} would come apart</strong>, <strong>{counted(result.appearing, 'merge')} would be made</strong>:{' '}
        {counted(result.goldensBefore, 'golden record')} would be {count(result.goldensAfter)}, of {counted(result.records, 'record')}.{' '}
        {result.asked > 0 && `People would be asked about ${counted(result.asked, 'pair')} of them. `}
        {result.reported > 0 && `${counted(result.reported, 'pair')} would only be listed as what would be merged. `}
        Nothing was changed.
      </Text>
      {result.apart.length > 0 && (
        <div>
          <Title order={3} size="h6">
            Would come apart{result.vanishing > result.apart.length && ` (${result.apart.length} of ${count(result.vanishing)})`}
          </Title>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {result.apart.map((one) => (
              <Text key={one.golden} component="li" size="sm">
                <Link to="/goldens/$id" params={{ id: one.golden }}>
                  {one.label || one.golden}
                </Link>
                : {one.parts.map((part) => part.map(name).join(', ')).join(' | ')}{' '}
                <Link to="/explain" search={{ a: one.parts[0]![0]!, b: one.parts[1]![0]! }} fz="xs">
                  why
                </Link>
              </Text>
            ))}
          </ul>
        </div>
      )}
      {result.together.length > 0 && (
        <div>
          <Title order={3} size="h6">
            Would become one{result.appearing > result.together.length && ` (${result.together.length} of ${count(result.appearing)})`}
          </Title>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {result.together.map((one) => (
              <Text key={one.goldens[0]} component="li" size="sm">
                {one.goldens.map((id, i) => (
                  <span key={id}>
                    {i > 0 && ' + '}
                    <Link to="/goldens/$id" params={{ id }}>
                      {one.labels[i] || id}
                    </Link>
                  </span>
                ))}
                : {one.records.map(name).join(', ')}
              </Text>
            ))}
          </ul>
        </div>
      )}
    </Stack>
  );
}

const share = (value: number | undefined) => (value === undefined ? 'not known' : value.toFixed(3));

function Quality({ rules }: { rules: MatchRules }) {
  const judged = rules.versions[0]?.figures?.labelled ?? 0;
  const [to, setTo] = useState<number | null>(null);
  const back = useRollBackRules();
  const goBack = () =>
    back.mutate(
      { type: rules.type, version: rules.version, to: to! },
      {
        onSuccess: (now) => notifications.show({ title: `Version ${now.version} says what version ${to} said`, message: 'All records are compared again in the background.' }),
        onSettled: () => setTo(null),
      },
    );
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        How they did
      </Title>
      {judged > 0 && (
        <Text size="sm" c="dimmed" mb="xs">
          By the {counted(judged, 'pair')} that stewards judged. These are the doubtful ones, so the rules do better on the rest.
        </Text>
      )}
      {judged === 0 && (
        <Empty title="Nothing was judged yet">
          Answer some questions, <Link to="/review" search={{ sort: 'teach' }}>the most doubtful first</Link>: each teaches most.
        </Empty>
      )}
      {judged === 0 && rules.versions.length > 0 && <Space h="sm" />}
      {rules.versions.length > 0 && (
        <DataTable
          label="Versions of the rules"
          rows={rules.versions}
          id={(version) => String(version.version)}
          columns={[
            { header: 'Version', cell: (version) => version.version },
            { header: 'Published', cell: (version) => (version.at ? <When at={version.at} /> : 'shipped') },
            { header: 'Precision', end: true, cell: (version) => share(version.figures?.precision) },
            { header: 'Recall', end: true, cell: (version) => share(version.figures?.recall) },
            { header: 'Would ask', end: true, cell: (version) => (version.figures ? count(version.figures.asked) : '') },
            {
              header: '',
              end: true,
              cell: (version) =>
                version.version !== rules.version && (
                  <Button size="compact-xs" variant="default" aria-label={`Roll back to version ${version.version}`} onClick={() => setTo(version.version)}>
                    Roll back…
                  </Button>
                ),
            },
          ]}
        />
      )}
      {back.isError && <Failed error={back.error} />}
      <Modal opened={to !== null} onClose={() => setTo(null)} title={<Text fw={650}>Roll back to version {to}?</Text>}>
        <Text size="sm" mb="md">
          What version {to} said is published once more, as a version of its own; all records are compared again. Verdicts of stewards stay.
        </Text>
        <DialogActions>
          <Button variant="default" onClick={() => setTo(null)}>
            Not yet
          </Button>
          <Button loading={back.isPending} onClick={goBack}>
            Roll back
          </Button>
        </DialogActions>
      </Modal>
    </Card>
  );
}
