// Builds elements. Text becomes text nodes alone: no state and no message is ever read as HTML.

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }

  add(element, children);
  return element;
}

export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }

  return element;
}

/// Puts other children in place of those that an element has. The focus stays where it was: on what has the same key.
export function fill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.getAttribute('data-key') : null;
  element.replaceChildren();
  add(element, children);
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/// Renders a part of a view again only when what it shows has changed.
export function part(element, render) {
  let last;
  return data => {
    const now = JSON.stringify(data);
    if (now === last) return;
    last = now;
    fill(element, render(data));
  };
}

let count = 0;

/// A labelled field.
export function field(label, control, hint) {
  control.id ||= `field-${++count}`;
  const hintId = `${control.id}-hint`;
  if (hint) control.setAttribute('aria-describedby', hintId);
  return h('div', { class: 'field' },
    h('label', { for: control.id }, label),
    control,
    hint && h('p', { class: 'hint', id: hintId }, hint));
}

export const button = (label, onclick, attributes) => h('button', { type: 'button', onclick, ...attributes }, label);

/// Facts as names with their values.
export const facts = entries => h('dl', { class: 'facts' }, entries.filter(Boolean).map(([name, ...value]) =>
  h('div', {}, h('dt', {}, name), h('dd', {}, value))));

/// A table that becomes a list of cards on a narrow screen. Columns: [name, class].
export function table(caption, columns, rows) {
  // The roles are written out: a browser forgets those of elements that are laid out as cards.
  const row = (...cells) => h('tr', { role: 'row' }, cells);
  return h('div', { class: 'scroll' }, h('table', { role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' },
      row(columns.map(([name, kind]) => h('th', { scope: 'col', role: 'columnheader', class: kind }, name)))),
    h('tbody', { role: 'rowgroup' }, rows.map(cells => row(cells.map((cell, index) => {
      const [name, kind] = columns[index];
      return index === 0
        ? h('th', { scope: 'row', role: 'rowheader', 'data-label': name, class: kind }, h('div', {}, cell))
        : h('td', { role: 'cell', 'data-label': name, class: kind }, h('div', {}, cell));
    }))))));
}

export const empty = (...content) => h('div', { class: 'empty' }, content);

/// Says what went wrong where it went wrong.
export const problem = error => h('p', { class: 'problem', role: 'alert' }, error.message ?? String(error));

export const badge = (text, kind) => h('span', { class: `badge ${kind ?? ''}` }, text);

/// A progress with its numbers as text.
export function progress(label, done, all) {
  const id = `progress-${++count}`;
  return h('div', { class: 'progress' },
    h('span', { id }, label), h('span', { class: 'number' }, `${number(done)} of ${number(all)}`),
    h('progress', { max: Math.max(all, 1), value: all ? done : 0, 'aria-labelledby': id }));
}

const numbers = new Intl.NumberFormat('en');
export const number = value => numbers.format(value);

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let index = 0;
  for (; value >= 1024 && index < units.length - 1; index++) value /= 1024;
  return `${index && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[index]}`;
}

export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 && minutes % 60 !== 0 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/// A time of day; with its date if that is not today.
export function time(text) {
  const when = new Date(text);
  const two = value => String(value).padStart(2, '0');
  const day = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  const clock = `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}`;
  const isToday = when.toDateString() === new Date().toDateString();
  return h('time', { datetime: text, title: text }, isToday ? clock : `${day} ${clock}`);
}

/// Asks a question, and resolves to whether the answer is yes. Escape is no.
export function ask(title, text, yes) {
  return new Promise(resolve => {
    const dialog = h('dialog', { 'aria-labelledby': 'ask-title' },
      h('form', { method: 'dialog' },
        h('h2', { id: 'ask-title' }, title),
        h('p', {}, text),
        h('div', { class: 'row' },
          h('button', { value: 'yes', class: 'danger' }, yes), h('button', { value: 'no' }, 'Cancel'))));
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/// Tells the result of something that was done.
export function notice(text, isBad) {
  const place = document.getElementById('notices');
  const line = h('p', { class: isBad ? 'notice bad' : 'notice' }, text,
    button('Close', () => line.remove(), { class: 'plain', 'aria-label': 'Close the message' }));
  place.append(line);
  while (place.children.length > 3) place.firstChild.remove();
  if (!isBad) setTimeout(() => line.remove(), 8000);
}
