// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

type Child = Node | string | null | undefined | false;
type Props = { [name: string]: string | number | boolean | null | undefined | EventListener };

/**
 * An element: `tag.class.class`, attributes (an `on…` function is a listener; false, null and undefined leave one out), children.
 * Text only ever becomes text nodes: nothing of a program can turn into markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K | `${K}.${string}`, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split('.');
  const e = document.createElement(name) as HTMLElementTagNameMap[K];
  if (classes.length) e.className = classes.join(' ');
  attributes(e, props);
  append(e, children);
  return e;
}

/** The same for SVG. */
export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  attributes(e, props);
  append(e, children);
  return e;
}

function attributes(e: Element, props: Props) {
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === 'function') e.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) e.setAttribute(key, value === true ? '' : String(value));
  }
}

function append(e: Element, children: Child[]) {
  for (const c of children) if (c) e.append(c);
}

export function clear(e: Element): void {
  e.replaceChildren();
}

export function bytes(n: number): string {
  return n.toLocaleString('en-US');
}

/** Microseconds for people. */
export function duration(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1e6) return `${(micros / 1000).toFixed(micros < 10000 ? 1 : 0)} ms`;
  return `${(micros / 1e6).toFixed(2)} s`;
}

export function hex(n: number, width = 4): string {
  return '0x' + n.toString(16).padStart(width, '0');
}

/** Whether keys are going into a text at the moment. */
export function typing(e: KeyboardEvent): boolean {
  const t = e.target as HTMLElement;
  return t.isContentEditable || t.tagName === 'INPUT' || t.tagName === 'TEXTAREA' || t.tagName === 'SELECT';
}

/** Scrolls the nearest scrolling ancestor, up and down only, until the row is in view. */
function reveal(row: HTMLElement) {
  const box = row.closest<HTMLElement>('.scroll');
  if (!box) return;
  const a = row.getBoundingClientRect();
  const b = box.getBoundingClientRect();
  if (a.top < b.top) box.scrollTop -= b.top - a.top;
  else if (a.bottom > b.bottom) box.scrollTop += a.bottom - b.bottom;
}

/** One tab stop for all `rows` in a container; arrows, Home and End move among them, Enter and blank click. */
export function roving(container: HTMLElement, rows: string): void {
  const all = () => [...container.querySelectorAll<HTMLElement>(rows)].filter(r => r.offsetParent !== null);
  const focus = (r: HTMLElement | undefined) => {
    if (!r) return;
    container.querySelectorAll('[tabindex="0"]').forEach(o => o !== container && o.setAttribute('tabindex', '-1'));
    r.tabIndex = 0;
    r.focus({ preventScroll: true });
    reveal(r);
  };
  container.tabIndex = 0;
  container.addEventListener('focus', () => focus(container.querySelector<HTMLElement>('.sel') ?? container.querySelector<HTMLElement>('.rel') ?? all()[0]));
  container.addEventListener('focusin', e => { if (e.target !== container) container.tabIndex = -1; });
  container.addEventListener('focusout', e => { if (!container.contains(e.relatedTarget as Node)) container.tabIndex = 0; });
  container.addEventListener('keydown', e => {
    const at = (e.target as HTMLElement).closest<HTMLElement>(rows);
    if (!at || e.altKey || e.ctrlKey || e.metaKey) return;
    const list = all();
    const i = list.indexOf(at);
    if (e.key === 'ArrowDown') focus(list[i + 1]);
    else if (e.key === 'ArrowUp') focus(list[i - 1]);
    else if (e.key === 'PageDown') focus(list[Math.min(list.length - 1, i + 20)]);
    else if (e.key === 'PageUp') focus(list[Math.max(0, i - 20)]);
    else if (e.key === 'Home') focus(list[0]);
    else if (e.key === 'End') focus(list[list.length - 1]);
    else if (e.key === 'Enter' || e.key === ' ') at.click();
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
}
