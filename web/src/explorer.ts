// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Entry of the explorer: one program in all its layers, served or written into the page.
import { Recorded, Server, unpacked, type Client, type Offline } from './client';
import { AssemblyColumn, BytesColumn } from './codecolumns';
import { Columns, type Column } from './columns';
import { bytes, clear, h, roving, typing } from './dom';
import { Editor } from './editor';
import { embedded, type SizeFacts } from './facts';
import { FileColumn, type Place } from './filecolumn';
import { FunctionsColumn } from './functionscolumn';
import { Help } from './help';
import { FuncIndex, Relatives, type Ref } from './links';
import { functionAt, type Decision, type Event, type Linked, type Phase, type Problem, type ProgramFile } from './model';
import { light } from './passview';
import { PhaseBar } from './phases';
import { ProcessColumn } from './processcolumn';
import { SizeView } from './sizeview';
import { SsaColumn } from './ssacolumn';
import { themeButton } from './theme';
import { Tour, type Scene } from './tour';
import { TreeColumn } from './treecolumn';

/** How long to wait for more typing before building, in milliseconds. */
const PATIENCE = 200;

const nonce = (document.currentScript as HTMLScriptElement | null)?.nonce ?? '';

class Explorer {
  private readonly columns = new Columns();
  private readonly phaseBar = new PhaseBar();
  private readonly status = h('span.status', { role: 'status' });
  private readonly title = h('code');
  private readonly tabs = h('div.tabs', { role: 'tablist', 'aria-label': 'Files' });
  private readonly functions: FunctionsColumn;
  private readonly editor: Editor;
  private readonly editorFrame: HTMLElement;
  /** Source of the library: of the function that is shown, or of what was inlined into it. */
  private readonly elsewhere: HTMLElement;
  private readonly tree: TreeColumn;
  private readonly ssa: SsaColumn;
  private readonly assembly: AssemblyColumn;
  private readonly code: BytesColumn;
  private readonly file: FileColumn;
  private readonly process: ProcessColumn;
  private readonly size: Column;
  private readonly tourColumn: Column;
  private tour: Tour | null = null;
  private sizeView: SizeView | null = null;
  private sizeOf: Linked | null = null;

  private files: ProgramFile[] = [];
  private packages: string[] = [];
  /** What was typed, by file. */
  private readonly drafts = new Map<string, string>();
  private path = '';
  private current = 'main.main';
  private index: FuncIndex | null = null;
  private linked: Linked | null = null;
  private problems: Problem[] = [];
  private decisions: Decision[] = [];
  private ref: Ref | null = null;
  private timer = 0;

  constructor(private readonly client: Client) {
    const wide = innerWidth >= 1600;
    const narrow = innerWidth < 900;
    const c = this.columns;
    const tour = c.add({ id: 'tour', title: 'Tour', width: 300 });
    tour.root.hidden = true;
    this.tourColumn = tour;
    const functions = c.add({ id: 'functions', title: 'Functions', width: 230, collapsed: !wide });
    const source = c.add({ id: 'source', title: 'Source', width: 400 });
    const tree = c.add({ id: 'tree', title: 'Tree', width: 300, collapsed: true });
    const ssa = c.add({ id: 'ssa', title: 'SSA', width: 340, collapsed: narrow });
    const assembly = c.add({ id: 'assembly', title: 'Assembly', width: 400 });
    const code = c.add({ id: 'bytes', title: 'Bytes', width: 340, collapsed: true });
    const file = c.add({ id: 'file', title: 'File', width: 280, collapsed: !wide });
    this.size = c.add({ id: 'size', title: 'Size', width: 620, collapsed: true });

    this.functions = new FunctionsColumn(functions, name => this.open(name, true));
    source.body.append(this.tabs);
    const frame = (this.editorFrame = h('div.editorframe'));
    source.body.append(frame);
    this.editor = new Editor(frame, nonce, !client.live, text => this.typed(text), line => this.point({ kind: 'line', line: `${this.path}:${line}` }, 'source'));
    this.elsewhere = h('div.source.scroll', { role: 'list', 'aria-label': 'Source of other files', hidden: true });
    roving(this.elsewhere, '.row');
    this.elsewhere.addEventListener('click', e => {
      const row = (e.target as HTMLElement).closest<HTMLElement>('.row');
      if (row) this.point({ kind: 'line', line: row.dataset.l! }, 'elsewhere');
    });
    source.body.append(this.elsewhere);
    this.tree = new TreeColumn((r, line) => this.point(r, 'tree', line));
    tree.body.append(this.tree.list.root);
    this.ssa = new SsaColumn(ssa, r => this.point(r, 'ssa'));
    this.assembly = new AssemblyColumn('Assembly', 'assembly', r => this.point(r, 'assembly'));
    assembly.body.append(this.assembly.list.root);
    this.code = new BytesColumn('Machine code', 'bytes', r => this.point(r, 'bytes'));
    code.body.append(this.code.list.root);
    this.file = new FileColumn(p => this.showPlace(p));
    file.body.append(this.file.root);
    const process = c.add({ id: 'process', title: 'Process', width: 380, collapsed: true });
    this.process = new ProcessColumn(client.live, args => client.run(args), symbol => this.linkedHere(symbol), symbol => void this.open(symbol, true), p => this.showPlace(p));
    process.body.append(this.process.root);
    this.size.onOpen(() => void this.loadSize());
    this.frame();
  }

  private frame() {
    const help = new Help('Keys', [
      ['/', 'find a function'], ['↑ ↓', 'move in a list; Enter points at a row'], ['[ ]', 'the column to the left, to the right'],
      ['1 – 9', 'a column by its number (Alt+digit from the editor)'], ['c', 'close the column'], [', .', 'the pass before, the next pass'],
      ['g', 'control-flow graph or text'], ['Esc', 'point at nothing; leave the editor'], ['t', 'colours'], ['?', 'this list (F1 from the editor)'],
    ]);
    const theme = themeButton();
    document.body.append(h('header.top', {}, h('h1', {}, h('span.brand', {}, 'mica'), ' explore ', this.title), this.status, h('span.spacer'),
      this.phaseBar.root, theme, help.button()), this.columns.root);
    document.addEventListener('keydown', e => {
      if (document.querySelector('dialog[open]')) return;
      const digit = /^Digit([1-9])$/.exec(e.code);
      if (e.altKey && digit) this.columns.shown()[Number(digit[1]) - 1]?.focus();
      else if (e.key === 'F1') help.show();
      else if (e.key === 'Escape' && this.editor.view.hasFocus) this.columns.root.querySelector<HTMLElement>('#column-source .fold')?.focus();
      else if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
      else if (e.key === '?') help.show();
      else if (e.key === 't') theme.click();
      else if (e.key === '/') { this.columns.list.find(c => c.options.id === 'functions')!.open(true); this.functions.input.focus(); }
      else if (e.key === 'g') this.ssa.showGraph();
      else if (e.key === ',' || e.key === '.') this.ssa.step(e.key === '.' ? 1 : -1);
      else if (e.key === 'Escape') this.point(null, '');
      else if (!this.columns.key(e)) return;
      e.preventDefault();
    });
  }

  // Building.

  async start(): Promise<void> {
    const text = await this.client.tour();
    if (text) {
      this.tour = new Tour(text, s => void this.play(s), args => void this.process.start(args));
      this.tourColumn.root.hidden = false;
      this.tourColumn.body.append(this.tour.root);
    }
    await this.build(null);
  }

  /** Shows what a step of the tour is about. */
  private async play(s: Scene) {
    const wanted = s.columns?.split(',').map(c => c.trim());
    if (wanted) for (const c of this.columns.list) if (c.options.id !== 'tour') c.open(wanted.includes(c.options.id));
    if (s.function && s.function !== this.current) await this.open(s.function, true);
    // A step that names no pass shows what code was selected from.
    this.ssa.pass(s.pass ?? 'prepare code');
    const find = s.line ? this.lineWith(s.line) : this.refWith(s);
    if (find) this.point(find, 'tour');
    else if (s.function) this.point(null, 'tour');
  }

  private lineWith(text: string): Ref | null {
    for (const f of [...this.files].sort((a, b) => Number(b.path === this.path) - Number(a.path === this.path))) {
      const i = f.text.split('\n').findIndex(l => l.includes(text));
      if (i < 0) continue;
      this.showFile(f.path);
      return { kind: 'line', line: `${f.path}:${i + 1}` };
    }
    return null;
  }

  private refWith(s: Scene): Ref | null {
    if (s.inst) {
      const i = this.index?.facts.asm.findIndex(a => a.text.replace(/\s+/g, ' ').includes(s.inst!)) ?? -1;
      return i < 0 ? null : { kind: 'inst', index: i };
    }
    if (!s.value) return null;
    for (const blocks of [...(this.index?.blocks ?? [])].reverse()) {
      const v = blocks.flatMap(b => b.values).find(x => x.text.includes(s.value!));
      if (v) return { kind: 'value', id: v.id };
    }
    return null;
  }

  private typed(text: string) {
    clearTimeout(this.timer);
    this.drafts.set(this.path, text);
    this.status.textContent = '';
    this.timer = window.setTimeout(() => void this.build({ path: this.path, text }), PATIENCE);
  }

  private async build(edit: { path: string; text: string } | null) {
    this.phaseBar.set([], true);
    document.body.dataset.state = 'building';
    try {
      if (!(await this.client.build(this.current, edit, e => this.take(e)))) return;
      document.body.dataset.state = 'done';
      performance.mark('mica drawn');
      if (!edit) this.tour?.start();
    } catch (e) {
      this.fail(String((e as Error).message));
      document.body.dataset.state = 'failed';
    }
  }

  private take(e: Event) {
    if (e.event === 'failed') this.fail(e.text);
    else if (e.event === 'checked') {
      this.packages = e.packages;
      this.checked(e.files, e.problems, e.phases);
    }
    else if (e.event === 'function') this.show(e.name, e.facts ? new FuncIndex(e.facts) : null);
    else if (e.event === 'decisions') {
      this.decisions = e.decisions;
      this.annotate();
    } else this.link(e);
  }

  private fail(text: string) {
    this.status.textContent = text;
    this.status.classList.add('bad');
    this.phaseBar.set([], false);
  }

  private checked(files: ProgramFile[], problems: Problem[], phases: Phase[]) {
    this.status.textContent = problems.length ? `${problems.length} error${problems.length > 1 ? 's' : ''}` : '';
    this.status.classList.toggle('bad', problems.length > 0);
    const fresh = !this.files.length;
    this.files = files;
    this.problems = problems;
    this.phaseBar.set(phases, !problems.length);
    if (fresh || !files.some(f => f.path === this.path)) {
      this.path = files[0]?.path ?? '';
      this.title.textContent = this.path;
      document.title = `${this.path} – Mica explorer`;
      this.editor.set(files[0]?.text ?? '');
    }
    this.drawTabs();
    const file = this.files.find(f => f.path === this.path);
    if (file) this.tree.set(file);
    this.annotate();
  }

  private link(e: Linked) {
    this.problems = [...this.problems, ...e.problems.filter(p => !this.problems.some(q => q.text === p.text && q.line === p.line))];
    this.phaseBar.set(e.phases, false);
    this.annotate();
    if (!e.functions) return;
    this.linked = e;
    this.functions.set(e.functions, this.packages);
    this.file.set(e);
    this.locate();
    if (!this.index) void this.open(this.current, false);
    else this.functions.setCurrent(this.current);
    if (this.size.isOpen) void this.loadSize();
  }

  // What is shown.

  private drawTabs() {
    clear(this.tabs);
    this.tabs.hidden = this.files.length < 2;
    for (const f of this.files) {
      this.tabs.append(h('button', { type: 'button', role: 'tab', 'aria-selected': String(f.path === this.path), title: f.path, onclick: () => this.showFile(f.path) },
        f.path.slice(f.path.lastIndexOf('/') + 1)));
    }
  }

  private showFile(path: string) {
    const f = this.files.find(x => x.path === path);
    if (!f) return;
    this.editorFrame.hidden = false;
    this.elsewhere.classList.remove('whole');
    if (path === this.path) return;
    this.path = path;
    this.editor.set(this.drafts.get(path) ?? f.text);
    this.tree.set(f);
    this.drawTabs();
    this.annotate();
    this.relight('');
  }

  private annotate() {
    const here = (p: { path?: string }) => p.path === undefined || p.path === this.path;
    this.editor.annotate(this.problems.filter(here), this.problems.length ? [] : this.decisions.filter(here));
  }

  /** Another function in the columns. */
  private async open(name: string, jump: boolean) {
    this.current = name;
    const e = await this.client.function(name);
    if (e.event === 'failed') {
      this.fail(e.text);
      return;
    }
    this.ref = null;
    this.show(name, e.facts ? new FuncIndex(e.facts) : null);
    const f = this.linked?.functions;
    const at = f ? f.names.indexOf(name) : -1;
    if (jump && f && at >= 0 && this.files.some(x => x.path === f.files[at])) {
      this.showFile(f.files[at]);
      this.editor.focusLine(f.lines[at]);
    }
  }

  private show(name: string, index: FuncIndex | null) {
    this.index = index;
    this.ssa.set(index);
    this.assembly.set(index);
    this.code.set(index);
    this.columns.list.find(c => c.options.id === 'assembly')?.setNote(index ? `${name} · ${this.linkedHere(name) ? '' : 'not linked · '}${index.facts.asm.length} instructions` : name);
    this.functions.setCurrent(name);
    this.drawElsewhere();
    this.locate();
    this.relight('');
  }

  /** Whether the function is in the executable; before there is one, it may be. */
  private linkedHere(name: string): boolean {
    return !this.linked?.functions || this.linked.functions.names.includes(name);
  }

  /** Source that is not in the editor: below it, or instead of it when the function itself is from elsewhere. */
  private drawElsewhere() {
    clear(this.elsewhere);
    const others = (this.index?.facts.files ?? []).filter(f => !this.files.some(x => x.path === f.path));
    const whole = others.length > 0 && others[0] === this.index!.facts.files[0];
    this.elsewhere.hidden = !others.length;
    this.elsewhere.classList.toggle('whole', whole);
    this.editorFrame.hidden = whole;
    this.tabs.hidden = this.files.length < 2 && !whole;
    for (const f of others) {
      this.elsewhere.append(h('div.filename', { title: f.path }, f.path));
      f.lines.forEach((text, i) => this.elsewhere.append(h('div.row', { role: 'listitem', 'data-l': `${f.path}:${f.firstLine + i}`, tabindex: -1 },
        h('span.num', {}, String(f.firstLine + i)), h('span.text', {}, text || ' '))));
    }
  }

  /** Where the current function lies. */
  private locate() {
    const f = this.linked?.functions;
    const at = f ? f.names.indexOf(this.current) : -1;
    this.code.address = at >= 0 ? f!.addresses[at] : 0;
    this.code.linked = null;
    void this.patched();
    this.showPlace(at >= 0 ? { name: this.current, from: f!.addresses[at], to: f!.addresses[at] + f!.sizes[at] } : null);
    this.code.list.refresh();
  }

  /** The current function's bytes as they are in the file. */
  private async patched() {
    if (!this.code.address) return;
    const [name, index] = [this.current, this.index];
    const bytes = await this.client.code(name);
    if (name !== this.current || index !== this.index || bytes?.length !== 2 * (index?.facts.asm.reduce((n, a) => n + a.size, 0) ?? 0)) return;
    this.code.linked = bytes;
    this.code.list.refresh();
  }

  private showPlace(p: Place | null) {
    this.file.light(p);
    this.process.light(p);
  }

  // Pointing.

  /** Something was pointed at in a column; `line` of the file that is shown, where another function may begin to be meant. */
  private point(r: Ref | null, from: string, line?: number) {
    this.ref = r;
    const at = r?.kind === 'line' ? Number(r.line.slice(r.line.lastIndexOf(':') + 1)) : line;
    const name = at ? functionAt(this.files, this.linked?.functions, this.path, at) : null;
    if (name && name !== this.current) void this.open(name, false).then(() => this.point(r, from));
    else this.relight(from);
  }

  private relight(from: string) {
    const rel = this.index ? this.index.relatives(this.ref) : new Relatives(this.ref);
    const own = new Set<number>();
    const lines = new Set<number>();
    for (const l of rel.lines) {
      const colon = l.lastIndexOf(':');
      if (l.slice(0, colon) !== this.path) continue;
      lines.add(Number(l.slice(colon + 1)));
      if (this.ref?.kind === 'line') own.add(Number(l.slice(colon + 1)));
    }
    this.editor.light(lines, own, from !== 'source');
    light(this.elsewhere, rel, from !== 'elsewhere');
    this.tree.light(rel, from !== 'tree');
    this.ssa.light(rel, from !== 'ssa');
    this.assembly.light(rel, from !== 'assembly');
    this.code.light(rel, from !== 'bytes');
    if (this.code.address && rel.insts.size) {
      const insts = [...rel.insts].map(i => this.index!.facts.asm[i]);
      const first = Math.min(...insts.map(a => a.offset));
      const last = Math.max(...insts.map(a => a.offset + a.size));
      this.showPlace({ name: this.current, from: this.code.address + first, to: this.code.address + last });
    }
  }

  // Size.

  private async loadSize() {
    if (!this.linked || this.sizeOf === this.linked) return;
    this.sizeOf = this.linked;
    const facts = await this.client.size();
    if ('event' in facts) return;
    facts.file ??= this.path.slice(this.path.lastIndexOf('/') + 1).replace(/\.go$/, '');
    if (this.sizeView) this.sizeView.setFacts(facts as SizeFacts);
    else {
      this.sizeView = new SizeView(facts as SizeFacts, (symbol, into) => void this.why(symbol, into));
      this.sizeView.root.classList.add('stacked');
      this.size.body.append(this.sizeView.root);
    }
  }

  private async why(symbol: string, into: HTMLElement) {
    const w = await this.client.why(symbol);
    if ('event' in w) return;
    clear(into);
    for (const s of w.symbols.slice(0, 1)) {
      if (s.retained) into.append(h('div', {}, `Without it the file would lose ${bytes(s.retained.bytes)} bytes.`));
      into.append(h('div.muted', {}, s.chain.length ? 'It is there because' : 'It is where the program starts.'));
      for (const e of s.chain) {
        const known = e.from && this.linked?.functions?.names.includes(e.from.name);
        into.append(h('div.edge', {}, known ? h('button.crumb', { type: 'button', title: `Show ${e.from!.name}`, onclick: () => void this.open(e.from!.name, true) }, '→') : h('span.muted', {}, '→'), ` ${e.text}`));
      }
      if (s.reasons && s.reasons.length > 1) into.append(h('div.muted', {}, `${s.reasons.length} references lead to it.`));
    }
  }
}

async function start() {
  const offline = embedded<{ view: string }>('facts') ? await unpacked<Offline>('all') : null;
  await new Explorer(offline ? new Recorded(offline) : new Server()).start();
}

void start();
