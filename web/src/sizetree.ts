// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { SizeRange } from './facts';

/** A sum of ranges under one name. */
export interface SizeNode {
  name: string;
  bytes: number;
  /** What the bytes are, where all below are of one kind. */
  kind: string;
  parent: SizeNode | null;
  /** Largest first. */
  children: SizeNode[];
  /** Leaves only. */
  range?: SizeRange;
}

export type Order = 'kind' | 'package';

const NO_PACKAGE = '(no package)';

/** Ranges as a tree: by kind, then package, then name; or by package, then kind, then name. */
export function sizeTree(ranges: SizeRange[], order: Order, rootName: string): SizeNode {
  const root = node(rootName, '', null);
  for (const r of ranges) {
    const pkg = r.package || NO_PACKAGE;
    const first = child(root, order === 'kind' ? r.kind : pkg, order === 'kind' ? r.kind : '');
    const second = child(first, order === 'kind' ? pkg : r.kind, r.kind);
    const leaf = child(second, r.name, r.kind);
    leaf.range ??= r;
    for (let n: SizeNode | null = leaf; n; n = n.parent) n.bytes += r.size;
  }
  collapse(root);
  return root;
}

const index = new WeakMap<SizeNode, Map<string, SizeNode>>();

function child(parent: SizeNode, name: string, kind: string): SizeNode {
  let map = index.get(parent);
  if (!map) index.set(parent, (map = new Map()));
  let n = map.get(name);
  if (!n) {
    n = node(name, kind, parent);
    map.set(name, n);
    parent.children.push(n);
  }
  return n;
}

function node(name: string, kind: string, parent: SizeNode | null): SizeNode {
  return { name, kind, bytes: 0, parent, children: [] };
}

/** A level with nothing but "no package" in it says nothing: its children move up. */
function collapse(n: SizeNode) {
  if (n.children.length === 1 && n.children[0].name === NO_PACKAGE) {
    n.children = n.children[0].children;
    for (const c of n.children) c.parent = n;
  }
  n.children.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
  for (const c of n.children) collapse(c);
}

export interface Cell { node: SizeNode; x: number; y: number; w: number; h: number }

/** Squarified layout: rectangles of areas in proportion to bytes, as near to squares as rows allow. */
export function squarify(nodes: SizeNode[], x: number, y: number, w: number, h: number): Cell[] {
  const out: Cell[] = [];
  const total = nodes.reduce((n, c) => n + c.bytes, 0);
  if (total <= 0 || w <= 0 || h <= 0) return out;
  const scale = (w * h) / total;
  let at = 0;
  while (at < nodes.length) {
    const side = Math.min(w, h);
    let sum = nodes[at].bytes * scale;
    let end = at + 1;
    let worst = ratio(sum, sum, sum, side);
    while (end < nodes.length) {
      const a = nodes[end].bytes * scale;
      const next = ratio(nodes[at].bytes * scale, a, sum + a, side);
      if (next > worst) break;
      worst = next;
      sum += a;
      end++;
    }
    const thick = side > 0 ? sum / side : 0;
    let along = 0;
    for (let i = at; i < end; i++) {
      const len = thick > 0 ? (nodes[i].bytes * scale) / thick : 0;
      out.push(w >= h ? { node: nodes[i], x, y: y + along, w: thick, h: len } : { node: nodes[i], x: x + along, y, w: len, h: thick });
      along += len;
    }
    if (w >= h) {
      x += thick;
      w -= thick;
    } else {
      y += thick;
      h -= thick;
    }
    at = end;
  }
  return out;
}

/** The worse ratio of sides among the largest and smallest area of a row. */
function ratio(largest: number, smallest: number, sum: number, side: number): number {
  const s = side * side;
  const q = sum * sum;
  return Math.max((s * largest) / q, q / (s * smallest));
}
