// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The facts of a whole program, as docs/json.md describes the view explore.
import type { SsaFacts } from './facts';

export interface TreeNode {
  kind: string;
  /** The member of the parent that holds it. */
  role?: string;
  text?: string;
  type?: string;
  value?: string;
  line?: number;
  col?: number;
  endLine?: number;
  children?: TreeNode[];
}

export interface ProgramFile {
  path: string;
  /** What link names of its functions begin with. */
  prefix: string;
  text: string;
  tree: TreeNode;
}
export interface Problem { path?: string; line?: number; col?: number; text: string }
export interface Phase { name: string; micros: number }

export interface Functions {
  names: string[];
  packages: string[];
  addresses: number[];
  sizes: number[];
  /** go, asm or folded. */
  kinds: string[];
  files: string[];
  lines: number[];
}

export interface Section { name: string; address: number; offset: number; size: number; align: number; inFile: boolean; flags: string }
export interface Segment { type: string; flags: string; offset: number; address: number; fileSize: number; memSize: number }

export interface Checked { event: 'checked'; package: string; packages: string[]; files: ProgramFile[]; problems: Problem[]; phases: Phase[] }
export interface FunctionEvent { event: 'function'; name: string; facts: SsaFacts | null }
export interface Linked {
  event: 'linked';
  problems: Problem[];
  phases: Phase[];
  size?: number;
  entry?: number;
  buildId?: string;
  functions?: Functions;
  sections?: Section[];
  segments?: Segment[];
}
export interface Failed { event: 'failed'; text: string }
/** What the compiler decided at a place, and why. */
export interface Decision {
  func: string;
  path: string;
  line: number;
  col: number;
  kind: string;
  what: string;
  /** The good outcome: inlined, on the stack, removed, devirtualized. */
  good: boolean;
  result: string;
  reason: string;
  number?: number;
  /** Of code that was inlined here. */
  inlined?: boolean;
  steps: string[];
}
export interface Decisions { event: 'decisions'; decisions: Decision[] }
export type Event = Checked | FunctionEvent | Linked | Failed | Decisions;

export interface Edge { from: { is: string; name: string }; to: { is: string; name: string }; reason: string; text: string }

/** The view why; an offline page knows the chains only. */
export interface Why {
  symbols: {
    name: string;
    size?: number;
    chain: { text: string; from?: Edge['from'] }[];
    reasons?: Edge[];
    dominators?: string[];
    retained?: { bytes: number; kinds: { [kind: string]: number }; symbols: { name: string; kind: string; size: number }[] };
  }[];
}

/** A function of the source and the lines that it covers. */
export interface Extent {
  line: number;
  endLine: number;
  depth: number;
  /** Link name; null for literals and generic functions. */
  name: string | null;
}

/** Declared functions and literals of a file, outer ones before inner ones. */
export function extents(file: ProgramFile): Extent[] {
  const out: Extent[] = [];
  const walk = (n: TreeNode, depth: number) => {
    const body = n.kind === 'Func' || n.kind === 'FuncLit' ? n.children?.find(c => c.role === 'body') : undefined;
    if (body?.endLine && n.line) out.push({ line: n.line, endLine: body.endLine, depth, name: n.kind === 'Func' ? linkName(file.prefix, n) : null });
    for (const c of n.children ?? []) walk(c, body ? depth + 1 : depth);
  };
  walk(file.tree, 0);
  return out;
}

function linkName(prefix: string, f: TreeNode): string | null {
  const recv = f.children?.find(c => c.role === 'recv')?.children?.find(c => c.role === 'typeExpr')?.text ?? '';
  const generic = recv.includes('[') || f.children?.find(c => c.role === 'typeExpr')?.children?.some(c => c.role === 'typeParams');
  if (generic) return null;
  return `${prefix}.${recv.startsWith('*') ? `(${recv}).` : recv ? `${recv}.` : ''}${f.text}`;
}

/**
 * The function that a line belongs to: the linked one that begins where the innermost extent around the line does, else the declared one,
 * which may be inlined wherever it is called.
 */
export function functionAt(files: ProgramFile[], functions: Functions | undefined, path: string, line: number): string | null {
  const file = files.find(f => f.path === path);
  if (!file || !functions) return null;
  const around = extents(file).filter(e => e.line <= line && line <= e.endLine).sort((a, b) => b.depth - a.depth || b.line - a.line);
  for (const e of around) {
    const at = functions.files.findIndex((f, i) => f === path && functions.lines[i] === e.line && functions.kinds[i] === 'go');
    if (at >= 0) return functions.names[at];
    if (e.name) return e.name;
  }
  return null;
}
