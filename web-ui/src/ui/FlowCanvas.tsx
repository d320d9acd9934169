import { Graph, layout } from '@dagrejs/dagre';
import { Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { memo, useMemo } from 'react';
import classes from './FlowCanvas.module.css';

export interface FlowNode {
  id: string;
  kind: string;
  label: string;
  detail?: string | null;
  faded?: boolean;
}

export interface FlowEdge {
  id: string;
  from: string;
  to: string;
  label?: string;
  /** Drawn broken: what was lost, waits or failed. */
  dashed?: boolean;
  faded?: boolean;
}

type Card = Node<{ node: FlowNode; chosen: boolean }, 'card'>;
const WIDTH = 210;
const HEIGHT = 62;

const CardView = memo(function CardView({ data: { node, chosen } }: NodeProps<Card>) {
  return (
    <div className={classes.node} data-kind={node.kind} data-faded={node.faded || undefined} data-selected={chosen || undefined}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className={classes.kind}>{node.kind}</div>
      <div className={classes.label}>{node.label}</div>
      {node.detail && <div className={classes.detail}>{node.detail}</div>}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});
const nodeTypes = { card: CardView };

/** A graph from left to right. Nodes are ordinary elements: they take the focus, and Enter chooses one. */
export function FlowCanvas({
  label,
  nodes,
  edges,
  chosen,
  onChoose,
  height,
}: {
  label: string;
  nodes: FlowNode[];
  edges: FlowEdge[];
  chosen?: string | undefined;
  onChoose: (id: string) => void;
  height: number | string;
}) {
  const places = useMemo(() => place(nodes, edges), [nodes, edges]);
  const cards: Card[] = nodes.map((node) => ({
    id: node.id,
    type: 'card',
    position: places.get(node.id)!,
    data: { node, chosen: node.id === chosen },
    ariaRole: 'button',
  }));
  const links: Edge[] = edges.map((edge) => {
    const stroke = edge.faded ? 'var(--k-line)' : edge.dashed ? 'var(--k-line-strong)' : 'var(--k-gold-line)';
    return {
      id: edge.id,
      source: edge.from,
      target: edge.to,
      label: edge.faded ? undefined : edge.label,
      focusable: false,
      style: { stroke, strokeWidth: edge.faded ? 1 : 2, strokeDasharray: edge.dashed ? '5 4' : undefined },
      markerEnd: { type: MarkerType.ArrowClosed, color: stroke },
    };
  });
  return (
    <section className={classes.canvas} style={{ height }} aria-label={label}>
      <ReactFlow
        nodes={cards}
        edges={links}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ padding: 0.08, minZoom: 0.6, maxZoom: 1.1 }}
        minZoom={0.05}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        attributionPosition="bottom-left"
        onNodeClick={(_event, node) => onChoose(node.id)}
        onSelectionChange={({ nodes: selected }) => {
          if (selected.length === 1 && selected[0]!.id !== chosen) onChoose(selected[0]!.id);
        }}
      >
        <Controls showInteractive={false} orientation="horizontal" position="bottom-right" />
      </ReactFlow>
    </section>
  );
}

function place(nodes: FlowNode[], edges: FlowEdge[]) {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 110 });
  graph.setDefaultEdgeLabel(() => ({}));
  nodes.forEach((node) => graph.setNode(node.id, { width: WIDTH, height: HEIGHT }));
  edges.forEach((edge) => graph.setEdge(edge.from, edge.to));
  layout(graph);
  return new Map(
    nodes.map((node) => {
      const { x, y } = graph.node(node.id) as { x: number; y: number };
      return [node.id, { x: x - WIDTH / 2, y: y - HEIGHT / 2 }];
    }),
  );
}
