// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { SizeFacts, SsaFacts } from './facts';
import type { Checked, Decisions, Event, Failed, FunctionEvent, Linked, Why } from './model';

/** Where the explorer has its facts from: a server that compiles, or the page itself. */
export interface Client {
  readonly live: boolean;
  /** Builds, with a text in place of a file if one is given; false if a later build took over. */
  build(name: string, edit: { path: string; text: string } | null, take: (e: Event) => void): Promise<boolean>;
  function(name: string): Promise<FunctionEvent | Failed>;
  size(): Promise<SizeFacts | Failed>;
  why(name: string): Promise<Why | Failed>;
  /** A function's bytes after the linker patched them, hexadecimal; null if they are not known. */
  code(name: string): Promise<string | null>;
  /** Runs the program under the tracer. */
  run(args: string): Promise<unknown>;
  /** The text of a tour through the program; null if there is none. */
  tour(): Promise<string | null>;
}

const KEY = 'mica.token';

/** The secret of the printed address: taken out of the address bar, kept for reloads of this tab. */
function token(): string {
  const given = location.hash.slice(1);
  if (/^[0-9a-f]{16,}$/.test(given)) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
    return given;
  }
  return sessionStorage.getItem(KEY) ?? '';
}

export class Server implements Client {
  readonly live = true;
  private readonly secret = token();
  private abort: AbortController | null = null;

  private async ask(what: string, query: { [name: string]: string }, body: string, signal?: AbortSignal): Promise<Response> {
    const r = await fetch(`/api/${what}?${new URLSearchParams(query)}`, {
      method: 'POST', body, signal, headers: { 'X-Mica-Token': this.secret, 'Content-Type': 'text/plain' }, credentials: 'omit', cache: 'no-store',
    });
    if (!r.ok) throw new Error((await r.text()).trim());
    return r;
  }

  private async one<T>(what: string, name = ''): Promise<T> {
    return JSON.parse(await (await this.ask(what, { name }, '')).text()) as T;
  }

  async build(name: string, edit: { path: string; text: string } | null, take: (e: Event) => void): Promise<boolean> {
    this.abort?.abort();
    const mine = (this.abort = new AbortController());
    try {
      const r = await this.ask('build', edit ? { name, path: edit.path } : { name, fresh: '1' }, edit?.text ?? '', mine.signal);
      const reader = r.body!.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        rest += value ?? '';
        const lines = rest.split('\n');
        rest = lines.pop()!;
        for (const line of lines) if (line && !mine.signal.aborted) take(JSON.parse(line) as Event);
        if (done) break;
      }
    } catch (e) {
      if (mine.signal.aborted) return false;
      throw e;
    }
    return !mine.signal.aborted;
  }

  function(name: string) {
    return this.one<FunctionEvent | Failed>('function', name);
  }

  size() {
    return this.one<SizeFacts | Failed>('size');
  }

  why(name: string) {
    return this.one<Why | Failed>('why', name);
  }

  run(args: string) {
    return this.one<unknown>('run', args);
  }

  async code(name: string) {
    return (await this.one<{ bytes?: string | null }>('code', name)).bytes ?? null;
  }

  async tour() {
    return (await this.one<{ text: string | null }>('tour')).text;
  }
}

/** What an offline page holds. */
export interface Offline {
  version: number;
  view: 'explore';
  checked: Checked;
  linked: Linked;
  decisions?: Decisions;
  /** Views of the functions that are unpacked. */
  functions: { [name: string]: SsaFacts };
  size?: SizeFacts;
  /** Linked bytes by function, hexadecimal. */
  code?: { [name: string]: string };
  /** Each symbol, and the index of the one that referred to it first; -1 for roots. */
  reached?: { names: string[]; from: number[] };
  trace?: unknown;
  tour?: { text: string };
}

/** Digits to the base 85, as mica.explore.Base85 writes them. */
const DIGITS = '#$%()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}';

/** The bytes of a text to the base 85: five digits are four bytes, of the last digits one is none. */
function decoded(text: string): Uint8Array<ArrayBuffer> {
  const value = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) value[DIGITS.charCodeAt(i)] = i;
  const out = new Uint8Array(text.length - Math.ceil(text.length / 5));
  for (let i = 0, at = 0; i < text.length; i += 5) {
    let word = 0;
    // missing digits are the highest, so that cutting off what they stand for is right
    for (let k = 0; k < 5; k++) word = word * 85 + (i + k < text.length ? value[text.charCodeAt(i + k)] : 84);
    for (let k = 3; k >= 0 && at < out.length; k--) out[at++] = Math.floor(word / 256 ** k) & 255;
  }
  return out;
}

/** Gives the instructions of a function of the library what its brief form leaves out. */
function completed(facts: SsaFacts): SsaFacts {
  let offset = 0;
  for (const i of facts.asm) {
    i.offset ??= offset;
    i.size ??= i.bytes.length / 2;
    offset = i.offset + i.size;
  }
  return facts;
}

/** The compressed JSON of the element `id`, which is then gone; null if there is none. */
export async function unpacked<T>(id: string): Promise<T | null> {
  const element = document.getElementById(id);
  if (!element) return null;
  const raw = decoded(element.textContent ?? '');
  element.remove();
  return JSON.parse(await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip'))).text()) as T;
}

const GONE = 'This page holds no more than what was written into it; mica explore serves the rest.';

export class Recorded implements Client {
  readonly live = false;

  constructor(private readonly facts: Offline) {}

  async build(name: string, _edit: null | { path: string; text: string }, take: (e: Event) => void): Promise<boolean> {
    take(this.facts.checked);
    if (this.facts.functions[name]) take({ event: 'function', name, facts: this.facts.functions[name] });
    take(this.facts.linked);
    if (this.facts.decisions) take(this.facts.decisions);
    return true;
  }

  async function(name: string): Promise<FunctionEvent | Failed> {
    const facts = this.facts.functions[name] ?? (await this.unpack(name));
    return facts ? { event: 'function', name, facts } : { event: 'failed', text: GONE };
  }

  /** Functions of the library stand in elements of their own, one a package. */
  private async unpack(name: string): Promise<SsaFacts | null> {
    const f = this.facts.linked.functions;
    const at = f?.names.indexOf(name) ?? -1;
    const more = at < 0 ? null : await unpacked<Offline['functions']>(`pack:${f!.packages[at]}`);
    for (const f of Object.values(more ?? {})) completed(f);
    if (more) Object.assign(this.facts.functions, more);
    return this.facts.functions[name] ?? null;
  }

  async size(): Promise<SizeFacts | Failed> {
    return this.facts.size ?? { event: 'failed', text: GONE };
  }

  async why(name: string): Promise<Why> {
    const { names = [], from = [] } = this.facts.reached ?? {};
    const chain: Why['symbols'][0]['chain'] = [];
    for (let i = names.indexOf(name); i >= 0 && from[i] >= 0; i = from[i]) {
      chain.unshift({ text: `${names[from[i]]} refers to ${names[i]}`, from: { is: 'symbol', name: names[from[i]] } });
    }
    return { symbols: names.includes(name) ? [{ name, chain }] : [] };
  }

  async run(): Promise<unknown> {
    return this.facts.trace ?? { event: 'failed', text: GONE };
  }

  async code(name: string): Promise<string | null> {
    return this.facts.code?.[name] ?? null;
  }

  async tour(): Promise<string | null> {
    return this.facts.tour?.text ?? null;
  }
}
