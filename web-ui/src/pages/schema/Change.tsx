import { Card, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useBeginDryRun } from '../../api/dryRuns';
import type { Model } from '../../api/model';
import { type SchemaAnswer, type SchemaChange, useAnswerSchemaChange } from '../../api/schemas';
import { Link } from '../../ui/Link';
import { State } from '../../ui/State';
import { Failed } from '../../ui/States';
import { When } from '../../ui/When';
import { ConstantAnswer, MapAnswer, OptionsAnswer, PlainAnswer, RenameAnswer } from './answers';
import { AGREE, KINDS, urgency } from './words';

/** One change with what it means and the answers that fit. */
export function Change({ change, model }: { change: SchemaChange; model: Model }) {
  const answering = useAnswerSchemaChange();
  const trying = useBeginDryRun();
  const navigate = useNavigate();
  const [tryFirst, setTryFirst] = useState(false);
  const tried = (answer: SchemaAnswer) =>
    trying.mutate({ kind: 'ANSWER', change: change.id, answer }, { onSuccess: (begun) => void navigate({ to: '/dry-runs/$id', params: { id: begun.id } }) });
  const given = (answer: SchemaAnswer, said: string) =>
    answering.mutate({ id: change.id, answer }, { onSuccess: () => notifications.show({ title: `${change.field}: ${said}`, message: 'What waited for it goes on by itself.' }) });
  const answer = tryFirst ? tried : given;
  const busy = answering.isPending || trying.isPending;
  return (
    <Card padding="sm" component="section" data-change tabIndex={-1} aria-labelledby={`change-${change.id}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div style={{ flex: '1 1 260px', minWidth: 0 }}>
            <Title order={2} size="h5" id={`change-${change.id}`} style={{ overflowWrap: 'anywhere' }}>
              <span className="mono">{change.field}</span> in {model.system(change.system)}
            </Title>
            <Text size="xs" c="dimmed">
              <Link to="/systems/$id" params={{ id: change.system }}>
                {model.system(change.system)}
              </Link>{' '}
              · {change.stream}
              {change.attribute && ` · ${model.attribute(change.type, change.attribute)}`}
              {change.since && (
                <>
                  {' · '}
                  <When at={change.since} />
                </>
              )}
            </Text>
          </div>
          <State state={urgency(change)} label={KINDS[change.kind]} />
        </Group>
        <Text size="sm" maw={820} style={{ overflowWrap: 'anywhere' }}>
          {change.says}
        </Text>
        {change.answers.length > 0 && (
          <Switch
            size="xs"
            checked={tryFirst}
            onChange={(event) => setTryFirst(event.currentTarget.checked)}
            label="Only try it: show what would change and be sent, and answer nothing"
          />
        )}
        {change.answers.map((kind) => {
          if (kind === 'MAP') return <MapAnswer key={kind} change={change} model={model} busy={busy} answer={answer} />;
          if (kind === 'RENAME') return <RenameAnswer key={kind} change={change} busy={busy} answer={answer} />;
          if (kind === 'CONSTANT') return <ConstantAnswer key={kind} change={change} busy={busy} answer={answer} />;
          if (kind === 'OPTIONS') return change.unknown.length ? <OptionsAnswer key={kind} change={change} busy={busy} answer={answer} /> : null;
          return null;
        })}
        <Group gap="xs">
          {change.answers.includes('AGREE') && (
            <PlainAnswer busy={busy} onClick={() => answer({ answer: 'AGREE' }, 'left as it is')}>
              {AGREE[change.kind] ?? 'I have seen it'}
            </PlainAnswer>
          )}
          {change.answers.includes('DROP') && (
            <PlainAnswer busy={busy} onClick={() => answer({ answer: 'DROP' }, 'not mapped any more')}>
              Stop mapping it, keep golden values
            </PlainAnswer>
          )}
        </Group>
        {trying.isError && <Failed error={trying.error} />}
        {answering.isError && <Failed error={answering.error} />}
      </Stack>
    </Card>
  );
}
