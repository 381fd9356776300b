// The state of the application as the silo sends it. The browser asks for nothing again and again.
import { path, get } from './api.js';

const listeners = new Set();
let source;
let state = null;
let connection = 'connecting';
let retry = 1000;

export const now = () => state;

/// Calls a function with each state and each change of the connection, from now on; returns what ends that.
export function listen(listener) {
  listeners.add(listener);
  if (state) listener(state, connection);
  return () => listeners.delete(listener);
}

export function start() {
  source?.close();
  source = new EventSource(path('/events'));
  source.onmessage = event => {
    state = JSON.parse(event.data);
    retry = 1000;
    tell('open');
  };
  source.onerror = () => {
    const isOver = source.readyState === EventSource.CLOSED;
    tell('lost');
    if (isOver) again(); // The browser itself tries again only after a connection that broke.
  };
}

async function again() {
  source.close();
  let reason = 'lost';
  try {
    await get('/session'); // Is the silo away, or does it refuse the stream?
    reason = 'refused';
  } catch { /* The silo is away: the answer is the next try. */ }

  tell(reason);
  setTimeout(start, retry);
  retry = Math.min(retry * 2, 10_000);
}

function tell(how) {
  connection = how;
  for (const listener of [...listeners]) listener(state, connection);
}
