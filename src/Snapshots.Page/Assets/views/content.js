// What is inside a completed snapshot, one tab each.
import { h, fill, field, facts, table, badge, problem, empty, number } from '../dom.js';
import { pages } from '../parts.js';
import * as api from '../api.js';

export const tabs = [
  ['overview', 'Certificate'], ['members', 'Members'], ['channels', 'Channels'], ['diagram', 'Diagram'], ['checks', 'Checks'],
  ['query', 'Query'], ['difference', 'Difference'],
];

const rules = {
  noOrphan: ['No message from the future', 'On every channel, no more messages were delivered than had been sent at the cut.'],
  channelState: ['Nothing lost, nothing twice', 'Each channel holds exactly the messages that were sent and not yet delivered, in order.'],
  closed: ['Nobody is missing', 'No member had exchanged a message with a process outside the snapshot.'],
  unique: ['Everything once', 'Each process and each channel is listed once.'],
};

async function show(place, load, render) {
  fill(place, h('p', { class: 'quiet' }, 'Reading…'));
  try {
    fill(place, render(await load()));
  } catch (error) {
    fill(place, problem(error));
  }
}

const ruleOf = (holds, [title, meaning], violations) => h('li', { class: holds ? 'rule' : 'rule broken' },
  h('span', { class: 'mark', 'aria-hidden': 'true' }, holds ? '✓' : '✗'),
  h('div', {}, h('h3', {}, title, ' ', badge(holds ? 'holds' : 'violated', holds ? 'good' : 'bad')), h('p', {}, meaning),
    violations?.map(text => h('p', { class: 'problem' }, text))));

function certificate(place, _, name) {
  show(place, () => api.get(`/snapshots/${name}/certificate`), ({ rules: results, certificate: figures }) => [
    h('section', { class: 'panel' },
      h('h2', {}, 'Certificate'),
      h('ul', { class: 'rules' },
        results.map(each => ruleOf(each.holds, rules[each.name] ?? [each.name, ''], each.violations)),
        'conserved' in figures && ruleOf(figures.conserved, ['Money is conserved',
          `${number(figures.balance)} in accounts + ${number(figures.inTransit)} in transit `
          + `${figures.conserved ? '=' : '≠'} ${number(figures.deposited)} deposited − ${number(figures.withdrawn)} withdrawn`]))),
    facts([
      ['Processes', number(figures.processCount)],
      ['Channels', number(figures.channelCount)],
      ['Markers', number(figures.markerCount)],
      ['Messages in transit', number(figures.messagesInTransit)],
      ['Digest', h('code', { class: 'digest' }, figures.digest)],
    ]),
  ]);
}

function members(place, _, name) {
  place.append(h('section', { class: 'panel' }, h('h2', {}, 'Members'), pages(
    'Search ids and states', null, (page, signal) => api.get(`/snapshots/${name}/members`, page, signal),
    page => page.items.length > 0
      ? table('Members', [['Process'], ['State at the cut', 'wide']],
        page.items.map(each => [h('code', {}, each.id), h('code', {}, JSON.stringify(each.state))]))
      : empty(h('p', {}, 'No member has that text in its id or its state.'))).place));
}

function channels(place, _, name) {
  const all = h('input', { type: 'checkbox' });
  const list = pages(
    'Search ids and messages', null,
    (page, signal) => api.get(`/snapshots/${name}/channels`, { ...page, all: all.checked ? 'true' : '' }, signal),
    (page, search) => page.items.length > 0
      ? table('Channels, those with most messages in transit first', [
        ['Channel'], ['In transit', 'number'], ['Sent', 'number'], ['Delivered', 'number'], ['Messages in transit', 'wide'],
      ], page.items.map(each => [
        h('span', {}, h('code', {}, each.source), ' → ', h('code', {}, each.target)),
        number(each.inTransit), number(each.sent), number(each.delivered), messagesOf(each),
      ]))
      : empty(h('p', {}, search ? 'No such channel has that text.' : 'Nothing was in transit at the cut.'),
        !all.checked && h('p', {}, 'Tick “also empty channels” to see the others.')));
  all.addEventListener('change', list.again);
  place.append(h('section', { class: 'panel' }, h('h2', {}, 'Channels'),
    h('label', { class: 'check' }, all, 'also empty channels'), list.place));
}

function messagesOf(channel) {
  if (channel.inTransit === 0) return '–';
  const more = channel.inTransit - channel.messages.length;
  return h('ul', { class: 'messages' },
    channel.messages.map(({ sequence, ...content }) => h('li', {}, h('span', { class: 'quiet' }, `${sequence} `),
      h('code', {}, JSON.stringify(content)))),
    more > 0 && h('li', { class: 'quiet' }, `and ${number(more)} more: a query shows all`));
}

function diagram(place, snapshot, name) {
  const source = api.path(`/snapshots/${name}/diagram`);
  const image = h('img', { src: source, alt: `Space-time diagram of the cut of ${snapshot.id}`, class: 'diagram' });
  const section = h('section', { class: 'panel' }, h('h2', {}, 'The cut'),
    h('p', { class: 'hint' }, 'A line per process, from left to right; an arrow per message; the cut is the line through all of them.'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Diagram' }, image),
    h('p', {}, h('a', { href: source, target: '_blank', rel: 'noopener' }, 'Open the diagram by itself')));
  image.addEventListener('error', async () => {
    try {
      await api.get(`/snapshots/${name}/diagram`);
    } catch (error) {
      fill(section, h('h2', {}, 'The cut'), problem(error));
    }
  });
  place.append(section);
}

const meanings = {
  stable: 'Once true, true until somebody acts.',
  invariant: 'False on the cut: the service can reach a state that breaks it.',
  observed: 'It was so in this state, which was possible.',
};

function checks(place, _, name) {
  show(place, () => api.get(`/snapshots/${name}/checks`), ({ checks: results }) => h('section', { class: 'panel' },
    h('h2', {}, 'Checks'),
    results.length === 0
      ? empty(h('p', {}, 'The application declares no check.'), h('p', {}, 'Add one to the silo with AddCheck.'))
      : h('ul', { class: 'rules' }, results.map(each => h('li', { class: each.finding ? 'rule broken' : 'rule' },
        h('span', { class: 'mark', 'aria-hidden': 'true' }, each.finding ? '✗' : '✓'),
        h('div', {},
          h('h3', {}, each.name, ' ', badge(each.holds ? 'holds' : 'does not hold', each.finding ? 'bad' : undefined), ' ',
            each.finding && badge('finding', 'bad')),
          h('p', { class: 'quiet' }, `${each.class}: ${meanings[each.class]}`),
          each.witness.length > 0 && h('p', {}, 'Witness: ',
            each.witness.map((text, index) => [index > 0 && ', ', h('code', {}, text)]))))))));
}

function query(place, snapshot, name) {
  const text = h('textarea', { rows: 4, maxlength: 8000, spellcheck: 'false', class: 'code' });
  text.value = 'select id, state from processes order by id limit 20';
  const against = h('input', { maxlength: 64, autocomplete: 'off' });
  const result = h('div', { class: 'stack', role: 'status' });
  const run = async event => {
    event?.preventDefault();
    fill(result, h('p', { class: 'quiet' }, 'Asking…'));
    try {
      const { columns, rows, more } = await api.get(`/snapshots/${name}/query`, { sql: text.value, against: against.value });
      fill(result,
        h('p', { class: 'quiet' }, more ? `The first ${number(rows.length)} rows` : `${number(rows.length)} rows`),
        rows.length > 0 && table('Rows', columns.map(column => [column]),
          rows.map(row => row.map(value => value === null ? h('span', { class: 'quiet' }, 'null') : String(value)))));
    } catch (error) {
      fill(result, problem(error));
    }
  };
  text.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run(event);
  });
  place.append(h('section', { class: 'panel' }, h('h2', {}, 'Query'),
    h('form', { onsubmit: run, class: 'stack', 'aria-label': 'Query' },
      field('Statement in SQL', text, 'Tables processes, channels and messages; fields of states and messages are columns. Ctrl+Enter asks.'),
      h('div', { class: 'fields' }, field('Another snapshot, as schema other', against, 'Its id; may be empty'),
        h('div', { class: 'field end' }, h('button', { class: 'primary' }, 'Ask'))))), result);
}

function difference(place, snapshot, name) {
  const choice = h('select', { required: true });
  const result = h('div', { class: 'stack', role: 'status' });
  const compare = event => {
    event?.preventDefault();
    show(result, () => api.get(`/snapshots/${choice.value}/difference`, { to: snapshot.id }), changesOf);
  };
  const form = h('form', { class: 'fields', onsubmit: compare, 'aria-label': 'Difference' },
    field('Since the snapshot', choice), h('div', { class: 'field end' }, h('button', { class: 'primary' }, 'Compare')));
  const section = h('section', { class: 'panel' }, h('h2', {}, 'Difference'), form, result);
  place.append(section);
  api.get('/snapshots', { limit: 200 }).then(all => {
    const others = all.filter(each => each.status === 'completed' && each.id !== snapshot.id);
    const earlier = others.find(each => each.startedAt < snapshot.startedAt);
    fill(choice, others.map(each => h('option', { value: each.id, selected: each === earlier }, each.id)));
    if (others.length === 0)
      fill(section, h('h2', {}, 'Difference'), empty(h('p', {}, 'There is no other completed snapshot to compare with: take one.')));
  }, error => fill(section, problem(error)));
}

function changesOf(found) {
  const { counts, changed, messages, totals } = found;
  const ids = (title, list, all) => all > 0 && h('p', {}, `${title} ${number(all)}: `,
    list.slice(0, 100).map((id, index) => [index > 0 && ', ', h('code', {}, id)]), all > 100 && ' …');
  return h('div', { class: 'stack' },
    h('p', {}, `${number(counts.changed)} fields changed; ${number(counts.added)} processes added, `
      + `${number(counts.removed)} removed; ${number(messages.appeared)} messages appeared, ${number(messages.gone)} went.`),
    h('div', { class: 'narrow' }, table('Totals', [['Total'], ['Before', 'number'], ['After', 'number']],
      Object.entries(totals).map(([total, { from, to }]) => [total, number(from), number(to)]))),
    ids('Added', found.added, counts.added),
    ids('Removed', found.removed, counts.removed),
    changed.length > 0 && table('Changed fields', [['Process'], ['Field'], ['Before', 'wide'], ['After', 'wide']],
      changed.slice(0, 200).map(each => [h('code', {}, each.id), each.field,
        h('code', {}, JSON.stringify(each.from)), h('code', {}, JSON.stringify(each.to))])),
    counts.changed > 200 && h('p', { class: 'quiet' }, 'The first 200 changes. The console shows all: snapshots snapshot diff'));
}

export const views = { overview: certificate, members, channels, diagram, checks, query, difference };
