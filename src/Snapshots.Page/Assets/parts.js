// What several views show: a snapshot in a table, its progress, and what can be done with it.
import { h, fill, badge, button, table, time, number, bytes, duration, progress, ask, notice, facts } from './dom.js';
import * as api from './api.js';

export const link = id => h('a', { href: `#/snapshots/${encodeURIComponent(id)}`, 'data-key': `to-${id}` }, id);

const kinds = {
  completed: 'good', aborted: 'bad', running: 'busy', importing: 'busy', preparing: 'busy', closing: 'busy', applying: 'busy',
};
export const status = text => badge(text, kinds[text]);

export const took = item =>
  item.completedAt ? duration(new Date(item.completedAt) - new Date(item.startedAt)) : '–';

/// The snapshots in a table. The silo proves a certificate before it stores a snapshot as completed.
export const snapshotTable = (snapshots, actions) => table('Snapshots, newest first', [
  ['Snapshot'], ['Status'], ['Started'], ['Took', 'number'], ['Origin'], ['Processes', 'number'], ['In transit', 'number'],
  ['Size', 'number'], ['Certificate'], ...(actions ? [['Actions', 'actions']] : []),
], snapshots.map(each => {
  const isDone = each.status === 'completed';
  return [
    link(each.id),
    [status(each.status), each.pinned && ' ', each.pinned && badge('pinned')],
    time(each.startedAt),
    took(each),
    each.origin,
    isDone ? number(each.processes) : '–',
    isDone ? number(each.messagesInTransit) : '–',
    isDone ? bytes(each.bytes) : '–',
    isDone ? 'holds' : each.reason ? h('span', { class: 'reason' }, each.reason) : '–',
    ...(actions ? [h('div', { class: 'row' }, actions(each))] : []),
  ];
}));

/// Does something, and tells how it went.
export async function act(what, done, after) {
  try {
    const answer = await what();
    if (done) notice(done);
    await after?.(answer);
  } catch (error) {
    notice(error.message, true);
  }
}

export function actions(snapshot, after) {
  const id = encodeURIComponent(snapshot.id);
  const { mayWrite } = api.current();
  const to = (verb, label, done) => mayWrite && button(
    label,
    () => act(() => api.post(`/snapshots/${id}/${verb}`), done, after),
    { 'data-key': `${verb}-${snapshot.id}`, 'aria-label': `${label} ${snapshot.id}` });
  if (snapshot.status === 'running') return [to('abort', 'Abort', `The snapshot ${snapshot.id} was aborted.`)];
  return [
    snapshot.status === 'completed' && h('a', {
      class: 'button', href: api.path(`/snapshots/${id}/export`), download: `${snapshot.id}.json`,
      'aria-label': `Export ${snapshot.id}`,
    }, 'Export'),
    snapshot.pinned
      ? to('unpin', 'Unpin', `The snapshot ${snapshot.id} can be deleted again.`)
      : to('pin', 'Pin', `The snapshot ${snapshot.id} is pinned: nothing deletes it.`),
    mayWrite && !snapshot.pinned && button('Delete', async () => {
      const isSure = await ask(`Delete ${snapshot.id}?`, 'Its states and messages are gone then.', 'Delete');
      if (isSure) await act(() => api.remove(`/snapshots/${id}`), `The snapshot ${snapshot.id} was deleted.`, after);
    }, { 'data-key': `delete-${snapshot.id}`, 'aria-label': `Delete ${snapshot.id}`, class: 'plain' }),
  ];
}

/// How far a snapshot is that runs, or how far one had come that was aborted.
export const progressOf = snapshot => {
  const { processesRecorded, processesExpected, channelsClosed, channelsExpected, waitingFor } = snapshot.progress;
  return h('div', { class: 'stack' },
    progress('Processes recorded', processesRecorded, processesExpected),
    progress('Channels closed', channelsClosed, channelsExpected),
    waitingFor.length > 0 && h('p', { class: 'waiting' }, snapshot.status === 'running' ? 'Waits for ' : 'Waited for ',
      waitingFor.map((name, index) => [index > 0 && ', ', h('code', {}, name)])));
};

/// Takes a snapshot, and shows it while it runs.
export const take = (body, after) => act(
  () => api.post('/snapshots', body),
  null,
  answer => {
    after?.();
    location.hash = `#/snapshots/${encodeURIComponent(answer.id)}`;
  });

export const restoreFacts = restore => facts([
  ['Snapshot', link(restore.snapshot)],
  ['Status', status(restore.status)],
  restore.reason && ['Reason', restore.reason],
  ['Started', time(restore.startedAt)],
  restore.safetySnapshot && ['Safety snapshot', link(restore.safetySnapshot)],
  restore.waitingFor.length > 0 && ['Waits for', restore.waitingFor.join(', ')],
]);

/// A list of which the silo sends one page at a time, with a search.
export function pages(label, hint, load, render, size = 50) {
  let [offset, search, wanted] = [0, '', 0];
  let abort = new AbortController();
  const input = h('input', { type: 'search', maxlength: 100, autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('input', () => {
    clearTimeout(wanted);
    wanted = setTimeout(() => go(0), 120);
  });
  const body = h('div', { 'aria-live': 'off' });
  const count = h('p', { class: 'quiet', role: 'status' });
  const back = button('Previous', () => go(offset - size));
  const next = button('Next', () => go(offset + size));
  const place = h('div', { class: 'stack' },
    h('form', { class: 'row', role: 'search', onsubmit: event => event.preventDefault() },
      h('label', { class: 'grow' }, h('span', {}, label), input)),
    hint && h('p', { class: 'hint' }, hint),
    count, body, h('div', { class: 'row pager' }, back, next));

  async function go(to) {
    abort.abort();
    abort = new AbortController();
    const [asked, { signal }] = [input.value, abort];
    try {
      const page = await load({ search: asked, offset: Math.max(to, 0), limit: size }, signal);
      [offset, search] = [Math.max(to, 0), asked];
      const last = Math.min(offset + page.items.length, page.total);
      count.textContent = page.total === 0 ? '' : `${number(offset + 1)} to ${number(last)} of ${number(page.total)}`;
      fill(body, render(page, search));
      const isOnly = page.total <= size;
      back.parentElement.hidden = isOnly;
      [back.disabled, next.disabled] = [offset === 0, last >= page.total];
    } catch (error) {
      if (error.name !== 'AbortError') body.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message));
    }
  }

  go(0);
  return { place, again: () => go(offset) };
}
