// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { Graph, layout } from '@dagrejs/dagre';
import { h, svg } from './dom';
import type { Block } from './facts';
import type { Ref } from './links';

const HEIGHT = 34;
/** Beyond this a drawing says nothing any more, and laying it out takes seconds. */
const MOST = 400;

/** The control-flow graph of some blocks; a block can be pointed at. */
export function graphView(list: Block[], changed: Set<number>, select: (r: Ref) => void): HTMLElement {
  if (list.length > MOST) return h('p.empty', {}, `${list.length} blocks: too many to draw`);
  const g = new Graph({ multigraph: true });
  g.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 26, marginx: 12, marginy: 12 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const b of list) g.setNode(`b${b.id}`, { width: 84, height: HEIGHT });
  const known = new Set(list.map(b => b.id));
  for (const b of list) b.succs.forEach((s, i) => known.has(s) && g.setEdge(`b${b.id}`, `b${s}`, {}, String(i)));
  layout(g);
  const { left, right, bottom } = bounds(g);
  const root = svg('svg', { class: 'graph', width: right - left, height: bottom, viewBox: `${left} 0 ${right - left} ${bottom}`, role: 'group', 'aria-label': 'control-flow graph' },
    svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
      svg('path', { d: 'M0 0 L8 4 L0 8 z', class: 'arrowhead' }))));
  const kinds = new Map(list.map(b => [b.id, b]));
  for (const e of g.edges()) root.append(edge(g, e, kinds.get(Number(e.v.slice(1)))!));
  for (const b of list) root.append(node(g.node(`b${b.id}`) as unknown as Point, b, changed, select));
  return h('div.graphbox', {}, root as unknown as HTMLElement);
}

interface Point { x: number; y: number }

/** Edges may run outside of what the layout calls the graph's width. */
function bounds(g: Graph): { left: number; right: number; bottom: number } {
  const { width = 0, height = 0 } = g.graph() as { width?: number; height?: number };
  let [left, right, bottom] = [0, width, height];
  for (const e of g.edges()) {
    for (const p of (g.edge(e) as unknown as { points: Point[] }).points) {
      left = Math.min(left, p.x - 12);
      right = Math.max(right, p.x + 12);
      bottom = Math.max(bottom, p.y + 12);
    }
  }
  return { left: Math.floor(left), right: Math.ceil(right), bottom: Math.ceil(bottom) };
}

function node(at: Point, b: Block, changed: Set<number>, select: (r: Ref) => void): SVGElement {
  const touched = b.values.filter(v => changed.has(v.id)).length;
  const pick = () => select({ kind: 'block', id: b.id });
  const count = `${b.values.length} value${b.values.length === 1 ? '' : 's'}`;
  const kind = b.kind === 'RET' ? 'return' : b.kind === 'UNREACHABLE' ? 'no return' : count;
  return svg('g', {
    class: 'node' + (touched ? ' changed' : ''), 'data-b': b.id, tabindex: 0, role: 'button',
    'aria-label': `block b${b.id}, ${count}${touched ? `, ${touched} changed` : ''}`,
    transform: `translate(${at.x - 42} ${at.y - HEIGHT / 2})`,
    onclick: pick,
    onkeydown: ((e: KeyboardEvent) => (e.key === 'Enter' || e.key === ' ') && (pick(), e.preventDefault())) as EventListener,
  }, svg('rect', { width: 84, height: HEIGHT, rx: 5 }), svg('text', { x: 42, y: 14, class: 'name' }, `b${b.id}`), svg('text', { x: 42, y: 27, class: 'what' }, kind));
}

function edge(g: Graph, e: { v: string; w: string; name?: string }, from: Block): SVGElement {
  const points = (g.edge(e) as unknown as { points: Point[] }).points;
  const a = g.node(e.v) as unknown as Point;
  const b = g.node(e.w) as unknown as Point;
  const branch = from.kind === 'IF' ? (e.name === '0' ? ' yes' : ' no') : '';
  const back = b.y <= a.y ? ' back' : '';
  const d = points.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join(' ');
  return svg('path', { d, class: `edge${branch}${back}`, 'marker-end': 'url(#arrow)' });
}
