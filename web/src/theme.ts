// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { h } from './dom';

type Theme = 'system' | 'light' | 'dark';
const ORDER: Theme[] = ['system', 'light', 'dark'];
const KEY = 'mica.theme';

function stored(): Theme {
  try {
    const t = localStorage.getItem(KEY) as Theme | null;
    return t && ORDER.includes(t) ? t : 'system';
  } catch {
    return 'system'; // a page that was opened as a file may have no storage
  }
}

function apply(t: Theme) {
  const root = document.documentElement;
  if (t === 'system') delete root.dataset.theme;
  else root.dataset.theme = t;
}

/** A button that goes through system, light and dark. */
export function themeButton(): HTMLButtonElement {
  let now = stored();
  const button = h('button.tool', { type: 'button', id: 'theme', onclick: next as EventListener });
  function show() {
    apply(now);
    button.textContent = now === 'system' ? 'Auto' : now === 'light' ? 'Light' : 'Dark';
    button.title = 'Colours: the system’s, light or dark (t)';
    button.setAttribute('aria-label', `Colours: ${now}`);
  }
  function next() {
    now = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, now);
    } catch {
      // it then lasts as long as the page
    }
    show();
  }
  show();
  return button;
}
