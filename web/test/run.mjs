// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// node test/run.mjs MICA [part of a test's name]: the pages in a browser.
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserPath, check, cleanUp, open, run, serve, shot, work } from './browser.mjs';

const [mica = 'mica', only = ''] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const program = join(work, 'demo.go');
/** Beyond this a build is broken, not slow: machines that test are busy. */
const SLOW = 60000;

let url = '';
const built = page => page.waitForFunction(() => document.body.dataset.state === 'done', null, { timeout: SLOW });
const classes = (page, selector) => page.locator(selector).count();
const editorLine = (page, n) => page.locator('.cm-line').nth(n - 1);
/** At its beginning: what was decided stands at its end. */
const clickLine = (page, n) => editorLine(page, n).click({ position: { x: 12, y: 8 } });
const lineOf = text => readFileSync(program, 'utf8').split('\n').findIndex(l => l.includes(text)) + 1;

const tests = {
  async 'columns show the program'() {
    const page = await open(url);
    await built(page);
    check((await classes(page, '#column-ssa .row.value')) > 10, 'no SSA');
    check((await classes(page, '#assembly .row')) > 10, 'no assembly');
    check((await page.locator('#column-assembly .note').first().textContent()).startsWith('main.main'), 'main.main is not shown first');
    check((await classes(page, '.note-chips')) > 2, 'no decisions in the editor');
    await noOverflow(page);
    await named(page);
    await shot(page, 'explorer-1280-light');
    await only1(page);
  },

  async 'whatever is pointed at lights its relatives'() {
    const page = await open(url, { width: 1920, height: 1080 });
    await built(page);
    await page.locator('#column-tree .strip').click();
    await page.locator('#column-bytes .strip').click();
    // A value: its line, its tree node, its instructions and their bytes.
    await page.locator('#column-ssa .row.value', { hasText: 'runtime.makechan' }).first().click();
    const make = lineOf('make(chan int)');
    check((await editorLine(page, make).getAttribute('class')).includes('rel'), 'a value does not light its line');
    for (const where of ['#tree .row.rel', '#assembly .row.rel', '#bytes .row.rel', '#column-file .section.rel']) check((await classes(page, where)) > 0, `a value lights nothing in ${where}`);
    check(/CALL/.test(await page.locator('#assembly .row.rel').first().textContent()), 'a call of makechan is not its instruction');
    await shot(page, 'explorer-1920-light');
    // An instruction: the value and the line.
    await page.locator('#assembly .row', { hasText: 'runtime·newproc' }).click();
    check((await editorLine(page, lineOf('go func()')).getAttribute('class')).includes('rel'), 'an instruction does not light its line');
    check((await classes(page, '#column-ssa .row.value.rel')) + (await classes(page, '#column-ssa .row.value.sel')) > 0, 'an instruction does not light its value');
    // A line: values and instructions; a line of another function opens that one.
    await clickLine(page, lineOf('s.area(), <-done'));
    await page.waitForSelector('#column-ssa .row.value.rel');
    await clickLine(page, lineOf('return s.side'));
    await page.waitForFunction(() => /area/.test(document.querySelector('#column-assembly .note').textContent));
    // A function that is inlined wherever it is called is compiled to be seen.
    await clickLine(page, lineOf('n += x * i'));
    await page.waitForFunction(() => /main\.sum · not linked/.test(document.querySelector('#column-assembly .note').textContent));
    await page.waitForSelector('#column-ssa .row.value.rel');
    // A node of the tree.
    await page.locator('#tree').evaluate(e => (e.scrollTop = 1000));
    await page.locator('#tree .row', { hasText: 'make(chan int)' }).first().click();
    await page.waitForFunction(() => /main\.main ·/.test(document.querySelector('#column-assembly .note').textContent));
    await page.waitForSelector('#assembly .row.rel');
    check((await editorLine(page, make).getAttribute('class')).includes('rel'), 'a tree node does not light its line');
    // Escape points at nothing.
    await page.keyboard.press('Escape');
    check((await classes(page, '#assembly .row.rel')) === 0, 'Escape leaves something lit');
    await only1(page);
  },

  async 'typing builds again, errors stand in the source, nothing is written'() {
    const before = readFileSync(program, 'utf8');
    const page = await open(url);
    await built(page);
    await clickLine(page, lineOf('xs := []int{1, 2, 3, 4}'));
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace');
    await page.waitForTimeout(50);
    const start = Date.now();
    await page.keyboard.type('77');
    await page.waitForFunction(() => [...document.querySelectorAll('#assembly .row')].some(r => r.textContent.includes('$0x4d')), null, { timeout: SLOW });
    const columns = Date.now() - start;
    await built(page);
    console.log(`web: ${columns} ms from the last key to new columns, ${Date.now() - start} ms to a linked executable`);
    await page.keyboard.type('7undeclared');
    await page.waitForSelector('.note-error', { timeout: SLOW });
    await page.waitForFunction(() => /error/.test(document.querySelector('.status').textContent));
    await shot(page, 'errors-1280-light');
    check((await classes(page, '#assembly .row')) > 10, 'an error takes the last good columns away');
    for (let i = 0; i < '7undeclared'.length; i++) await page.keyboard.press('Backspace');
    await page.waitForFunction(() => !document.querySelector('.note-error'), null, { timeout: SLOW });
    await page.keyboard.press('Enter');
    await page.keyboard.type('oops');
    await page.waitForFunction(() => /undefined: oops|syntax error/.test(document.querySelector('.note-error')?.textContent ?? ''), null, { timeout: SLOW });
    check(readFileSync(program, 'utf8') === before, 'the file was written');
    await only1(page);
    // A page that is opened now has what was typed, its errors, and the last good build.
    await page.reload();
    await built(page);
    check(/undefined: oops|syntax error/.test(await page.locator('.note-error').first().textContent()), 'what was typed is lost');
    check((await classes(page, '#assembly .row')) > 10, 'a new page has no columns while there are errors');
    await clickLine(page, 1);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(before);
    await page.waitForFunction(() => !document.querySelector('.note-error'), null, { timeout: SLOW });
    await built(page);
  },

  async 'a program runs only when it is asked to'() {
    const page = await open(url);
    await built(page);
    await page.locator('#column-process .strip').click();
    check((await classes(page, '.boot .row')) === 0, 'it ran without being asked');
    await page.locator('.runbar button').click();
    await page.waitForFunction(() => document.querySelector('.boot .row') || /ptrace|not permitted/.test(document.querySelector('.processbody').textContent), null, { timeout: SLOW });
    if ((await classes(page, '.boot .row')) === 0) {
      console.log('web: ptrace is not allowed here: the process column is not tested further');
      return;
    }
    check(/main\.main/.test(await page.locator('.boot').textContent()), 'no main.main in the boot time line');
    check((await classes(page, '.maps .row')) > 3, 'no memory map');
    check((await page.locator('.output').first().textContent()).startsWith('9 '), 'the output is not shown');
    check((await classes(page, '.maps .row.rel')) > 0, 'the function is not found in memory');
    // Who owns the memory at the end: all by keys.
    const memory = page.locator('.memory');
    check(/goroutine stack/.test(await memory.textContent()) && /heap span/.test(await memory.textContent()), 'no owners of the memory');
    const text = memory.locator('.group', { hasText: '.text' });
    check(await text.evaluate(e => e.classList.contains('rel')), 'the function is not found among the owners');
    await text.focus();
    await page.keyboard.press('Enter');
    const own = memory.locator('.owner.rel');
    check((await own.count()) === 1 && /main\.main/.test(await own.textContent()), 'the function’s own bytes are not lit');
    await shot(page, 'process-1280-light');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const other = await page.evaluate(() => document.activeElement.querySelector('.text').textContent);
    await page.keyboard.press('Enter');
    await page.waitForFunction(name => document.querySelector('#column-assembly .note').textContent.startsWith(name), other);
    await text.focus();
    await page.keyboard.press('ArrowLeft');
    check((await text.getAttribute('aria-expanded')) === 'false' && (await own.count()) === 0, 'the left arrow does not close a group');
    await memory.locator('.group', { hasText: 'goroutine stack' }).click();
    await memory.locator('.owner', { hasText: 'goroutine 1 ' }).click();
    await page.waitForFunction(() => /runtime\.main ·/.test(document.querySelector('#column-assembly .note').textContent));
    check((await memory.locator('.owner.rel', { hasText: 'goroutine 1 ' }).count()) === 1, 'a goroutine’s function does not light its stack');
    await memory.locator('.group', { hasText: '.bss' }).click();
    await memory.locator('.owner', { hasText: 'runtime.mheap_' }).click();
    check((await classes(page, '#column-file .section.rel')) === 1, 'a variable in memory does not light its section');
    await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
    await shot(page, 'process-1280-dark');
    await only1(page);
  },

  async 'sizes, and why something is linked'() {
    const page = await open(url, { width: 1920, height: 1080 });
    await built(page);
    await page.locator('#column-size .strip').click();
    await page.waitForSelector('.treemap .cell');
    await page.locator('.sizelist .row', { hasText: 'code' }).first().click();
    await page.locator('.treemap .cell.group', { hasText: 'fmt' }).first().click({ position: { x: 20, y: 8 } });
    await page.locator('.treemap .cell:not(.group)', { hasText: 'Fprintln' }).first().click();
    await page.waitForSelector('.why button');
    check(/main/.test(await page.locator('.why').textContent()), 'why does not lead to main');
    await shot(page, 'size-1920-light');
    await only1(page);
  },

  async 'all can be reached by keys'() {
    const page = await open(url);
    await built(page);
    await page.keyboard.press('/');
    await page.keyboard.type('main.main.func1');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /main\.main\.func1/.test(document.querySelector('#column-assembly .note').textContent));
    const focus = () => page.evaluate(() => document.activeElement.closest('.column')?.id ?? '');
    await page.keyboard.press('Escape');
    await page.locator('#column-ssa .fold').focus();
    await page.keyboard.press(']');
    check((await focus()) === 'column-assembly', `] leads to ${await focus()}`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    check((await classes(page, '#assembly .row.rel')) > 0, 'Enter does not point at an instruction');
    await page.keyboard.press('g');
    check((await classes(page, '#column-ssa .graph .node')) > 0, 'g draws no graph');
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    check((await page.locator('.passname').textContent()) === 'dead code late', 'a comma does not lead to the pass before');
    // The passes are one stop of the Tab key.
    check((await classes(page, '.passes button[tabindex="0"]')) === 1, 'each pass is a stop of the Tab key');
    await page.locator('.passes button[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    check((await page.evaluate(() => document.activeElement.getAttribute('aria-pressed'))) === 'true', 'an arrow loses the pass that has the focus');
    check((await page.locator('.passname').textContent()) === 'simplify cfg late', 'arrows do not lead along the passes');
    await page.locator('#column-assembly .fold').focus();
    await page.keyboard.press('?');
    check(await page.locator('dialog.help').isVisible(), '? shows no keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    check((await classes(page, '#column-assembly.closed')) === 1, 'c does not close the column');
    await page.keyboard.press('Tab');
    check((await page.evaluate(() => document.activeElement !== document.body)) === true, 'Tab leads nowhere');
    await only1(page);
  },

  async 'narrow windows'() {
    for (const width of [400, 768, 1024]) {
      const page = await open(url, { width });
      await built(page);
      await noOverflow(page);
      const text = await page.locator('#assembly .row .text').first().evaluate(e => e.getBoundingClientRect().width);
      check(text > 130, `${text} pixels for an instruction in a window of ${width}`);
      await page.locator('#column-assembly .fold').focus();
      const box = await page.locator('#column-assembly').boundingBox();
      check(box.x >= 0 && box.x + box.width <= width, `a column that has the focus is out of sight in a window of ${width}`);
      await shot(page, `explorer-${width}-light`);
      await page.done();
    }
  },

  async 'dark and light'() {
    const background = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const page = await open(url, { colorScheme: 'dark' });
    await built(page);
    const dark = await background(page);
    await shot(page, 'explorer-1280-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background(page);
    check(dark !== light, 'the system’s colours are not followed');
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    check((await background(page)) === dark, 'the switch does not lead to dark');
    // What is lit has another colour behind it.
    for (const c of ['tree', 'bytes', 'file', 'functions']) await page.locator(`#column-${c} .strip`).click();
    await clickLine(page, lineOf('s.area(), <-done'));
    await page.waitForSelector('#column-ssa .row.value.rel');
    await page.locator('#column-ssa .row.value.rel').first().click();
    await readable(page, 'explorer-lit-1280-dark');
  },

  async 'a page of another origin can read nothing and run nothing'() {
    const origin = new URL(url).origin;
    const token = url.slice(url.indexOf('#') + 1);
    const server = createServer((q, r) => r.setHeader('Content-Type', 'text/html').end('<!DOCTYPE html><title>elsewhere</title><body>'));
    await new Promise(r => server.listen(0, '127.0.0.1', r));
    const elsewhere = server.address().port;
    // A name of an enemy's that leads here: at first to their own server, then, by the browser's idea of a port, to ours.
    const rules = ['--host-resolver-rules=MAP evil.example 127.0.0.1'];
    try {
      for (const home of [`http://127.0.0.1:${elsewhere}/`, `http://localhost:${elsewhere}/`, `http://evil.example:${elsewhere}/`]) {
        const page = await open(home, { args: rules });
        const answers = [];
        page.context().on('response', async r => r.url().startsWith(origin) && answers.push(`${r.request().method()} ${r.url()} ${r.status()}`));
        const read = await page.evaluate(attack, { origin, token });
        check(read.every(t => t === ''), `read from ${home}: ${JSON.stringify(read).slice(0, 300)}`);
        const tried = page.requests.filter(r => r.startsWith(origin)).length;
        check(tried > 15 && answers.length > 2, `only ${tried} requests came from ${home}, ${answers.length} were answered`);
        check(answers.every(a => / 40[35]$/.test(a)), `answered to ${home}: ${answers.filter(a => !/ 40[35]$/.test(a))}`);
        await page.done();
      }
      const rebound = await open(`http://evil.example:${new URL(url).port}/`, { args: rules });
      check(/does not come from its page/.test(await rebound.locator('body').textContent()), 'another name of this server is answered');
      const inside = await rebound.evaluate(t => fetch('/api/size', { method: 'POST', headers: { 'X-Mica-Token': t } }).then(r => r.text(), () => ''), token);
      check(inside === '' || /does not come from its page/.test(inside), 'another name of this server reads facts');
      await rebound.done();
    } finally {
      server.close();
    }
  },

  async 'the offline page'() {
    run(mica, 'explore', '-o', 'offline.html', '-run', join(here, '../../examples/hello/hello.go'));
    const file = join(work, 'offline.html');
    const page = await open(`file://${file}`);
    await built(page);
    const drawn = await page.evaluate(() => Math.round(performance.getEntriesByName('mica drawn')[0].startTime));
    console.log(`web: offline page of ${(statSync(file).size / 1e6).toFixed(2)} MB, drawn ${drawn} ms after the browser began to open it`);
    check(statSync(file).size < 5e6, `the offline page has ${statSync(file).size} bytes`);
    check((await classes(page, '#column-ssa .row.value')) > 5, 'no SSA offline');
    await page.keyboard.press('/');
    await page.keyboard.type('fmt.Fprintln');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /fmt\.Fprintln/.test(document.querySelector('#column-assembly .note').textContent));
    check((await classes(page, '#assembly .row')) > 10, 'a packed function is not unpacked');
    check(/Fprintln/.test(await page.locator('#column-source .source').textContent()), 'source of the library is not shown');
    await page.locator('#column-process .strip').click();
    await page.locator('.runbar button').click();
    check((await classes(page, '.memory .group')) > 5 || /ptrace/.test(await page.locator('.processbody').textContent()), 'the offline page has no memory of the run');
    check(page.requests.every(r => r.startsWith('file:') || r.startsWith('data:')), `the offline page asks for ${page.requests}`);
    check(page.errors.length === 0, page.errors.join('\n'));
  },

  async 'the tour'() {
    if (!existsSync(join(here, '../../docs/tour.md'))) {
      console.log('web: docs/tour.md is not there: the tour is not tested');
      return;
    }
    const page = await open(await serve(mica, '-tour'), { width: 1920, height: 1080 });
    await built(page);
    const n = await page.locator('.tourbar option').count();
    check(n > 3, `the tour has ${n} steps`);
    for (let i = 0; i < n; i++) {
      await page.waitForTimeout(300);
      const lit = await classes(page, '.rel, .sel');
      const plays = await classes(page, '.tourtools');
      check(!plays || lit > 0, `step ${i + 1} of the tour lights nothing`);
      check((await classes(page, '.boot .row')) === 0, 'the tour runs the program by itself');
      await shot(page, `tour-${i + 1}-1920-light`);
      if (i + 1 < n) await page.locator('.tourbar button').last().click();
    }
    check(page.errors.length === 0, page.errors.join('\n'));
  },

  async 'the page of sizes'() {
    run(mica, 'build', '-o', 'hello', join(here, '../../examples/hello/hello.go'));
    run(mica, 'size', '-html', 'size.html', 'hello');
    const page = await open(`file://${join(work, 'size.html')}`);
    await page.waitForSelector('.treemap .cell');
    const total = statSync(join(work, 'hello')).size.toLocaleString('en-US');
    check((await page.locator('.sizelist .row').first().textContent()).includes(total), `the whole is not ${total} bytes`);
    // By keys: into a kind, a package, a symbol; then the other order.
    await page.locator('.sizelist .vlist').focus();
    const name = () => page.locator('.sizelist .row.active .name').textContent();
    await page.keyboard.press('ArrowDown');
    check((await name()) === 'code', `the largest kind is ${await name()}`);
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    check(/at offset \d+ .* code/.test(await page.locator('.detail').textContent()), 'Enter does not tell where a function lies');
    check(/mica why hello/.test(await page.locator('.detail').textContent()), 'the page does not say how to ask why');
    check((await classes(page, '.treemap .cell.sel')) === 1, 'a row is not marked in the treemap');
    // The treemap is one stop of the Tab key; arrows move in it, Enter goes into what has children.
    check((await classes(page, '.treemap .cell[tabindex="0"]')) === 0, 'each rectangle is a stop of the Tab key');
    await page.locator('[data-order="package"]').press('Enter');
    await page.locator('.treemap').focus();
    const cell = () => page.evaluate(() => document.activeElement.closest('.treemap .cell')?.getAttribute('aria-label') ?? '');
    const first = await cell();
    check(/bytes$/.test(first), `the treemap has the focus at ${first}`);
    await page.keyboard.press('ArrowDown');
    check((await cell()) !== first && (await cell()) !== '', `an arrow leads from ${first} to ${await cell()}`);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    check((await classes(page, '.crumbs .crumb')) === 2 && (await cell()) !== '', 'Enter does not lead into a package, or loses the focus');
    check((await page.locator('.sizelist .row .name').nth(1).textContent()) !== 'code', 'the order stays by kind');
    await noOverflow(page);
    await named(page);
    await readable(page, 'size-1280-dark');
    check(page.requests.every(r => r.startsWith('file:') || r.startsWith('data:')), `the page asks for ${page.requests}`);
    check(page.errors.length === 0, page.errors.join('\n'));
  },

  async 'the page of one function'() {
    run(mica, 'explain', 'ssa', 'main.sum', program);
    const page = await open(`file://${join(work, 'ssa.html')}`, { width: 1920, height: 1080 });
    await page.locator('#column-source .row', { hasText: 'n += x * i' }).click();
    check((await classes(page, '#column-asm .row.rel')) > 1, 'a line lights no instructions');
    check((await classes(page, '#column-pass-0 .row.value.rel')) > 1, 'a line lights no values');
    await page.locator('#column-asm .row', { hasText: 'IMULQ' }).first().click();
    check((await classes(page, '#column-source .row.rel')) === 1, 'an instruction does not light one line');
    await page.locator('#column-pass-0 .tools button').click();
    check((await classes(page, '#column-pass-0 .graph .node.rel, #column-pass-0 .graph .node')) > 3, 'no graph');
    await noOverflow(page);
    await named(page);
    await shot(page, 'ssa-1920-light');
    await readable(page, 'ssa-1920-dark');
    check(page.requests.every(r => r.startsWith('file:') || r.startsWith('data:')), `the page asks for ${page.requests}`);
  },
};

/** What a page of another origin can try; what it could read, which should be nothing. Runs in that page. */
async function attack({ origin, token }) {
  const post = { method: 'POST' };
  const simple = { ...post, mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: 'package main' };
  const out = [];
  for (const [u, o] of [
    ['/', {}], ['/explorer.js', {}], ['/api/size', post], ['/api/size', { ...post, headers: { 'X-Mica-Token': token } }], ['/api/run', simple], ['/api/build?path=/etc/passwd', simple],
    ['/api/build?path=../../../../etc/passwd', { ...simple, credentials: 'include' }], ['/../../etc/passwd', { mode: 'no-cors' }], [`/api/size?token=${token}`, simple], ['/', { mode: 'navigate' }],
  ]) {
    try {
      const r = await fetch(origin + u, o);
      out.push(r.type === 'opaque' ? '' : await r.text());
    } catch {
      out.push('');
    }
  }
  navigator.sendBeacon(`${origin}/api/run`, 'x');
  const happens = (e, good, bad) => new Promise(r => {
    e.addEventListener(good, () => r(`${e.tagName ?? e.constructor.name} ${good}`));
    e.addEventListener(bad, () => r(''));
    setTimeout(() => r(''), 3000);
  });
  const element = (tag, props) => Object.assign(document.createElement(tag), props);
  const add = e => (document.body.append(e), e);
  // Facts as a script, as an image, as a style sheet.
  for (const path of ['/explorer.js', '/api/size', '/api/why?name=main.main']) out.push(await happens(add(element('script', { src: origin + path })), 'load', 'error'));
  out.push(await happens(add(element('img', { src: `${origin}/api/size` })), 'load', 'error'));
  out.push(await happens(add(element('link', { rel: 'stylesheet', href: `${origin}/style.css` })), 'load', 'error'));
  // Streams.
  const events = new EventSource(`${origin}/api/build`);
  out.push(await happens(events, 'open', 'error'));
  events.close();
  out.push(await happens(new WebSocket(`${origin.replace('http', 'ws')}/api/build`), 'open', 'error'));
  // Forms that have the browser go there, in frames of this page.
  const inside = async frame => {
    await new Promise(r => setTimeout(r, 400));
    try {
      return (frame.contentDocument?.body?.textContent ?? '').trim();
    } catch {
      return ''; // as it should be
    }
  };
  const frame = add(element('iframe', { src: `${origin}/` }));
  out.push(await inside(frame));
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const target = add(element('iframe', { name: `f${enctype.length}` }));
    const form = add(element('form', { method: 'post', action: `${origin}/api/run`, enctype, target: target.name }));
    form.append(element('input', { name: 'X-Mica-Token', value: token }));
    form.submit();
    out.push(await inside(target));
  }
  return out;
}

/** No request leaves the server that the page came from, and nothing goes wrong in the page. */
async function only1(page) {
  const origin = new URL(url).origin;
  const others = page.requests.filter(r => !r.startsWith(`${origin}/`) && !r.startsWith('data:'));
  check(others.length === 0, `requests leave the page: ${others}`);
  check(page.requests.every(r => !r.includes(url.slice(url.indexOf('#') + 1).slice(8)) || r.startsWith(`${origin}/#`)), 'the secret stands in a request’s address');
  check(page.errors.length === 0, page.errors.join('\n'));
}

async function noOverflow(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight);
  check(!wide, 'the page itself scrolls');
}

/** Whatever can be pressed has a name. */
async function named(page) {
  const without = await page.evaluate(() => [...document.querySelectorAll('button, [role="button"], input, select')]
    .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.getAttribute('placeholder') || e.title)).map(e => e.outerHTML.slice(0, 100)));
  check(without.length === 0, `without a name: ${without.slice(0, 3)}`);
}

/** Text can be read in both colours; ends with a picture in dark. */
async function readable(page, picture) {
  for (const scheme of ['light', 'dark']) {
    await page.evaluate(s => (document.documentElement.dataset.theme = s), scheme);
    check((await contrast(page)) >= 4.5, `text is hard to read in ${scheme}: ${page.logs}`);
  }
  await shot(page, picture);
}

/** The least contrast of text in the columns against what is behind it, by WCAG 2. */
function contrast(page) {
  return page.evaluate(() => {
    const rgb = s => s.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((n, c, i) => n + c * [0.2126, 0.7152, 0.0722][i], 0);
    let least = 21;
    for (const e of document.querySelectorAll('.column h2, .row .op, .row .v, .row .text, .row .aux, .row .num, .row .type, .row .offset, .row .bytes, .row .perm, .row .name, .row .percent, .row .line, .cell .name, .detail, .note, .cm-line span')) {
      if (!e.offsetParent || e.closest('.strip') || e.closest('.source .num')) continue;
      let back = e;
      while (back && (getComputedStyle(back).backgroundColor === 'rgba(0, 0, 0, 0)' || getComputedStyle(back).backgroundColor === 'transparent')) back = back.parentElement;
      const a = luminance(rgb(getComputedStyle(e).color));
      const b = luminance(rgb(getComputedStyle(back ?? document.body).backgroundColor));
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) console.log(`contrast ${ratio.toFixed(2)}: ${e.className} ${e.textContent.slice(0, 30)}`);
      least = Math.min(least, ratio);
    }
    return least;
  });
}

if (!browserPath()) {
  console.log('web: chromium is not there: the pages are not tested in a browser');
  process.exit(0);
}
copyFileSync(join(here, 'demo.go'), program);
let failed = 0;
let ran = 0;
try {
  url = await serve(mica, program);
  for (const [name, test] of Object.entries(tests)) {
    if (!name.includes(only)) continue;
    ran++;
    try {
      await test();
    } catch (e) {
      failed++;
      console.error(`web: FAIL ${name}: ${e.stack ?? e}`);
    }
  }
} finally {
  await cleanUp();
}
console.log(`web: ${failed ? `${failed} of ${ran} tests fail` : `${ran} tests pass in a browser`}`);
process.exit(failed ? 1 : 0);
