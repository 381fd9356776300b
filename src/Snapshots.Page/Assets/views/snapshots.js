import { h, part, field, button, empty, duration, time } from '../dom.js';
import { snapshotTable, take, actions, pages, act } from '../parts.js';
import * as api from '../api.js';
import { listen, now } from '../live.js';

export default place => {
  const list = pages('Search by id', null, async (page, signal) => api.list('/snapshots', page, signal), (page, search) =>
    page.items.length > 0
      ? snapshotTable(page.items, each => actions(each, list.again))
      : search
        ? empty(h('p', {}, 'No snapshot has an id with that text.'))
        : empty(h('p', {}, 'No snapshot was taken yet.'), h('p', {}, 'Take one above, or set a schedule.')));
  const schedule = h('div', { class: 'stack' });
  const { mayWrite } = api.current();
  place.append(...[
    h('h1', {}, 'Snapshots'),
    mayWrite && takeForm(),
    h('details', { class: 'panel' }, h('summary', {}, 'Schedule'), schedule),
    h('section', { class: 'panel' }, h('h2', {}, 'History'), list.place),
  ].filter(Boolean));
  const showSchedule = part(schedule, state => scheduleForm(state, mayWrite));
  const textOf = state => JSON.stringify(state?.snapshots);
  let last = textOf(now()); // The list was asked for after this state, and before any that comes.
  return listen(state => {
    if (!state?.snapshots) return;
    showSchedule(state.schedule);
    if (textOf(state) !== last) list.again();
    last = textOf(state);
  });
};

function takeForm() {
  const id = h('input', { maxlength: 64, pattern: '[A-Za-z0-9._:\\-]*', autocomplete: 'off', placeholder: 'made up if empty' });
  const timeout = h('input', { type: 'number', min: 1, max: 86400, value: 60, required: true });
  const submit = event => {
    event.preventDefault();
    take({ ...(id.value && { id: id.value }), timeout: Number(timeout.value) });
  };
  return h('form', { class: 'panel fields', onsubmit: submit, 'aria-label': 'Take a snapshot' },
    field('Id', id, 'Letters, digits, . _ - and :'),
    field('Aborted after, seconds', timeout),
    h('div', { class: 'field end' }, h('button', { class: 'primary' }, 'Take a snapshot')));
}

function scheduleForm(schedule, mayWrite) {
  const seconds = value => h('input', { type: 'number', min: 1, value: value ?? '' });
  const [every, last, keep] = [seconds(schedule.every), seconds(schedule.keepLast), seconds(schedule.keepFor)];
  every.required = true;
  const submit = event => {
    event.preventDefault();
    const body = { every: Number(every.value) };
    if (last.value) body.keepLast = Number(last.value);
    if (keep.value) body.keepFor = Number(keep.value);
    act(() => api.post('/schedule', body), 'The schedule is set.');
  };
  const text = schedule.every
    ? ['A snapshot every ', duration(schedule.every * 1000), '. The next one is at ', time(schedule.nextAt), '.']
    : ['No schedule is set: snapshots are taken by hand.'];
  return [
    h('p', {}, text),
    mayWrite && h('form', { class: 'fields', onsubmit: submit, 'aria-label': 'Schedule' },
      field('Every, seconds', every),
      field('Keep the last', last, 'Empty: no limit of its own'),
      field('Keep for, seconds', keep, 'Empty: no limit of its own'),
      h('div', { class: 'field end row' },
        h('button', { 'data-key': 'set' }, 'Set'),
        schedule.every && button('Clear', () => act(() => api.remove('/schedule'), 'No schedule is set now.')))),
  ];
}
