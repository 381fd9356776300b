import { h, fill, table, problem, empty, number, time, button, badge } from '../dom.js';
import { pages } from '../parts.js';
import * as api from '../api.js';
import { listen } from '../live.js';

const kinds = { active: 'good', joining: 'busy', shuttingDown: 'warn', stopping: 'warn', dead: 'bad' };

export default place => {
  const silos = h('div', {});
  const processes = pages('Search by id', null, (page, signal) => api.get('/processes', page, signal), (page, search) =>
    page.items.length > 0
      ? h('ul', { class: 'ids' }, page.items.map(each => h('li', {}, h('code', {}, each.id))))
      : empty(h('p', {}, search ? 'No process has an id with that text.' : 'The application has no process yet.')), 100);
  place.append(h('h1', {}, 'Silos and processes'),
    h('section', { class: 'panel' },
      h('div', { class: 'row title' }, h('h2', {}, 'Silos'), button('Look again', load)), silos),
    h('section', { class: 'panel' }, h('h2', {}, 'Processes'), processes.place));

  async function load() {
    try {
      const all = await api.get('/silos');
      fill(silos, table('Silos of the cluster', [['Address'], ['Status'], ['Host'], ['Started'], ['Activations', 'number']],
        all.map(each => [h('code', {}, each.address), badge(each.status, kinds[each.status]), each.host, time(each.startedAt), number(each.activations)])));
    } catch (error) {
      fill(silos, problem(error));
    }
  }

  load();
  let last = 'open';
  return listen((_, how) => {
    if (how === 'open' && last !== 'open') load();
    last = how;
  });
};
