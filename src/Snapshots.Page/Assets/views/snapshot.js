import { h, fill, part, facts, problem, number, bytes, time, badge } from '../dom.js';
import { status, took, progressOf, actions } from '../parts.js';
import * as api from '../api.js';
import { listen } from '../live.js';
import { tabs, views } from './content.js';

/// Whether a tab was chosen: it keeps the focus when its content comes.
let isChosen = false;

export default (place, id, tab) => {
  const name = encodeURIComponent(id);
  const head = h('div', {});
  const body = h('div', { class: 'stack' });
  place.append(h('p', { class: 'quiet' }, h('a', { href: '#/snapshots' }, 'Snapshots'), ' / '), h('h1', { class: 'id' }, id), head, body);
  let [isDone, isGone] = [false, false];
  const showRunning = part(body, running => h('section', { class: 'panel', 'aria-label': 'Progress' },
    h('h2', {}, 'The cut spreads'), progressOf(running),
    h('p', { class: 'hint' }, 'Each process records its state once, and what each channel brings until its marker comes.')));
  const showHead = part(head, snapshot => headOf(snapshot, load));

  async function load() {
    try {
      const snapshot = await api.get(`/snapshots/${name}`, { summary: 'line' });
      if (isGone) return;
      showHead(snapshot);
      if (snapshot.status === 'running') {
        showRunning(snapshot);
        return;
      }

      isDone = true;
      if (snapshot.status === 'completed') showContent(snapshot);
      else fill(body, abortedOf(snapshot));
    } catch (error) {
      isDone = true;
      fill(body, problem(error), h('p', {}, 'The list of ', h('a', { href: '#/snapshots' }, 'snapshots'), ' shows what is kept.'));
    }
  }

  function showContent(snapshot) {
    const content = h('div', { class: 'stack', id: 'content' });
    fill(body,
      h('nav', { class: 'tabs', 'aria-label': 'Content' }, tabs.map(([key, title]) => h('a', {
        href: `#/snapshots/${name}/${key}`, 'aria-current': key === tab && 'page', 'data-key': `tab-${key}`,
        onclick: () => { isChosen = true; },
      }, title))),
      content);
    if (isChosen) body.querySelector('.tabs [aria-current]')?.focus({ preventScroll: true });
    isChosen = false;
    (views[tab] ?? views.overview)(content, snapshot, name);
  }

  load();
  const end = listen((state, how) => {
    if (isDone || !state?.running) return;
    const running = state.running.find(each => each.id === id);
    if (running) {
      showHead(running);
      showRunning(running);
    } else if (how === 'open') {
      load();
    }
  });
  return () => {
    isGone = true;
    end();
  };
};

function headOf(snapshot, load) {
  const isDone = snapshot.status === 'completed';
  return h('div', { class: 'stack' },
    facts([
      ['Status', status(snapshot.status), snapshot.pinned && ' ', snapshot.pinned && badge('pinned')],
      ['Started', time(snapshot.startedAt)],
      snapshot.completedAt && ['Took', took(snapshot)],
      ['Origin', snapshot.origin],
      snapshot.initiator && ['Initiator', h('code', {}, snapshot.initiator)],
      ['Epoch', number(snapshot.epoch)],
      snapshot.restoredFrom && ['Epoch made by', `restore ${snapshot.restoredFrom.restore} of ${snapshot.restoredFrom.snapshot}`],
      isDone && ['Processes', number(snapshot.processes)],
      isDone && ['In transit', `${number(snapshot.messagesInTransit)} messages`],
      isDone && ['Size', bytes(snapshot.bytes)],
    ]),
    h('div', { class: 'row' }, actions(snapshot, async () => {
      await load();
    })));
}

const abortedOf = snapshot => h('section', { class: 'panel' },
  h('h2', {}, 'Aborted'),
  h('p', { class: 'problem' }, snapshot.reason),
  progressOf(snapshot),
  h('p', {}, 'Nothing of it is kept, and no process was disturbed. Take another one when the reason is gone.'));
