import { Card, Code, Group, NativeSelect, SegmentedControl, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Suspense, lazy, useMemo, useState } from 'react';
import { type Model, useModel } from '../../api/model';
import { type Lineage, useLineage } from '../../api/queries';
import { type Column, DataTable } from '../../ui/DataTable';
import type { FlowEdge, FlowNode } from '../../ui/FlowCanvas';
import { Keys, useKeys } from '../../ui/Keys';
import { ButtonLink, Link } from '../../ui/Link';
import { Page } from '../../ui/Page';
import { State } from '../../ui/State';
import { Empty, Loaded, Loading } from '../../ui/States';
import { When } from '../../ui/When';
import { counted, problemWords, ruleWords, shortId, words } from '../../ui/format';
import classes from './Lineage.module.css';

const FlowCanvas = lazy(() => import('../../ui/FlowCanvas').then((module) => ({ default: module.FlowCanvas })));

type Node = Lineage['nodes'][number];
type Edge = Lineage['edges'][number];

/** How did this value come here, and where did it go? */
export function LineagePage() {
  const { id } = useParams({ from: '/goldens/$id/lineage' });
  const { attribute, view: asked } = useSearch({ from: '/goldens/$id/lineage' });
  // A graph is of no use on a telephone; the table says the same.
  const narrow = useMediaQuery('(max-width: 48em)') ? 'table' : 'graph';
  const view = asked ?? narrow;
  const navigate = useNavigate({ from: '/goldens/$id/lineage' });
  const lineage = useLineage(id);
  const model = useModel();
  const golden = lineage.data?.nodes.find((node) => node.kind === 'GOLDEN');
  const type = golden ? typeOf(lineage.data!) : '';
  const attributes = lineage.data ? model.inOrder(type, lineage.data.edges.flatMap((edge) => edge.attributes.map((flow) => flow.attribute))) : [];
  const show = (next: { attribute?: string | undefined; view?: 'graph' | 'table' }) =>
    void navigate({
      search: { ...(next.attribute ? { attribute: next.attribute } : {}), ...(next.view && next.view !== narrow ? { view: next.view } : {}) },
      replace: true,
    });
  const toggle = () => show({ attribute, view: view === 'table' ? 'graph' : 'table' });
  useKeys('Lineage', [
    { keys: 't', does: 'Graph or table', run: toggle },
    { keys: 'b', does: 'Back to the golden record', run: () => void navigate({ to: '/goldens/$id', params: { id } }) },
  ]);

  return (
    <Page
      title={`Lineage of ${golden?.label ?? id}`}
      lead="From the systems that know it, through its records, to the systems that are told."
      actions={
        <ButtonLink to="/goldens/$id" params={{ id: lineage.data?.goldenId ?? id }} variant="default">
          Golden record
        </ButtonLink>
      }
    >
      <Group gap="sm" mb="sm" align="center">
        <NativeSelect
          aria-label="Attribute"
          value={attribute ?? ''}
          onChange={(event) => show({ attribute: event.currentTarget.value, view })}
          data={[{ value: '', label: 'All attributes' }, ...attributes.map((name) => ({ value: name, label: model.attribute(type, name) }))]}
        />
        <SegmentedControl
          aria-label="View"
          value={view}
          onChange={(value) => show({ attribute, view: value === 'table' ? 'table' : 'graph' })}
          data={[
            { value: 'graph', label: 'Graph' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <Text size="xs" c="dimmed" className="wide-only">
          <Keys keys="t" /> switches
        </Text>
      </Group>
      <Loaded query={lineage} rows={8}>
        {(data) =>
          data.nodes.length < 2 ? (
            <Empty title="No lineage yet">Nothing was read for this golden record.</Empty>
          ) : (
            <>
              {data.omitted > 0 && (
                <Text size="sm" mb="xs" c="var(--k-warn)">
                  {counted(data.omitted, 'more node')} left out: a graph shows 300 at most.
                </Text>
              )}
              {view === 'table' ? (
                <Twin lineage={data} attribute={attribute} type={type} model={model} />
              ) : (
                <Picture lineage={data} attribute={attribute} type={type} model={model} />
              )}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

const typeOf = (lineage: Lineage) => lineage.nodes.find((node) => node.record)?.record?.split(':')[1] ?? '';

const KINDS: Record<Node['kind'], string> = { SYSTEM: 'system', RECORD: 'record', GOLDEN: 'golden', RETIRED: 'retired', TARGET: 'target' };
/** As a value goes. */
const FLOW: Edge['kind'][] = ['READ', 'LINKED', 'RESOLVES', 'MERGED', 'WRITES'];
const STEPS: Record<Edge['kind'], string> = { READ: 'read', RESOLVES: 'resolved', LINKED: 'linked', MERGED: 'merged', WRITES: 'written' };

const carries = (edge: Edge, attribute: string | undefined) => !attribute || edge.attributes.some((flow) => flow.attribute === attribute);
const survives = (edge: Edge, attribute: string | undefined) =>
  edge.kind !== 'RESOLVES' || edge.attributes.some((flow) => flow.survives && (!attribute || flow.attribute === attribute));

function Picture({ lineage, attribute, type, model }: { lineage: Lineage; attribute: string | undefined; type: string; model: Model }) {
  const [chosen, setChosen] = useState<string>();
  const { nodes, edges } = useMemo(() => draw(lineage, attribute, type, model), [lineage, attribute, type, model]);
  const node = lineage.nodes.find((each) => each.id === chosen);
  return (
    <div className={classes.split}>
      <div>
        <Suspense fallback={<Loading rows={8} />}>
          <FlowCanvas key={lineage.goldenId} label="Lineage graph" nodes={nodes} edges={edges} chosen={chosen} onChoose={setChosen} height="max(420px, calc(100vh - 270px))" />
        </Suspense>
        <Text size="xs" c="dimmed" mt={6}>
          Gold: the value survives or was delivered. Dashed: it lost, waits or failed. Tab and Enter choose a node.
        </Text>
      </div>
      <Card padding="md" role="region" aria-label="Chosen node">
        {node ? (
          <Details node={node} lineage={lineage} type={type} model={model} />
        ) : (
          <Text size="sm" c="dimmed">
            Choose a node to see what it holds and what flows through it.
          </Text>
        )}
      </Card>
    </div>
  );
}

function draw(lineage: Lineage, attribute: string | undefined, type: string, model: Model): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const bright = new Set(lineage.edges.filter((edge) => carries(edge, attribute)).flatMap((edge) => [edge.from, edge.to]));
  const golden = lineage.nodes.find((node) => node.kind === 'GOLDEN');
  return {
    nodes: lineage.nodes.map((node) => ({
      id: node.id,
      kind: KINDS[node.kind],
      label: node.label,
      detail: attribute && node.attributes[attribute] !== undefined ? node.attributes[attribute] || 'empty' : detailOf(node, model),
      faded: attribute !== undefined && !bright.has(node.id),
    })),
    edges: lineage.edges
      .filter((edge) => edge.kind !== 'LINKED')
      .map((edge) => {
        const done = edge.kind === 'WRITES' ? edge.state === 'SETTLED' : survives(edge, attribute);
        const flows = edge.attributes.filter((flow) => !attribute || flow.attribute === attribute);
        const winning = flows.filter((flow) => flow.survives);
        return {
          id: edge.id,
          from: edge.from,
          to: edge.to,
          label:
            edge.kind === 'WRITES'
              ? words(edge.state ?? 'written').toLowerCase()
              : edge.kind === 'RESOLVES'
                ? attribute
                  ? winning.length
                    ? (winning[0]!.rule ? ruleWords(winning[0]!.rule) : 'survives')
                    : flows.every((flow) => flow.value === golden?.attributes[attribute])
                      ? 'agrees'
                      : 'lost'
                  : winning.length
                    ? shorten(winning.map((flow) => model.attribute(type, flow.attribute)))
                    : 'supplies nothing'
                : edge.kind === 'MERGED'
                  ? 'merged'
                  : '',
          dashed: !done,
          faded: !carries(edge, attribute),
        };
      }),
  };
}

const shorten = (names: string[]) => (names.length > 2 ? `${names.length} attributes` : names.join(', '));

function detailOf(node: Node, model: Model): string {
  switch (node.kind) {
    case 'RECORD':
      return [node.system && model.system(node.system), node.state && node.state !== 'LIVE' && words(node.state)].filter(Boolean).join(' · ');
    case 'GOLDEN':
      return shortId(node.goldenId ?? '');
    case 'RETIRED':
      return 'merged away';
    default:
      return node.state ? words(node.state) : '';
  }
}

function Details({ node, lineage, type, model }: { node: Node; lineage: Lineage; type: string; model: Model }) {
  const edges = lineage.edges.filter((edge) => edge.from === node.id || edge.to === node.id);
  const other = (id: string) => lineage.nodes.find((each) => each.id === id)?.label ?? id;
  return (
    <>
      <Text size="xs" c="dimmed" tt="uppercase" lts="0.05em">
        {KINDS[node.kind]}
      </Text>
      <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
        {node.label}
      </Title>
      {node.state && <State state={node.state === 'RUNNING' ? 'OK' : node.state} label={words(node.state)} />}
      <div style={{ margin: '6px 0' }}>
        {node.goldenId && (
          <Link to="/goldens/$id" params={{ id: node.goldenId }} fz="sm">
            Open golden record
          </Link>
        )}
        {!node.goldenId && node.system && (
          <Link to="/systems/$id" params={{ id: node.system }} fz="sm">
            Open {model.system(node.system)}
          </Link>
        )}
      </div>
      <dl className={classes.list}>
        {model.inOrder(type, Object.keys(node.attributes)).map((name) => (
          <div key={name}>
            <dt>{model.attribute(type, name)}</dt>
            <dd>{node.attributes[name] || <em>empty</em>}</dd>
          </div>
        ))}
      </dl>
      {edges.map((edge) => (
        <Text key={edge.id} size="xs" mt={6}>
          <strong>{words(STEPS[edge.kind])}</strong> {edge.from === node.id ? `to ${other(edge.to)}` : `from ${other(edge.from)}`}
          {edge.state && ` · ${words(edge.state)}`}
          {edge.at && (
            <>
              {' '}
              · <When at={edge.at} />
            </>
          )}
          {edge.problem && <Code block>{problemWords(edge.problem)}</Code>}
        </Text>
      ))}
    </>
  );
}

interface Row {
  id: string;
  edge: Edge;
  from: string;
  to: string;
  attribute: string;
  value: string;
  result: string;
}

/** The same as the graph, as rows: for reading aloud, copying and finding. */
function Twin({ lineage, attribute, type, model }: { lineage: Lineage; attribute: string | undefined; type: string; model: Model }) {
  const label = new Map(lineage.nodes.map((node) => [node.id, node.kind === 'RECORD' && node.system ? `${model.system(node.system)} ${node.label}` : node.label]));
  const rows: Row[] = [...lineage.edges]
    .sort((a, b) => FLOW.indexOf(a.kind) - FLOW.indexOf(b.kind))
    .filter((edge) => carries(edge, attribute))
    .flatMap((edge) => {
      const base = { edge, from: label.get(edge.from) ?? edge.from, to: label.get(edge.to) ?? edge.to };
      const flows = edge.attributes.filter((flow) => !attribute || flow.attribute === attribute);
      if (!flows.length) return [{ ...base, id: edge.id, attribute: '', value: '', result: edge.state ? words(edge.state) : '' }];
      return flows.map((flow) => ({
        ...base,
        id: `${edge.id} ${flow.attribute}`,
        attribute: model.attribute(type, flow.attribute),
        value: flow.value ?? '',
        result: edge.kind === 'RESOLVES' ? (flow.survives ? `Survives${flow.rule ? `: ${ruleWords(flow.rule)}` : ''}` : 'Lost') : edge.state ? words(edge.state) : '',
      }));
    });
  const columns: Column<Row>[] = [
    { header: 'Step', cell: (row) => words(STEPS[row.edge.kind]) },
    { header: 'From', cell: (row) => row.from },
    { header: 'To', cell: (row) => row.to },
    { header: 'Attribute', cell: (row) => row.attribute },
    { header: 'Value', cell: (row) => row.value },
    { header: 'Result', cell: (row) => row.result },
    { header: 'When', cell: (row) => row.edge.at && <When at={row.edge.at} /> },
    { header: 'Problem', cell: (row) => row.edge.problem && problemWords(row.edge.problem) },
  ];
  return <DataTable label="Lineage" columns={columns} rows={rows} id={(row) => row.id} />;
}
