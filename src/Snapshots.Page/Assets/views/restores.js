import { h, fill, part, field, facts, table, button, problem, empty, number, time, ask } from '../dom.js';
import { link, status, took, act, restoreFacts } from '../parts.js';
import * as api from '../api.js';
import { listen } from '../live.js';

const isRunning = restore => !['completed', 'aborted'].includes(restore.status);

export default place => {
  const [running, history] = [h('div', { class: 'stack' }), h('div', {})];
  const { mayWrite } = api.current();
  place.append(...[
    h('h1', {}, 'Restores'),
    h('p', { class: 'lead' }, 'A restore takes the whole service back to a snapshot: every state, and every message that was in transit.'),
    running,
    planForm(mayWrite),
    h('section', { class: 'panel' }, h('h2', {}, 'History'), history),
  ]);
  const showRunning = part(running, restores => restores.map(each => h('section', { class: 'panel', 'aria-label': `Restore ${each.number}` },
    h('div', { class: 'row title' }, h('h2', {}, `Restore ${each.number}`),
      mayWrite && each.status !== 'applying' && button('Abort',
        () => act(() => api.post(`/restores/${each.number}/abort`), `Restore ${each.number} was aborted; nothing was changed.`),
        { 'data-key': `abort-${each.number}` })),
    steps(each.status), restoreFacts(each))));
  const showHistory = part(history, restores => historyOf(restores, mayWrite));
  return listen(state => {
    if (!state?.restores) return;
    showRunning(state.restores.filter(isRunning));
    showHistory(state.restores);
  });
};

const order = ['preparing', 'closing', 'applying', 'completed'];
const steps = now => h('ol', { class: 'steps' }, order.map((name, index) =>
  h('li', { class: index < order.indexOf(now) ? 'done' : '', 'aria-current': name === now && 'step' }, name)));

function planForm(mayWrite) {
  const choice = h('select', { required: true });
  const result = h('div', { class: 'stack' });
  const section = h('section', { class: 'panel' }, h('h2', {}, 'Go back'));
  const submit = async event => {
    event.preventDefault();
    fill(result, h('p', { class: 'quiet' }, 'Planning: every state and message is read, and the certificate proven…'));
    try {
      const plan = await api.get('/restores/plan', { snapshot: choice.value });
      fill(result, planOf(plan), mayWrite ? confirmForm(plan, () => fill(result)) : h('p', {}, 'This token allows to plan, not to restore.'));
    } catch (error) {
      fill(result, problem(error));
    }
  };
  api.get('/snapshots', { limit: 200 }).then(all => {
    const completed = all.filter(each => each.status === 'completed');
    if (completed.length === 0) {
      section.append(empty(h('p', {}, 'There is no completed snapshot to go back to.'), h('p', {}, 'Take one: ', h('a', { href: '#/snapshots' }, 'Snapshots'))));
      return;
    }

    fill(choice, completed.map(each => h('option', {}, each.id)));
    section.append(h('form', { class: 'fields', onsubmit: submit, 'aria-label': 'Plan a restore' },
      field('Snapshot', choice), h('div', { class: 'field end' }, h('button', { class: 'primary' }, 'Plan')),
    ), h('p', { class: 'hint' }, 'A plan changes nothing.'), result);
  }, error => section.append(problem(error)));
  return section;
}

const planOf = plan => h('div', { class: 'stack' }, h('h3', {}, `Plan: back to ${plan.snapshot}`), facts([
  ['Epoch', `${plan.fromEpoch} → ${plan.toEpoch}`],
  ['Restored', `${number(plan.processesRestored)} processes`],
  ['Emptied', `${number(plan.processesEmptied)} processes that the snapshot does not know`],
  ['Delivered again', `${number(plan.messagesRedelivered)} messages that were in transit`],
  'balance' in plan && ['Money', `${number(plan.balance)} in accounts, ${number(plan.inTransit)} in transit`],
]));

function confirmForm(plan, after) {
  const confirm = h('input', { required: true, autocomplete: 'off', spellcheck: 'false' });
  const reason = h('input', { maxlength: 256 });
  const safety = h('input', { type: 'checkbox', checked: true });
  const submit = event => {
    event.preventDefault();
    act(() => api.post('/restores', {
      snapshot: plan.snapshot, confirm: confirm.value.trim(), reason: reason.value, safety: safety.checked,
    }), 'The restore has begun.', after);
  };
  return h('form', { class: 'stack confirm', onsubmit: submit, 'aria-label': 'Restore' },
    h('p', {}, h('strong', {}, 'What came after the snapshot is discarded, also what clients were told.')),
    h('div', { class: 'fields' },
      field(`Type ${plan.snapshot} to confirm`, confirm), field('Reason, for the history', reason)),
    h('label', { class: 'check' }, safety, 'take a safety snapshot first, so that the restore can be reverted'),
    h('div', {}, h('button', { class: 'danger' }, 'Restore')));
}

function historyOf(restores, mayWrite) {
  if (restores.length === 0) return empty(h('p', {}, 'Nothing was restored yet.'));
  const last = restores.find(each => each.status === 'completed');
  return table('Restores, newest first', [
    ['Restore'], ['Snapshot'], ['Status'], ['Started'], ['Took', 'number'], ['Epoch'], ['Processes', 'number'], ['Redelivered', 'number'],
    ['Safety snapshot'], ['Reason'], ['Actions', 'actions'],
  ], restores.map(each => [
    number(each.number), link(each.snapshot), status(each.status), time(each.startedAt), took(each),
    each.toEpoch ? `${each.fromEpoch} → ${each.toEpoch}` : '–',
    each.status !== 'completed' ? '–' : number(each.processesRestored + each.processesEmptied)
      + (each.processesDamaged > 0 ? `, ${number(each.processesDamaged)} still damaged` : ''),
    each.status === 'completed' ? number(each.messagesRedelivered) : '–',
    each.safetySnapshot ? link(each.safetySnapshot) : '–', each.reason || '–',
    each === last && each.safetySnapshot && mayWrite ? button('Revert', () => revert(each), { 'data-key': 'revert' }) : '–',
  ]));
}

async function revert(restore) {
  const id = restore.safetySnapshot;
  const text = `The service goes back to ${id}, which was taken before restore ${restore.number}. What came after it is discarded.`;
  if (!await ask(`Revert restore ${restore.number}?`, text, 'Revert')) return;
  await act(() => api.post('/restores', { snapshot: id, confirm: id, reason: `revert of restore ${restore.number}` }), 'The restore has begun.');
}
