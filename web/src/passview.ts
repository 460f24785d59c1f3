// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h, roving } from './dom';
import type { Block, Pass, Value } from './facts';
import type { FuncIndex, Ref, Relatives } from './links';

/** The blocks after one pass as text rows; each row and each mention of a value can be pointed at. */
export function passView(index: FuncIndex, at: number, select: (r: Ref) => void): HTMLElement {
  const pass: Pass = index.facts.passes[at];
  const changed = new Set(pass.changed);
  const root = h('div.pass', { role: 'list', 'aria-label': `SSA after ${pass.name}` });
  for (const b of index.blocks[at]) root.append(block(index, b, changed));
  roving(root, '.row');
  root.addEventListener('click', e => {
    const t = (e.target as HTMLElement).closest<HTMLElement>('[data-v], [data-b]');
    if (!t) return;
    if (t.dataset.v !== undefined) select({ kind: 'value', id: Number(t.dataset.v) });
    else select({ kind: 'block', id: Number(t.dataset.b) });
  });
  return root;
}

function block(index: FuncIndex, b: Block, changed: Set<number>): HTMLElement {
  const box = h('section.block', { 'aria-label': `block b${b.id}` });
  const head = h('span.text', {}, h('b', {}, `b${b.id}`));
  if (b.preds.length) head.append(h('span.muted', {}, ' ← '), ...blocks(b.preds));
  box.append(h('div.row.head', { role: 'listitem', 'data-b': b.id, tabindex: -1 }, head));
  for (const v of b.values) box.append(valueRow(index, v, changed.has(v.id)));
  const kind = b.kind.toLowerCase().replace('_', ' ');
  const end = h('span.text', {}, b.kind === 'PLAIN' ? 'goto' : kind);
  if (b.control !== undefined && b.control !== null) end.append(' ', h('span.v', { 'data-v': b.control }, `v${b.control}`));
  if (b.succs.length) end.append(h('span.muted', {}, ' → '), ...blocks(b.succs));
  box.append(h('div.row.end', { role: 'listitem', 'data-b': b.id, tabindex: -1 }, end));
  return box;
}

function blocks(ids: number[]): Node[] {
  return ids.flatMap((id, i) => [...(i ? [document.createTextNode(' ')] : []), h('span.b', { 'data-b': id }, `b${id}`)]);
}

function valueRow(index: FuncIndex, v: Value, changed: boolean): HTMLElement {
  const line = index.line(v.file, v.line);
  const row = h(changed ? 'div.row.value.changed' : 'div.row.value', { role: 'listitem', 'data-v': v.id, tabindex: -1, title: origin(v, line) });
  if (changed) row.append(h('span.mark', { 'aria-label': 'changed by this pass' }, '●'));
  row.append(h('span.text', {}, ...tokens(v)));
  if (v.line) row.append(h('span.line', {}, String(v.line)));
  return row;
}

function origin(v: Value, line: string | null): string {
  const inlined = (v.inlinedFrom ?? []).map(s => `\ninlined from ${s.func}${s.line ? `, called at line ${s.line}` : ''}`).join('');
  return line ? `${line}${v.col ? `:${v.col}` : ''}${inlined}` : `no source position${inlined}`;
}

/** The text form, with its mentions of values as elements. */
function tokens(v: Value): Node[] {
  const out: Node[] = [];
  const pattern = /(<.*>?$)|\bv(\d+)\b|(#-?\d+)|\b([A-Z][A-Z0-9_]+)\b/g;
  let at = 0;
  let op = false;
  for (let m; (m = pattern.exec(v.text)); ) {
    if (m.index > at) out.push(document.createTextNode(v.text.slice(at, m.index)));
    at = m.index + m[0].length;
    if (m[2] !== undefined) out.push(h('span.v', { 'data-v': m[2] }, m[0]));
    else if (m[1]) out.push(h('span.aux', {}, m[0]));
    else if (m[3]) out.push(h('span.num', {}, m[0]));
    else {
      out.push(h(op ? 'span.type' : 'span.op', {}, m[0]));
      op = true;
    }
  }
  if (at < v.text.length) out.push(document.createTextNode(v.text.slice(at)));
  return out;
}

/** Marks everything below `root` that is related; brings the first one into view unless it is what was clicked. */
export function light(root: HTMLElement, r: Relatives, scroll: boolean): void {
  for (const e of root.querySelectorAll('.rel, .sel')) e.classList.remove('rel', 'sel');
  let first: HTMLElement | null = null;
  const mark = (selector: string, own: boolean) => {
    for (const e of root.querySelectorAll<HTMLElement>(selector)) {
      e.classList.add(own ? 'sel' : 'rel');
      if (e.classList.contains('row') || e instanceof SVGElement) first = earlier(first, e);
    }
  };
  for (const v of r.values) mark(`[data-v="${v}"]`, r.ref?.kind === 'value' && r.ref.id === v);
  for (const b of r.blocks) mark(`[data-b="${b}"]`, true);
  for (const i of r.insts) mark(`[data-i="${i}"]`, r.ref?.kind === 'inst' && r.ref.index === i);
  for (const l of r.lines) mark(`[data-l="${CSS.escape(l)}"]`, r.ref?.kind === 'line' && r.ref.line === l);
  if (scroll && first) show(first);
}

function earlier(a: HTMLElement | null, b: HTMLElement): HTMLElement {
  return a && a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? a : b;
}

/** Scrolls the nearest scrolling ancestor, and only that one. */
export function show(e: Element): void {
  const box = e.closest<HTMLElement>('.scroll');
  if (!box) return;
  const a = e.getBoundingClientRect();
  const b = box.getBoundingClientRect();
  if (a.top < b.top || a.bottom > b.bottom) box.scrollTop += a.top - b.top - b.height / 3;
}
