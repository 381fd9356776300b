// The interface of the silo: one function per kind of request. An error is an Error with the line that the silo gave.

let session = { applications: [], mayWrite: false, antiForgery: '', hasSession: false };
let application = '';

export const current = () => ({ ...session, application });

export async function open() {
  session = await request('GET', '/api/session');
  const asked = new URLSearchParams(location.search).get('application');
  application = session.applications.includes(asked) ? asked : session.applications[0] ?? '';
}

export const path = (name, parameters) => {
  const query = new URLSearchParams({ application });
  for (const [key, value] of Object.entries(parameters ?? {})) {
    if (value !== '' && value !== null && value !== undefined) query.set(key, value);
  }

  return `/api${name}?${query}`;
};

export const get = (name, parameters, signal) => request('GET', path(name, parameters), undefined, signal);
export const post = (name, body) => request('POST', path(name), body ?? {});
export const remove = name => request('DELETE', path(name));

export async function signOut() {
  await request('POST', '/sign-out');
  location.assign('/');
}

export async function list(name, parameters, signal) {
  const response = await send('GET', path(name, parameters), undefined, signal);
  return { items: await response.json(), total: Number(response.headers.get('X-Total-Count') ?? 0) };
}

async function request(method, url, body, signal) {
  const response = await send(method, url, body, signal);
  return response.status === 204 ? null : response.json();
}

async function send(method, url, body, signal) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Snapshots-Anti-Forgery'] = session.antiForgery;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(url, {
      method, headers, signal, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The silo does not answer. Is it running? What was asked for can be repeated when it is back.');
  }

  if (response.ok) return response;
  if (response.status === 401) location.reload(); // The form to sign in comes in place of the page.
  const reason = await response.json().then(answer => answer.error, () => `The silo answered ${response.status}.`);
  throw Object.assign(new Error(reason), { status: response.status });
}
