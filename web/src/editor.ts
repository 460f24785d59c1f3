// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { go } from '@codemirror/lang-go';
import { indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField, type Range } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { chips, details } from './decisions';
import { h } from './dom';
import type { Decision, Problem } from './model';

interface Marks { rel: Set<number>; sel: Set<number> }

const setMarks = StateEffect.define<Marks>();
const setNotes = StateEffect.define<DecorationSet>();

/** Lines that are related to what is pointed at. */
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) {
      if (!e.is(setMarks)) continue;
      const out: Range<Decoration>[] = [];
      for (const n of [...e.value.rel].sort((a, b) => a - b)) {
        if (n > 0 && n <= tr.state.doc.lines) out.push(Decoration.line({ class: e.value.sel.has(n) ? 'sel' : 'rel' }).range(tr.state.doc.line(n).from));
      }
      set = Decoration.set(out);
    }
    return set;
  },
  provide: f => EditorView.decorations.from(f),
});

/** Errors and decisions, at the lines that they are about. */
const notes = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, tr) {
    set = set.map(tr.changes);
    for (const e of tr.effects) if (e.is(setNotes)) set = e.value;
    return set;
  },
  provide: f => EditorView.decorations.from(f),
});

/** What was decided at a line, in a few words; a click shows all of it below the line. */
class Chips extends WidgetType {
  private readonly key: string;

  constructor(private readonly list: Decision[], private readonly open: boolean, private readonly toggle: () => void) {
    super();
    this.key = JSON.stringify([list, open]);
  }

  override eq(o: Chips) {
    return o.key === this.key;
  }

  override toDOM() {
    const all = chips(this.list);
    const shown = all.slice(0, 2);
    return h('button.note-chips', {
      type: 'button', 'aria-expanded': String(this.open), 'aria-label': `Decisions: ${all.map(c => c.text).join(', ') || 'details'}`, title: 'What the compiler decided here, and why', onclick: this.toggle,
    }, ...shown.map(c => h(c.good ? 'span.good' : 'span.bad', {}, c.text)), all.length > 2 ? h('span', {}, `+${all.length - 2}`) : null, all.length ? null : h('span', {}, '…'));
  }

  override ignoreEvent() {
    return true;
  }
}

class Details extends WidgetType {
  constructor(private readonly list: Decision[]) {
    super();
  }

  override eq(o: Details) {
    return JSON.stringify(o.list) === JSON.stringify(this.list);
  }

  override toDOM() {
    return details(this.list);
  }

  override ignoreEvent() {
    return true;
  }
}

class Note extends WidgetType {
  constructor(private readonly text: string, private readonly cls: string) {
    super();
  }

  override eq(o: Note) {
    return o.text === this.text && o.cls === this.cls;
  }

  override toDOM() {
    const e = h('div', { class: this.cls, role: 'note' });
    e.textContent = this.text;
    return e;
  }
}

/** The source of one file, with what the compiler says about it between its lines. */
export class Editor {
  readonly view: EditorView;
  private quiet = false;
  /** Lines whose decisions are shown in full. */
  private readonly opened = new Set<number>();

  constructor(parent: HTMLElement, nonce: string, readOnly: boolean, changed: (text: string) => void, pointed: (line: number) => void) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          basicSetup, go(), indentUnit.of('\t'), EditorState.tabSize.of(4), syntaxHighlighting(classHighlighter), marks, notes,
          EditorView.cspNonce.of(nonce), EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ 'aria-label': 'Source' }),
          EditorView.updateListener.of(u => {
            if (u.docChanged && !this.quiet) changed(u.state.doc.toString());
            else if (u.selectionSet && !this.quiet && u.view.hasFocus) pointed(u.state.doc.lineAt(u.state.selection.main.head).number);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Shows another text. */
  set(text: string): void {
    if (text === this.text) return;
    this.quiet = true;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, effects: setNotes.of(Decoration.none) });
    this.quiet = false;
  }

  light(rel: Set<number>, sel: Set<number>, scroll: boolean): void {
    this.view.dispatch({ effects: setMarks.of({ rel, sel }) });
    const first = Math.min(...rel);
    if (scroll && rel.size && first <= this.view.state.doc.lines) {
      const at = this.view.state.doc.line(first).from;
      const { from, to } = this.view.viewport;
      const block = this.view.lineBlockAt(at);
      const box = this.view.scrollDOM;
      const visible = at >= from && at <= to && block.top >= box.scrollTop && block.bottom <= box.scrollTop + box.clientHeight;
      if (!visible) this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    }
  }

  annotate(problems: Problem[], decisions: Decision[]): void {
    const doc = this.view.state.doc;
    const out: Range<Decoration>[] = [];
    const place = (n: number | undefined) => doc.line(Math.max(1, Math.min(doc.lines, n ?? 1)));
    for (const p of problems) {
      const line = place(p.line);
      const at = Math.min(line.to, byteColumn(line.text, p.col ?? 1) + line.from);
      const word = /^[\p{L}\p{N}_]+/u.exec(doc.sliceString(at, line.to));
      const end = Math.min(line.to, at + Math.max(1, word?.[0].length ?? 1));
      if (end > at) out.push(Decoration.mark({ class: 'cm-problem' }).range(at, end));
      out.push(Decoration.line({ class: 'cm-problemline' }).range(line.from));
      out.push(Decoration.widget({ widget: new Note(p.text, 'note-error'), block: true, side: 1 }).range(line.to));
    }
    const byLine = new Map<number, Decision[]>();
    for (const d of decisions) byLine.set(d.line, [...(byLine.get(d.line) ?? []), d]);
    for (const [n, list] of byLine) {
      if (n < 1 || n > doc.lines || !chips(list).length) continue;
      const open = this.opened.has(n);
      const toggle = () => {
        if (!this.opened.delete(n)) this.opened.add(n);
        this.annotate(problems, decisions);
      };
      out.push(Decoration.widget({ widget: new Chips(list, open, toggle), side: 1 }).range(doc.line(n).to));
      if (open) out.push(Decoration.widget({ widget: new Details(list), block: true, side: 2 }).range(doc.line(n).to));
    }
    this.view.dispatch({ effects: setNotes.of(Decoration.set(out, true)) });
  }

  focusLine(n: number): void {
    const doc = this.view.state.doc;
    if (n < 1 || n > doc.lines) return;
    this.quiet = true;
    this.view.dispatch({ selection: { anchor: doc.line(n).from }, effects: EditorView.scrollIntoView(doc.line(n).from, { y: 'center' }) });
    this.quiet = false;
  }
}

/** Columns count bytes of UTF-8 from 1; offsets here count UTF-16 units from 0. */
function byteColumn(line: string, col: number): number {
  let bytes = 0;
  let i = 0;
  while (i < line.length && bytes < col - 1) {
    const c = line.codePointAt(i)!;
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    i += c > 0xffff ? 2 : 1;
  }
  return i;
}
