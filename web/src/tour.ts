// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { clear, h } from './dom';

/** What a step lights: names of columns to open, a function, a pass, and a text to find in the source, the SSA or the assembly. */
export interface Scene { function?: string; columns?: string; pass?: string; line?: string; value?: string; inst?: string; run?: string }

interface Step { title: string; body: string[]; scene: Scene | null }

/**
 * Steps of a tour: the sections (`## `) of a Markdown text. A comment in a section says what the columns show:
 * `<!-- explore: function=main.main; columns=source,ssa; pass=inline; line=text; value=text; inst=text -->`.
 */
export function steps(markdown: string): Step[] {
  const out: Step[] = [];
  let fence = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) fence = !fence;
    const title = !fence && /^##\s+(.*)/.exec(line);
    const hint = !fence && /^<!-{2}\s*explore:(.*?)-->\s*$/.exec(line);
    if (title) out.push({ title: title[1], body: [], scene: null });
    else if (hint && out.length) out[out.length - 1].scene = scene(hint[1]);
    else if (out.length && (fence || !/^<!-{2}/.test(line))) out[out.length - 1].body.push(line);
  }
  return out;
}

function scene(text: string): Scene {
  const out: { [key: string]: string } = {};
  for (const part of text.split(';')) {
    const eq = part.indexOf('=');
    if (eq > 0) out[part.slice(0, eq).trim()] = part.slice(eq + 1).trim();
  }
  return out;
}

/** The steps one by one; each lights the columns. */
export class Tour {
  readonly root = h('div.tour.fill');
  private readonly list: Step[];
  private at = 0;

  /** @param run runs the program with these arguments: only a press of its button does */
  constructor(markdown: string, private readonly play: (s: Scene) => void, private readonly run: (args: string) => void) {
    this.list = steps(markdown);
    this.draw();
  }

  /** Plays the step that is shown, when there is something to play it on. */
  start(): void {
    const s = this.list[this.at]?.scene;
    if (s) this.play(s);
  }

  private go(i: number) {
    this.at = i;
    this.draw();
    this.root.scrollTop = 0;
    this.start();
  }

  private draw() {
    clear(this.root);
    const step = this.list[this.at];
    if (!step) return;
    const choose = h('select', { 'aria-label': 'Step', onchange: () => this.go(choose.selectedIndex) },
      ...this.list.map((s, i) => h('option', { selected: i === this.at }, s.title)));
    const button = (text: string, by: number) => h('button.tool', { type: 'button', disabled: !this.list[this.at + by], onclick: () => this.go(this.at + by) }, text);
    this.root.append(h('div.bar.tourbar', {}, button('‹ Back', -1), choose, button('Next ›', 1)),
      h('div.scroll.fill.tourtext', {}, h('h3', {}, step.title), ...markup(step.body)));
    const { scene } = step;
    if (!scene) return;
    const tools = h('div.tourtools', {}, h('button.tool', { type: 'button', onclick: () => this.play(scene) }, 'Show it again'));
    if (scene.run !== undefined) tools.prepend(h('button.tool.primary', { type: 'button', onclick: () => this.run(scene.run!) }, `Run it${scene.run ? ` with the argument ${scene.run}` : ''}`));
    this.root.querySelector('.tourtext h3')!.after(tools);
  }
}

/** As much of Markdown as documents here use: paragraphs, lists, code, tables as text. */
function markup(lines: string[]): HTMLElement[] {
  const out: HTMLElement[] = [];
  for (let i = 0; i < lines.length; ) {
    const line = lines[i];
    if (line.startsWith('```')) {
      const end = lines.findIndex((l, k) => k > i && l.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      out.push(h('pre.output', {}, lines.slice(i + 1, last).join('\n')));
      i = last + 1;
    } else if (/^( {4}|\t)\S/.test(line)) {
      const from = i;
      while (i < lines.length && (/^( {4}|\t)/.test(lines[i]) || lines[i] === '' && /^( {4}|\t)/.test(lines[i + 1] ?? ''))) i++;
      out.push(h('pre.output', {}, lines.slice(from, i).map(l => l.replace(/^( {4}|\t)/, '')).join('\n')));
    } else if (line.startsWith('|')) {
      const from = i;
      while (i < lines.length && lines[i].startsWith('|')) i++;
      out.push(h('pre.output', {}, lines.slice(from, i).filter(l => !/^\|[-:| ]+\|$/.test(l)).join('\n')));
    } else if (/^#+ /.test(line)) {
      out.push(h('h3', {}, ...inline(line.replace(/^#+ /, ''))));
      i++;
    } else if (/^[-*] /.test(line)) {
      let text = line.slice(2);
      for (i++; i < lines.length && /^ {2}\S/.test(lines[i]); i++) text += ' ' + lines[i].trim();
      out.push(h('p.item', {}, '• ', ...inline(text)));
    } else if (line.trim()) {
      let text = line;
      for (i++; i < lines.length && lines[i].trim() && !/^(```|\||#|[-*] )/.test(lines[i]); i++) text += ' ' + lines[i].trim();
      out.push(h('p', {}, ...inline(text)));
    } else i++;
  }
  return out;
}

function inline(text: string): Node[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).filter(t => t).map(t => {
    if (t.length > 2 && t.startsWith('`')) return h('code', {}, t.slice(1, -1));
    if (t.startsWith('**') && t.endsWith('**')) return h('b', {}, t.slice(2, -2));
    const link = /^\[([^\]]+)\]\(/.exec(t);
    return document.createTextNode(link ? link[1] : t);
  });
}
