// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { bytes, clear, h, hex, roving } from './dom';
import type { Place } from './filecolumn';
import { MemoryView, type MemoryMap } from './memoryview';

interface Step { name: string; package?: string; symbol?: string; begin: number; end?: number }
interface Mapped { start: string; end: string; perm: string; path: string; sections: string[]; note: string }
interface Call { at: number; ns?: number; name: string; args: string[]; shown: string; error?: string }

/** The view trace, as docs/json.md has it; what is not drawn is left out here. */
interface Trace {
  end: { at: number; status?: number; signal?: number; name?: string; overtime?: boolean };
  maps?: Mapped[];
  boot?: { complete: boolean; steps: Step[]; missing: { name: string; why: string }[]; unfinished?: { name: string; package?: string } };
  syscalls?: Call[];
  memory?: MemoryMap;
  threads?: unknown[];
}

interface Ran { event: 'ran'; trace: Trace; stdout: string; stderr: string }

/** Nanoseconds for people. */
function time(ns: number): string {
  return ns < 1000 ? `${ns} ns` : ns < 1e6 ? `${(ns / 1000).toFixed(ns < 1e4 ? 1 : 0)} µs` : `${(ns / 1e6).toFixed(2)} ms`;
}

/** The process that the executable becomes: it runs when it is asked to, under the tracer, with a time limit. */
export class ProcessColumn {
  readonly root = h('div.process.fill');
  private readonly out = h('div.scroll.fill.processbody');
  private readonly button: HTMLButtonElement;
  private readonly args = h('input.find', { type: 'text', placeholder: 'arguments', 'aria-label': 'Arguments of the program', spellcheck: 'false' });
  private memoryView: MemoryView | null = null;
  private maps: { from: number; to: number; element: HTMLElement }[] = [];
  private place: Place | null = null;

  /**
   * @param live whether it can run again, rather than show what was recorded
   * @param isFunction whether there is a function of that name to open
   */
  constructor(live: boolean, private readonly run: (args: string) => Promise<unknown>, private readonly isFunction: (symbol: string) => boolean, private readonly open: (symbol: string) => void, private readonly select: (p: Place) => void) {
    this.button = h('button.tool', { type: 'button', title: 'Run the program under mica trace, for at most ten seconds', onclick: () => void this.start() }, live ? 'Run' : 'Show the run');
    this.args.addEventListener('keydown', e => e.key === 'Enter' && void this.start());
    this.root.append(h('div.bar.runbar', {}, this.button, live ? this.args : null), this.out);
    this.out.append(h('p.empty', {}, live
      ? 'Nothing runs until you ask for it. Then the program runs under mica trace, and you see how it boots and what its memory is.'
      : 'How the program booted, and what its memory was, when this page was written.'));
    roving(this.out, '.row');
  }

  async start(args = this.args.value): Promise<void> {
    this.args.value = args;
    this.button.disabled = true;
    this.root.setAttribute('aria-busy', 'true');
    try {
      const r = (await this.run(args)) as Ran | { event: 'failed'; text: string };
      if (r.event === 'failed') this.message(r.text);
      else this.draw(r);
    } catch (e) {
      this.message(String((e as Error).message));
    }
    this.button.disabled = false;
    this.root.removeAttribute('aria-busy');
  }

  private message(text: string) {
    clear(this.out);
    this.maps = [];
    this.memoryView = null;
    this.out.append(h('p.empty', {}, text));
  }

  /** Lights the mapping that covers a place. */
  light(place: Place | null): void {
    this.place = place;
    for (const s of this.out.querySelectorAll<HTMLElement>('.step')) s.classList.toggle('rel', !!place && s.dataset.symbol === place.name);
    this.memoryView?.light(place);
    for (const m of this.maps) m.element.classList.toggle('rel', !!place && place.from < m.to && place.to > m.from);
  }

  private draw(r: Ran) {
    clear(this.out);
    const t = r.trace;
    const how = t.end.overtime ? 'ended after ten seconds' : t.end.signal ? `ended by ${t.end.name ?? `signal ${t.end.signal}`}` : `exit status ${t.end.status ?? '?'}`;
    this.out.append(h('div.facts', {}, h('b', {}, how), h('span.muted', {}, `${time(t.end.at)} · ${t.syscalls?.length ?? 0} system calls · ${t.threads?.length ?? 0} thread${t.threads?.length === 1 ? '' : 's'}`)));
    if (t.boot) this.boot(t.boot);
    this.maps = [];
    this.memoryView = null;
    if (t.memory) this.memory(t.memory, !!t.end.overtime);
    if (t.maps) this.mappings(t.maps);
    if (r.stdout) this.out.append(h('h3', {}, 'Output'), h('pre.output', {}, r.stdout));
    if (r.stderr) this.out.append(h('h3', {}, 'Standard error'), h('pre.output', {}, r.stderr));
    if (t.syscalls) this.calls(t.syscalls);
    this.light(this.place);
  }

  private boot(b: NonNullable<Trace['boot']>) {
    const last = b.steps[b.steps.length - 1];
    const total = Math.max(1, last?.end ?? last?.begin ?? 1);
    this.out.append(h('h3', {}, 'Boot ', h('span.note', {}, b.complete ? `${time(total)} from execve to main.main` : `ended in ${b.unfinished?.name ?? '?'} ${b.unfinished?.package ?? ''}`)));
    // The kernel's part is long and nobody's here: the axis begins with the program's first instruction.
    const first = b.steps.length > 1 ? b.steps[1].begin : 0;
    const list = h('div.boot', { role: 'list', 'aria-label': 'Boot time line' });
    for (const s of b.steps) {
      const length = (s.end ?? s.begin) - s.begin;
      const bar = h('span.when', {}, h('i'));
      const at = (ns: number) => (100 * Math.max(0, ns - first)) / Math.max(1, total - first);
      if (s.begin < first) bar.classList.add('before');
      else Object.assign((bar.firstChild as HTMLElement).style, { left: `min(calc(100% - 2px), ${at(s.begin)}%)`, width: `max(2px, ${at(s.begin + length) - at(s.begin)}%)` });
      list.append(h('div.row.step', { role: 'listitem', tabindex: -1, 'data-symbol': s.symbol, title: `${s.name}${s.package ? ` ${s.package}` : ''}: from ${time(s.begin)}${s.end === undefined ? '' : ` to ${time(s.end)}`}${s.symbol ? `\n${s.symbol}` : ''}`, onclick: () => s.symbol && this.open(s.symbol) },
        h('span.name', {}, s.package ? `init ${s.package}` : s.name), bar, h('span.bytes', {}, length ? time(length) : '')));
    }
    this.out.append(list);
    if (b.missing.length) this.out.append(h('p.note', {}, `Not shown: ${b.missing.map(m => `${m.name} (${m.why})`).join(', ')}`));
  }

  private memory(m: MemoryMap, overtime: boolean) {
    this.memoryView = new MemoryView(m, this.isFunction, this.open, this.select);
    const threads = `${m.process.threads} thread${m.process.threads === 1 ? '' : 's'}`;
    this.out.append(h('h3', {}, 'Memory ', h('span.note', {}, `${bytes(m.rss / 1024)} KiB resident, ${threads}, ${overtime ? 'when its time was over' : 'at the last moment before the end'}`)), this.memoryView.root);
  }

  private mappings(maps: Mapped[]) {
    this.out.append(h('h3', {}, 'Mappings ', h('span.note', {}, 'as the kernel makes them before the first instruction')));
    const list = h('div.maps', { role: 'list', 'aria-label': 'Memory map' });
    this.maps = maps.map(m => {
      const [from, to] = [Number(m.start), Number(m.end)];
      const what = m.sections.length ? m.sections.join(' ') : m.note || m.path || 'anonymous';
      const element = h('div.row.map', { role: 'listitem', tabindex: -1, title: `${m.start}–${m.end}\n${m.path}\n${m.note}\n${what}`, onclick: () => this.select({ name: what, from, to }) },
        h('span.offset', {}, hex(from, 6).slice(2)), h('span.perm', {}, m.perm), h('span.bytes', {}, bytes(to - from)), h('span.text', {}, what));
      list.append(element);
      return { from, to, element };
    });
    this.out.append(list);
  }

  private calls(calls: Call[]) {
    const SHOWN = 300;
    const list = h('div.calls', { role: 'list', 'aria-label': 'System calls' }, ...calls.slice(0, SHOWN).map(c => {
      const text = `${c.name}(${c.args.join(', ')}) = ${c.shown}`;
      return h('div.row', { role: 'listitem', tabindex: -1, title: text }, h('span.offset', {}, time(c.at)), h('span.text', {}, text));
    }));
    this.out.append(h('h3', {}, 'System calls ', h('span.note', {}, calls.length > SHOWN ? `the first ${SHOWN} of ${bytes(calls.length)}` : bytes(calls.length))), list);
  }
}
