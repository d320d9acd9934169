import { Alert, Badge, Button, Card, Group, SimpleGrid, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Model, useModel } from '../../api/model';
import { type LinkExplanation, useLinkExplanation } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { Empty, Loaded } from '../../ui/States';
import { Waterfall } from '../../ui/Waterfall';
import { When } from '../../ui/When';
import { count, localMinute, minute, recordKey, shortId } from '../../ui/format';
import { InfoIcon } from '../../ui/icons';

const VERDICTS = { MATCH: 'The same', REVIEW: 'A person is asked', REPORT: 'The same; only reported', NO_MATCH: 'Not the same' } as const;

/** Why are these two the same, or why not? For any two records, now or at an earlier instant. */
export function ExplainPage() {
  const { a, b, asOf } = useSearch({ from: '/explain' });
  const pair = useLinkExplanation(a, b, asOf);
  return (
    <Page title="Why, or why not" lead="Any two records: what decided, what was compared and what it weighs.">
      <Stack gap="md">
        <Asked key={`${a} ${b} ${asOf}`} />
        {a && b ? (
          <Loaded query={pair} rows={8}>
            {(data) => <Explained pair={data} />}
          </Loaded>
        ) : (
          <Empty title="Name two records">By their keys, such as crm:contact:0031. A record’s key is on the page of its golden record, under Sources.</Empty>
        )}
      </Stack>
    </Page>
  );
}

function Asked() {
  const search = useSearch({ from: '/explain' });
  const navigate = useNavigate({ from: '/explain' });
  const [a, setA] = useState(search.a ?? '');
  const [b, setB] = useState(search.b ?? '');
  const [asOf, setAsOf] = useState(search.asOf ? localMinute(search.asOf) : '');
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: { a: a.trim(), b: b.trim(), ...(asOf ? { asOf: new Date(asOf).toISOString() } : {}) } });
  };
  return (
    <form onSubmit={ask}>
      <Group align="flex-end" gap="sm">
        <TextInput label="Record" value={a} onChange={(event) => setA(event.currentTarget.value)} placeholder="crm:contact:0031" style={{ flex: '1 1 200px' }} />
        <TextInput label="Other record" value={b} onChange={(event) => setB(event.currentTarget.value)} placeholder="shop:contact:77" style={{ flex: '1 1 200px' }} />
        <TextInput label="As of (empty: now)" type="datetime-local" value={asOf} onChange={(event) => setAsOf(event.currentTarget.value)} style={{ flex: '0 1 210px' }} />
        <Button type="submit" disabled={!a.trim() || !b.trim()}>
          Explain
        </Button>
      </Group>
    </form>
  );
}

function Explained({ pair }: { pair: LinkExplanation }) {
  const model = useModel();
  const type = pair.a.type;
  const name = (key: string) => `${model.system(recordKey(key).system)} ${recordKey(key).externalId}`;
  const left = pair.then ? pair.then.a.attributes : pair.a.attributes;
  const right = pair.then ? pair.then.b.attributes : pair.b.attributes;
  const reads = new Map(pair.comparisons.map((step) => [step.name, step.attributes]));
  const written = (values: Record<string, string>, names: string[]) => names.map((n) => values[n]).filter(Boolean).join(' ');
  const raw = (step: { name: string; left?: string | null; right?: string | null }) => {
    const names = reads.get(step.name) ?? [];
    if (!names.length || step.left == null) return undefined;
    const both = { left: written(left, names), right: written(right, names) };
    return both.left === step.left && both.right === step.right ? undefined : both;
  };
  return (
    <Stack gap="md">
      <Alert variant="default" icon={<InfoIcon />} title={`${name(pair.a.key)} and ${name(pair.b.key)}: ${VERDICTS[pair.conclusion.decision].toLowerCase()}`}>
        <Text size="sm">{model.spoken(pair.conclusion.text)}</Text>
        {pair.asOf && (
          <Text size="sm" c="dimmed">
            As of {minute(pair.asOf)}. The values, golden records and verdicts are those of then; the weights are those of the policy published then.
          </Text>
        )}
      </Alert>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Card padding="sm">
          <Group justify="space-between" mb="xs">
            <Title order={2} size="h5">
              The score
            </Title>
            {pair.computed && (
              <Text size="xs" c="dimmed">
                {pair.computed.ruleSet}
              </Text>
            )}
          </Group>
          {pair.computed ? (
            <Waterfall
              label={`Evidence for ${name(pair.a.key)} and ${name(pair.b.key)}`}
              steps={pair.comparisons}
              score={pair.computed.score}
              thresholds={{ review: pair.thresholds.reviewBits, match: pair.thresholds.autoBits }}
              names={model.attributeNames(type)}
              raw={raw}
            />
          ) : (
            <Text size="sm">There was nothing to compare yet.</Text>
          )}
        </Card>
        <Stack gap="md">
          <Card padding="sm">
            <Title order={2} size="h5" mb="xs">
              What else decides
            </Title>
            {pair.assertions.length === 0 && <Text size="sm">Nothing but the score: no verdict, no rule of its own, no declaration.</Text>}
            {pair.assertions.map((one, i) => (
              <Text key={i} size="sm" mb={4} component="div">
                <Badge variant="default" mr={6}>
                  {VERDICTS[one.says]}
                </Badge>
                {model.spoken(one.text)} {one.at && <When at={one.at} />}
              </Text>
            ))}
          </Card>
          <Keys pair={pair} />
          <Written pair={pair} left={left} right={right} model={model} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Keys({ pair }: { pair: LinkExplanation }) {
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        How they meet
      </Title>
      {pair.keys.length === 0 ? (
        <Text size="sm">{pair.computed ? 'They share no block key, so the rules never compare them.' : 'They did not meet.'}</Text>
      ) : (
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          {pair.keys.map((key) => (
            <Text key={key.value} component="li" size="sm">
              <span className="mono" style={{ overflowWrap: 'anywhere' }}>
                {key.value}
              </span>{' '}
              <Text span size="xs" c="dimmed">
                {count(key.records)} {key.records === 1 ? 'record' : 'records'}
                {key.generic && ', generic: brings nobody together'}
                {key.value === pair.blockKey && ', brought them together'}
              </Text>
            </Text>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Written({ pair, left, right, model }: { pair: LinkExplanation; left: Record<string, string>; right: Record<string, string>; model: Model }) {
  const names = model.inOrder(pair.a.type, [...Object.keys(left), ...Object.keys(right)]);
  const golden = (side: 'a' | 'b') => (pair.then ? pair.then[side].goldenId : pair[side].goldenId);
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        What they {pair.asOf ? 'held then' : 'hold'}
      </Title>
      <Table aria-label="Values of both records" layout="fixed" horizontalSpacing={6} verticalSpacing={3} fz="xs" style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attribute</Table.Th>
            {(['a', 'b'] as const).map((side) => (
              <Table.Th key={side}>
                {model.system(recordKey(pair[side].key).system)} {recordKey(pair[side].key).externalId}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((n) => (
            <Table.Tr key={n}>
              <Table.Th scope="row" fw={500}>
                {model.attribute(pair.a.type, n)}
              </Table.Th>
              <Table.Td>{left[n]}</Table.Td>
              <Table.Td>{right[n]}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row" fw={500}>
              Golden record
            </Table.Th>
            {(['a', 'b'] as const).map((side) => (
              <Table.Td key={side}>
                {golden(side) ? (
                  <Link to="/goldens/$id" params={{ id: golden(side)! }} className="mono" title={golden(side)}>
                    {shortId(golden(side)!)}
                  </Link>
                ) : (
                  'none'
                )}
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Card>
  );
}
