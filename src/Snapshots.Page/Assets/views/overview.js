import { h, part, facts, button, badge, time, number, empty, duration } from '../dom.js';
import { snapshotTable, progressOf, link, take, restoreFacts, actions } from '../parts.js';
import * as api from '../api.js';
import { listen } from '../live.js';

const health = { ready: 'good', degraded: 'warn', unavailable: 'bad' };

export default place => {
  const [cards, running, latest] = [h('div', { class: 'cards' }), h('div', { class: 'stack' }), h('div', {})];
  const { mayWrite } = api.current();
  place.append(
    h('div', { class: 'row title' }, h('h1', {}, 'Overview'),
      mayWrite && button('Take a snapshot', () => take({}), { class: 'primary' })),
    cards, running, latest);
  const showCards = part(cards, cardsOf);
  const showRunning = part(running, runningOf);
  const showLatest = part(latest, latestOf);
  return listen(state => {
    if (!state) return;
    const snapshots = state.snapshots ?? [];
    showCards({ ...state, snapshots: snapshots.filter(each => each.status === 'completed').slice(0, 1), running: 0, restores: 0 });
    showRunning({ snapshots: state.running ?? [], restores: (state.restores ?? []).filter(isRunning) });
    if (state.snapshots) showLatest(snapshots.slice(0, 6));
  });
};

const isRunning = restore => !['completed', 'aborted'].includes(restore.status);

const card = (title, value, note) => h('section', { class: 'card' },
  h('h2', {}, title), h('p', { class: 'figure' }, value), note && h('p', { class: 'quiet' }, note));

function cardsOf(state) {
  const [last] = state.snapshots;
  const cards = [card('Health', badge(state.health.status, health[state.health.status]), state.health.reason ?? 'The silo serves.')];
  if (state.messagesPerSecond === undefined) return cards;
  const { schedule } = state;
  return [
    ...cards,
    card('Messages per second', number(state.messagesPerSecond), 'Sent by the processes of this silo.'),
    card('In transit', last ? number(last.messagesInTransit) : '–', last ? 'At the cut of the last snapshot.' : 'No snapshot yet.'),
    card('Last snapshot', last ? link(last.id) : 'None', last && ['Completed ', time(last.completedAt)]),
    card('Schedule',
      schedule.every ? `Every ${duration(schedule.every * 1000)}` : 'None',
      schedule.every ? ['Next at ', time(schedule.nextAt)] : h('a', { href: '#/snapshots', 'data-key': 'schedule' }, 'Set one')),
  ];
}

const runningOf = ({ snapshots, restores }) => [
  ...snapshots.map(each => h('section', { class: 'panel' },
    h('div', { class: 'row title' }, h('h2', {}, 'Running: ', link(each.id)), h('div', { class: 'row' }, actions(each))),
    progressOf(each))),
  ...restores.map(each => h('section', { class: 'panel' },
    h('h2', {}, h('a', { href: '#/restores', 'data-key': 'restores' }, `Restore ${each.number}`)), restoreFacts(each))),
];

const latestOf = snapshots => h('section', { class: 'panel' },
  h('h2', {}, 'Latest snapshots'),
  snapshots.length > 0
    ? snapshotTable(snapshots)
    : empty(h('p', {}, 'No snapshot was taken yet.'),
      h('p', {}, 'Take one with the button above, or in the console: ', h('code', {}, 'snapshots snapshot take'))));
