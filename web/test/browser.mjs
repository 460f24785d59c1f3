// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A browser, a server, and what a test is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const work = mkdtempSync(join(tmpdir(), 'mica-web-'));
const closing = [];

/** Debian's Chromium, or the one that $CHROMIUM names; null if there is none. */
export function browserPath() {
  for (const p of [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser']) if (p && existsSync(p)) return p;
  return null;
}

/** A new page in a browser with an empty profile; `requests` collects what it asks for, `errors` what goes wrong in it. */
export async function open(url, { width = 1280, height = 800, colorScheme = 'light', args = [] } = {}) {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(work, 'profile-')), {
    executablePath: browserPath(), headless: true, viewport: { width, height }, colorScheme, args: [...ARGS, ...args],
  });
  closing.push(() => context.close());
  const page = context.pages()[0] ?? (await context.newPage());
  page.requests = [];
  page.errors = [];
  page.on('request', r => page.requests.push(r.url()));
  page.on('pageerror', e => page.errors.push(e.message));
  page.logs = [];
  page.on('console', m => (m.type() === 'error' ? page.errors : page.logs).push(m.text()));
  page.setDefaultTimeout(60000);
  if (url) await page.goto(url);
  page.done = async () => {
    await context.close();
    closing.splice(closing.findIndex(f => f === page.done), 0);
  };
  return page;
}

/** Starts `mica explore`; its address. */
export function serve(mica, file) {
  return new Promise((resolve, reject) => {
    const p = spawn(mica, ['explore', file], { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] });
    closing.push(() => p.kill());
    let text = '';
    p.stdout.on('data', d => {
      text += d;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    p.on('error', reject);
    p.on('exit', code => reject(new Error(`mica explore ended with ${code}`)));
  });
}

/** Runs a command to its end. */
export function run(mica, ...args) {
  const r = spawnSync(mica, args, { cwd: work, encoding: 'utf8' });
  if (r.status !== 0) throw new Error(`mica ${args.join(' ')}: ${r.stderr}`);
  return r.stdout;
}

export function check(condition, text) {
  if (!condition) throw new Error(text);
}

/** A picture for people, if $MICA_SHOTS names a folder. */
export async function shot(page, name) {
  if (!process.env.MICA_SHOTS) return;
  mkdirSync(process.env.MICA_SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.MICA_SHOTS, `${name}.png`) });
}

export async function cleanUp() {
  for (const f of closing) await Promise.resolve(f()).catch(() => {});
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
