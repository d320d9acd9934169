import { Alert, Badge, Group, Tabs, Text } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useModel } from '../../api/model';
import { type Golden, type GoldenExplanation, type Review, useExplanation, useGolden, useGoldenOutbound } from '../../api/queries';
import { useKeys } from '../../ui/Keys';
import { ButtonLink, Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded } from '../../ui/States';
import { When } from '../../ui/When';
import { counted } from '../../ui/format';
import { ListChecksIcon, WorkflowIcon } from '../../ui/icons';
import { AsOfPicker, GoldenAsOf } from './AsOf';
import { DeleteGolden } from './DeleteGolden';
import { Deletions } from './Deletions';
import { EraseGolden } from './EraseGolden';
import { History } from './History';
import { How } from './How';
import { Json } from './Json';
import { Merges } from './Merges';
import { Outbound } from './Outbound';
import { Related } from './Related';
import { Sources } from './Sources';
import { Values } from './Values';
import { Why } from './Why';

const TABS = ['values', 'sources', 'history', 'merges', 'why', 'outbound', 'json'] as const;
type Tab = (typeof TABS)[number];

/** What do we know, from where, since when, and who else has it? */
export function GoldenPage() {
  const { id } = useParams({ from: '/goldens/$id' });
  const { asOf } = useSearch({ from: '/goldens/$id' });
  return asOf ? <GoldenAsOf key={id} id={id} asOf={asOf} /> : <Now id={id} />;
}

function Now({ id }: { id: string }) {
  const golden = useGolden(id);
  return (
    <Loaded query={golden} rows={10} title="Golden record">
      {(data) => (data.state === 'RETIRED' ? <Retired golden={data} /> : <Current golden={data} />)}
    </Loaded>
  );
}

/** The old id leads on, for ever. */
function Retired({ golden }: { golden: Golden }) {
  const to = golden.redirectsTo!;
  const target = useGolden(to).data;
  return (
    <Page
      title={golden.label || golden.id}
      mark={<Badge variant="default">merged away</Badge>}
      lead={<span className="mono">{golden.id}</span>}
      actions={<AsOfPicker />}
    >
      <Empty
        title={`Merged into ${target?.label ?? 'another golden record'}`}
        action={
          <ButtonLink to="/goldens/$id" params={{ id: to }}>
            Open {target?.label ?? 'it'}
          </ButtonLink>
        }
      >
        This id is no longer in use, since <When at={golden.updatedAt} />. It leads to{' '}
        <Link to="/goldens/$id" params={{ id: to }} className="mono">
          {to}
        </Link>{' '}
        for ever, for people and for the systems that still know it.
      </Empty>
      <Text fw={600} mt="lg" mb="xs">
        What happened to it
      </Text>
      <History id={golden.id} type={golden.type} />
    </Page>
  );
}

function Current({ golden }: { golden: Golden }) {
  const { tab = 'values' } = useSearch({ from: '/goldens/$id' });
  const navigate = useNavigate({ from: '/goldens/$id' });
  const model = useModel();
  const explanation = useExplanation(golden.id);
  const outbound = useGoldenOutbound(golden.id);
  const show = (next: Tab) => void navigate({ search: next === 'values' ? {} : { tab: next }, replace: true });
  useKeys('This golden record', [
    ...TABS.map((name, i) => ({ keys: String(i + 1), does: `Show ${LABELS[name].toLowerCase()}`, run: () => show(name) })),
    { keys: 'l', does: 'Lineage', run: () => void navigate({ to: '/goldens/$id/lineage', params: { id: golden.id } }) },
  ]);
  const counts: Partial<Record<Tab, number>> = {
    sources: golden.records.length,
    merges: explanation.data?.merges.length,
    outbound: outbound.data?.filter((change) => change.state !== 'SETTLED').length,
  };
  const panel = (render: (data: GoldenExplanation) => ReactNode) => <Loaded query={explanation}>{render}</Loaded>;

  return (
    <Page
      title={golden.label || golden.id}
      mark={golden.state === 'ACTIVE' ? undefined : <State state={golden.state} />}
      lead={
        <>
          {model.type(golden.type)} · <span className="mono">{golden.id}</span> · revision {golden.revision} ·{' '}
          {counted(golden.records.length, 'record')} in {golden.systems.map(model.system).join(', ') || 'no system'} · changed <When at={golden.updatedAt} />
        </>
      }
      actions={
        <>
          <AsOfPicker />
          <ButtonLink to="/goldens/$id/lineage" params={{ id: golden.id }} variant="default" leftSection={<WorkflowIcon />}>
            Lineage
          </ButtonLink>
          {golden.state === 'ACTIVE' && <DeleteGolden golden={golden} model={model} />}
          {golden.state !== 'RETIRED' && <EraseGolden golden={golden} model={model} />}
        </>
      }
    >
      <Related golden={golden} model={model} />
      <Deletions golden={golden} model={model} />
      {explanation.data && explanation.data.reviews.length > 0 && <OpenReviews reviews={explanation.data.reviews} />}
      <Tabs value={tab} onChange={(value) => show((value ?? 'values') as Tab)} keepMounted={false}>
        <Tabs.List mb="md">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              <Group gap={6} wrap="nowrap">
                {LABELS[name]}
                {counts[name] ? (
                  <Badge variant="default" size="sm">
                    {counts[name]}
                  </Badge>
                ) : null}
              </Group>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="values">{panel((data) => <Values explanation={data} references={golden.references} />)}</Tabs.Panel>
        <Tabs.Panel value="sources">{panel((data) => <Sources explanation={data} />)}</Tabs.Panel>
        <Tabs.Panel value="history">
          <History id={golden.id} type={golden.type} />
        </Tabs.Panel>
        <Tabs.Panel value="merges">{panel((data) => <Merges explanation={data} />)}</Tabs.Panel>
        <Tabs.Panel value="why">
          <How id={golden.id} />
          {panel((data) => <Why explanation={data} />)}
        </Tabs.Panel>
        <Tabs.Panel value="outbound">
          <Loaded query={outbound}>{(changes) => <Outbound changes={changes} />}</Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <Json golden={golden} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function OpenReviews({ reviews }: { reviews: Review[] }) {
  const model = useModel();
  return (
    <Alert
      variant="default"
      mb="md"
      icon={<ListChecksIcon />}
      title={counted(reviews.length, 'open question')}
      styles={{ root: { borderColor: 'var(--k-gold-line)' }, title: { color: 'var(--k-text)' } }}
    >
      {reviews.map((review) => (
        <Text key={review.id} size="sm">
          <Link to="/review/$id" params={{ id: review.id }}>
            {review.label}
          </Link>
          : {model.spoken(review.reason)}
        </Text>
      ))}
    </Alert>
  );
}

const LABELS: Record<Tab, string> = {
  values: 'Values',
  sources: 'Sources',
  history: 'History',
  merges: 'Merges',
  why: 'Why',
  outbound: 'Written to',
  json: 'JSON',
};
