import { Card, Stack, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Fragment, useState } from 'react';
import { type Model, useModel } from '../../api/model';
import type { Schemas } from '../../api/client';
import type { Golden, GoldenExplanation } from '../../api/queries';
import { ButtonLink } from '../../ui/Link';
import { Empty } from '../../ui/States';
import { When } from '../../ui/When';
import { counted, recordKey, ruleWords } from '../../ui/format';
import { LinkIcon } from '../../ui/icons';
import { GiveValue, LIFE_CYCLES } from './GiveValue';
import classes from './Golden.module.css';

/** The surviving values. Pointing at one, or reaching it with Tab, tells where it comes from and what lost. */
export function Values({ explanation, references = {} }: { explanation: GoldenExplanation; references?: Golden['references'] }) {
  const { golden } = explanation;
  const model = useModel();
  const names = model.inOrder(golden.type, Object.keys(golden.values));
  const [inspected, setInspected] = useState(names[0]);
  const narrow = useMediaQuery('(max-width: 62em)');
  if (!names.length)
    return <Empty title="No values">{golden.state === 'DELETED' ? 'All its records are deleted.' : 'Its records hold nothing the hub knows.'}</Empty>;
  const name = inspected && names.includes(inspected) ? inspected : names[0]!;
  return (
    <div className={classes.split}>
      <div className={classes.values} role="group" aria-label="Values">
        {names.map((each) => {
          const value = golden.values[each]!;
          const others = new Set(explanation.values[each]?.candidates.map((c) => c.value)).size;
          return (
            <Fragment key={each}>
              <button
                type="button"
                className={classes.value}
                aria-current={each === name ? 'true' : undefined}
                onMouseEnter={() => setInspected(each)}
                onFocus={() => setInspected(each)}
                onClick={() => setInspected(each)}
              >
                <span className="dim">{model.attribute(golden.type, each)}</span> <b>{references[each]?.label || value.value || <em>none</em>}</b>{' '}
                <Text span size="xs" c="dimmed">
                  {value.from ? `${model.system(recordKey(value.from).system)} · ` : ''}
                  {ruleWords(value.rule)}
                  {others > 1 && ` · ${others} values`}
                </Text>
              </button>
              {narrow && each === name && <Inspector name={name} explanation={explanation} model={model} referred={references[name]} />}
            </Fragment>
          );
        })}
      </div>
      {!narrow && <Inspector name={name} explanation={explanation} model={model} referred={references[name]} />}
    </div>
  );
}

function Inspector({ name, explanation, model, referred }: { name: string; explanation: GoldenExplanation; model: Model; referred?: Schemas['Referred'] }) {
  const { golden, values } = explanation;
  const value = golden.values[name]!;
  const explained = values[name];
  const candidates = explained?.candidates ?? [];
  const steward = explained?.steward;
  const shown = (text: string) => (referred && text === referred.id ? referred.label : text);
  return (
    <Card className={classes.inspector} padding="md" role="region" aria-label={`Where ${model.attribute(golden.type, name)} comes from`}>
      <Title order={2} size="h5">
        {model.attribute(golden.type, name)}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        Rule: <strong>{ruleWords(value.rule)}</strong>
        {explained && `, ${model.spoken(explained.reason)}`}, policy version {value.policyVersion}
        {candidates.length > 0 && ` · ${counted(candidates.length, 'record')} ${candidates.length === 1 ? 'has' : 'have'} a value`}
      </Text>
      {steward && (
        <div className={classes.candidate} data-survives>
          <Text size="sm" fw={650} style={{ overflowWrap: 'anywhere' }}>
            {shown(steward.value) || <em>none</em>}
          </Text>
          <Text size="xs" c="dimmed">
            {steward.by ?? 'A steward'} · <When at={steward.at} /> · {LIFE_CYCLES[steward.lifeCycle]}
            {steward.until && (
              <>
                {' '}
                <When at={steward.until} />
              </>
            )}
          </Text>
          {steward.note && (
            <Text size="xs" mt={2}>
              {steward.note}
            </Text>
          )}
        </div>
      )}
      {candidates.map((candidate) => (
        <div key={candidate.record} className={classes.candidate} data-survives={candidate.survives || undefined}>
          <Text size="sm" fw={candidate.survives ? 650 : 400} style={{ overflowWrap: 'anywhere' }}>
            {shown(candidate.value) || <em>empty</em>}
          </Text>
          <Text size="xs" c="dimmed">
            {candidate.survives ? 'Survives' : candidate.value === value.value ? 'Agrees' : 'Lost'} · {model.system(candidate.system)} <span className="mono">{recordKey(candidate.record).externalId}</span>
            {candidate.sourceAt && (
              <>
                {' '}
                · <When at={candidate.sourceAt} />
              </>
            )}
          </Text>
          <Text size="xs" mt={2}>
            {model.spoken(candidate.reason)}
            {candidate.copied && !/copy|copies/.test(candidate.reason) && '; the hub wrote it there'}
          </Text>
        </div>
      ))}
      {candidates.length === 0 && value.from && (
        <Text size="sm">
          From {model.system(recordKey(value.from).system)} <span className="mono">{recordKey(value.from).externalId}</span>.
        </Text>
      )}
      <Stack mt="sm" align="flex-start" gap="xs">
        <GiveValue key={name} name={name} explanation={explanation} model={model} />
        <ButtonLink
          to="/goldens/$id/lineage"
          params={{ id: golden.id }}
          search={{ attribute: name }}
          size="compact-sm"
          variant="subtle"
          leftSection={<LinkIcon size={14} />}
        >
          Lineage of this value
        </ButtonLink>
      </Stack>
    </Card>
  );
}
