// The frame of the page: views by the fragment of the address, the state of the connection, the choice of application.
import { h, fill, button, problem } from './dom.js';
import * as api from './api.js';
import * as live from './live.js';
import overview from './views/overview.js';
import snapshots from './views/snapshots.js';
import snapshot from './views/snapshot.js';
import restores from './views/restores.js';
import silos from './views/silos.js';

const views = [
  ['', 'Overview', overview],
  ['snapshots', 'Snapshots', snapshots],
  ['restores', 'Restores', restores],
  ['silos', 'Silos', silos],
];
const main = document.getElementById('main');
let leave = () => {};
let shown;

function route() {
  const hash = location.hash.replace(/^#\/?/, '');
  if (hash === 'main') return; // The link that skips the navigation.
  const [name, id, tab] = hash.split('/').map(decodeURIComponent);
  const key = name === 'snapshots' && id ? `snapshots/${id}` : name;
  const [, title, view] = views.find(([each]) => each === name) ?? views[0];
  for (const link of document.querySelectorAll('#nav a')) {
    if (link.dataset.name === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }

  document.title = `${id ?? title} – Snapshots`;
  leave();
  const place = h('div', { class: 'view' });
  main.replaceChildren(place);
  const isOne = name === 'snapshots' && id;
  leave = (isOne ? snapshot(place, id, tab ?? 'overview') : view(place)) ?? (() => {});
  if (shown !== undefined && shown !== key) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  shown = key;
}

function showConnection(_, how) {
  const banner = document.getElementById('connection');
  const text = {
    lost: 'The silo does not answer. The page shows what was last known, and tries again by itself.',
    refused: 'The silo refuses another event stream: too many pages are open. Close one. The page tries again by itself.',
  }[how];
  banner.hidden = !text;
  if (banner.textContent !== (text ?? '')) banner.textContent = text ?? '';
}

function showTools() {
  const { applications, application, hasSession, mayWrite } = api.current();
  const choice = h('select', { 'aria-label': 'Application' },
    applications.map(name => h('option', { selected: name === application }, name)));
  choice.addEventListener('change', () => {
    location.href = `/?application=${encodeURIComponent(choice.value)}#/`;
  });
  fill(document.getElementById('tools'),
    applications.length > 1 ? choice : h('span', { class: 'quiet' }, application),
    !mayWrite && h('span', { class: 'badge' }, 'read only'),
    hasSession && button('Sign out', () => api.signOut().catch(error => fill(main, problem(error))), { class: 'plain' }));
}

fill(document.getElementById('nav'), views.map(([name, title]) =>
  h('a', { href: `#/${name}`, 'data-name': name }, title)));

async function begin() {
  try {
    await api.open();
  } catch (error) {
    fill(main, problem(error), button('Try again', begin));
    return;
  }

  showTools();
  live.listen(showConnection);
  live.start();
  addEventListener('hashchange', route);
  route();
}

begin();
