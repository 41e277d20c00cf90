// SPDX-License-Identifier: GPL-3.0-or-later
/** What the door answers instead of what was asked for; status 0: it was not reached. */
export class Refused extends Error {
  constructor(readonly status: number, readonly body: Record<string, unknown> = {}) {
    super(`refused: ${status}`);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** By these fields the door knows a page of its own; the browser adds Sec-Fetch-Site. */
export const ours = {'Sekisho-Page': '1'};

let skew_ms = 0;
/** By the door's clock, as of its last answer: tablets' clocks are often wrong. */
export const door_now = (): number => Date.now() + skew_ms;

/** Fired at the window where the door has refused something: perhaps the session is over. */
export const refused_event = 'sekisho-refused';

/** What to throw for an answer that is none. */
export function refusal(status: number, body: Record<string, unknown> = {}): Refused {
  if (status === 404) dispatchEvent(new Event(refused_event));
  return new Refused(status, body);
}

export async function ask(input: string, init: RequestInit = {}): Promise<Response> {
  // The page's own address may have a login in it, with which fetch() takes none.
  const url = new URL(input, location.origin + location.pathname);
  let response;
  try {
    response = await fetch(url, {...init, headers: {...ours, ...init.headers}, cache: 'no-store', redirect: 'error'});
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Refused(0);
  }
  skew_ms = Date.parse(response.headers.get('Date') ?? '') - Date.now() || 0;
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw refusal(response.status, body !== null && typeof body === 'object' ? {...body} : {});
}

/** One call of the API: JSON there and back. */
export async function call<T>(method: Method, path: string, form?: object, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = {method, ...(signal && {signal})};
  if (form) {
    init.body = JSON.stringify(form);
    init.headers = {'Content-Type': 'application/json'};
  }
  const text = await (await ask(path, init)).text();
  return (text ? JSON.parse(text) : {}) as T;
}
