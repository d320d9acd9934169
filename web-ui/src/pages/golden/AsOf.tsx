import { Alert, Button, Card, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useModel } from '../../api/model';
import { type Golden, useGoldenThen } from '../../api/queries';
import { Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Failed, Loaded } from '../../ui/States';
import { Under } from '../../ui/Under';
import { When } from '../../ui/When';
import { counted, localMinute, moment, recordKey } from '../../ui/format';
import { InfoIcon } from '../../ui/icons';

/** Asks for the golden record as it was at an instant, which is kept in the address. */
export function AsOfPicker() {
  const { asOf } = useSearch({ from: '/goldens/$id' });
  return <Picker key={asOf} asOf={asOf} />;
}

function Picker({ asOf }: { asOf: string | undefined }) {
  const navigate = useNavigate({ from: '/goldens/$id' });
  const [at, setAt] = useState(asOf ? localMinute(asOf) : '');
  const show = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: at ? { asOf: new Date(at).toISOString() } : {} });
  };
  return (
    <form onSubmit={show} aria-label="As of">
      <Group gap={6}>
        <TextInput aria-label="As of" type="datetime-local" size="sm" w={200} value={at} onChange={(event) => setAt(event.currentTarget.value)} />
        <Button type="submit" variant="default" disabled={!at}>
          Show then
        </Button>
      </Group>
    </form>
  );
}

/** What it was then. Nothing can be changed here. */
export function GoldenAsOf({ id, asOf }: { id: string; asOf: string }) {
  const then = useGoldenThen(id, asOf);
  if (then.isError)
    return (
      <Page title={id} actions={<AsOfPicker />}>
        <Then asOf={asOf} />
        <Failed error={then.error} retry={() => void then.refetch()} />
      </Page>
    );
  return (
    <Loaded query={then} rows={8} title="Golden record">
      {(golden) => <AsItWas golden={golden} asked={id} asOf={asOf} />}
    </Loaded>
  );
}

function AsItWas({ golden, asked, asOf }: { golden: Golden; asked: string; asOf: string }) {
  const model = useModel();
  return (
    <Page
      title={golden.label || golden.id}
      mark={golden.state === 'ACTIVE' ? undefined : <State state={golden.state} />}
      lead={
        <>
          {model.type(golden.type)} · <span className="mono">{golden.id}</span> · revision {golden.revision} then · {counted(golden.records.length, 'record')} in{' '}
          {golden.systems.map(model.system).join(', ') || 'no system'}
        </>
      }
      actions={<AsOfPicker />}
    >
      <Then asOf={asOf}>
        {golden.id !== asked && (
          <Text size="sm">
            <span className="mono">{asked}</span> had been merged into this golden record by then.
          </Text>
        )}
        <Under policies={golden.policies} />
      </Then>
      <Stack gap="md">
        <Values golden={golden} />
        <Held golden={golden} />
      </Stack>
    </Page>
  );
}

function Then({ asOf, children }: { asOf: string; children?: React.ReactNode }) {
  return (
    <Alert variant="default" mb="md" icon={<InfoIcon />} title={`As it was at ${moment(asOf)}`}>
      {children}
      <Link to="/goldens/$id" params={(known) => known as { id: string }} search={{}}>
        Show it as it is now
      </Link>
    </Alert>
  );
}

function Values({ golden }: { golden: Golden }) {
  const model = useModel();
  const names = model.inOrder(golden.type, Object.keys(golden.attributes));
  if (!names.length) return <Empty title="It had no values" />;
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        Values
      </Title>
      <Table aria-label="Values then" layout="fixed" fz="sm" verticalSpacing={4} style={{ overflowWrap: 'anywhere' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attribute</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>Since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => {
            const since = golden.since?.[name];
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={500}>
                  {model.attribute(golden.type, name)}
                </Table.Th>
                <Table.Td>{golden.references?.[name]?.label ?? golden.attributes[name]}</Table.Td>
                <Table.Td>
                  {since && (
                    <>
                      <When at={since.at} as="minute" />
                      {since.from && ` from ${model.system(recordKey(since.from).system)}`}
                    </>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Held({ golden }: { golden: Golden }) {
  const model = useModel();
  return (
    <Card padding="sm">
      <Title order={2} size="h5" mb="xs">
        What its records held
      </Title>
      <Stack gap="xs">
        {Object.entries(golden.held ?? {}).map(([key, values]) => (
          <div key={key}>
            <Text size="sm" fw={600}>
              {model.system(recordKey(key).system)} <span className="mono">{recordKey(key).externalId}</span>
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {model
                .inOrder(golden.type, Object.keys(values))
                .filter((name) => values[name])
                .map((name) => `${model.attribute(golden.type, name)}: ${values[name]}`)
                .join(' · ') || 'nothing'}
            </Text>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
