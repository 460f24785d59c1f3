// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { byteCells, instText, offsetText } from './asmview';
import { Column, Columns } from './columns';
import { clear, duration, h, roving, typing } from './dom';
import type { SsaFacts } from './facts';
import { graphView } from './graph';
import { Help } from './help';
import { FuncIndex, type Ref } from './links';
import { light, passView } from './passview';
import { themeButton } from './theme';

/** One function: its source, a column for each pass, its assembly. */
export function ssaPage(facts: SsaFacts): void {
  document.title = `${facts.func} – SSA`;
  const index = new FuncIndex(facts);
  const columns = new Columns();
  let ref: Ref | null = null;
  const relight = (from?: HTMLElement) => {
    const r = index.relatives(ref);
    for (const c of columns.list) if (c.isOpen) light(c.body, r, !c.body.contains(from ?? null));
  };
  const select = (next: Ref | null) => {
    ref = JSON.stringify(next) === JSON.stringify(ref) ? null : next;
    relight(document.activeElement as HTMLElement);
  };
  columns.add({ id: 'source', title: 'Source', width: 270, fill: body => source(body, facts, select) });
  facts.passes.forEach((p, i) => {
    const gone = p.removed?.length ?? 0;
    const note = [p.changed.length && i ? `${p.changed.length} changed` : '', gone ? `${gone} gone` : '', i ? duration(p.micros) : ''].filter(t => t).join(' · ');
    const last = i === facts.passes.length - 1;
    const column = columns.add({
      id: `pass-${i}`, title: p.name, note, width: 320, collapsed: !last && (i > 0 || innerWidth < 1500),
      fill: (body, column) => pass(body, column, index, i, select, relight),
    });
    if (i && p.changed.length + gone) column.root.classList.add('changing');
  });
  columns.add({ id: 'asm', title: 'Assembly', note: size(facts), width: 460, fill: (body, column) => assembly(body, column, index, select) });
  for (const c of columns.list) c.onOpen(() => relight());
  const help = new Help('Keys', [
    ['↑ ↓', 'move in a column; Enter points at a row'], ['[ ]', 'the column to the left, to the right'], ['1 – 9', 'a column by its number'],
    ['c', 'close the column'], ['g', 'draw the control-flow graph, or the text again'], ['a', 'open every pass that changed something'], ['Esc', 'point at nothing'], ['t', 'colours'], ['?', 'this list'],
  ]);
  const all = h('button.tool', {
    type: 'button', title: 'Open every pass that changed something (a)',
    onclick: () => columns.list.forEach(c => c.root.classList.contains('changing') && c.open(true)),
  }, 'Open all that changed');
  const theme = themeButton();
  document.body.append(h('header.top', {}, h('h1', {}, h('span.brand', {}, 'mica'), ' ssa ', h('code', {}, facts.func)),
    h('span.spacer'), all, theme, help.button()), columns.root);
  document.addEventListener('keydown', e => {
    if (document.querySelector('dialog[open]') || typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '?') help.show();
    else if (e.key === 't') theme.click();
    else if (e.key === 'a') all.click();
    else if (e.key === 'Escape') { ref = null; relight(); }
    else if (e.key === 'g') columns.focused()?.tools.querySelector('button')?.click();
    else if (!columns.key(e)) return;
    e.preventDefault();
  });
}

function size(facts: SsaFacts): string {
  return `${facts.asm.length} instructions · ${facts.asm.reduce((n, a) => n + a.size, 0)} bytes`;
}

function source(body: HTMLElement, facts: SsaFacts, select: (r: Ref) => void) {
  body.classList.add('scroll');
  const list = h('div.source', { role: 'list', 'aria-label': 'Source' });
  for (const f of facts.files) {
    list.append(h('div.filename', {}, f.path));
    f.lines.forEach((text, i) => {
      const line = f.firstLine + i;
      list.append(h('div.row', { role: 'listitem', 'data-l': `${f.path}:${line}`, tabindex: -1 }, h('span.num', {}, String(line)), h('span.text', {}, text || ' ')));
    });
  }
  roving(list, '.row');
  list.addEventListener('click', e => {
    const row = (e.target as HTMLElement).closest<HTMLElement>('.row');
    if (row) select({ kind: 'line', line: row.dataset.l! });
  });
  body.append(list);
}

function pass(body: HTMLElement, column: Column, index: FuncIndex, i: number, select: (r: Ref) => void, relight: () => void) {
  body.classList.add('scroll');
  let graph = false;
  const button = h('button.tool.small', { type: 'button', 'aria-pressed': 'false', title: 'Control-flow graph (g)', onclick: () => show(!graph) }, 'graph');
  const show = (on: boolean) => {
    graph = on;
    button.setAttribute('aria-pressed', String(on));
    clear(body);
    body.append(on ? graphView(index.blocks[i], new Set(index.facts.passes[i].changed), select) : passView(index, i, select));
    relight();
  };
  column.tools.append(button);
  show(false);
}

function assembly(body: HTMLElement, column: Column, index: FuncIndex, select: (r: Ref) => void) {
  body.classList.add('scroll');
  const bytes = h('button.tool.small', { type: 'button', title: 'Machine code; what the linker patches is marked', onclick: () => showBytes(!list.classList.contains('withbytes')) }, 'bytes');
  const showBytes = (on: boolean) => {
    list.classList.toggle('withbytes', on);
    bytes.setAttribute('aria-pressed', String(on));
  };
  column.tools.append(bytes);
  const list = h('div.asm', { role: 'list', 'aria-label': 'Assembly' });
  index.facts.asm.forEach((a, i) => {
    const what = a.value !== undefined && a.value !== null ? h('span.v', { 'data-v': a.value }, `v${a.value}`) : h('span.muted', {}, a.origin ?? '');
    list.append(h('div.row', { role: 'listitem', 'data-i': i, tabindex: -1, title: index.lineOfInst[i] ?? 'no source position' },
      h('span.offset', {}, offsetText(a)), h('span.bytes', {}, ...byteCells(a)), h('span.text', {}, ...instText(a)), h('span.from', {}, what),
      h('span.line', {}, a.line ? String(a.line) : '')));
  });
  showBytes(innerWidth >= 1700);
  roving(list, '.row');
  list.addEventListener('click', e => {
    const t = (e.target as HTMLElement).closest<HTMLElement>('[data-v], [data-i]');
    if (!t) return;
    select(t.dataset.v !== undefined ? { kind: 'value', id: Number(t.dataset.v) } : { kind: 'inst', index: Number(t.dataset.i) });
  });
  body.append(list);
}
