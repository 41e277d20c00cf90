// SPDX-License-Identifier: GPL-3.0-or-later
/** By which address somebody came: /, /s/{share}, /i/{invitation}, /r/{reset} or /out. */
export interface Entry {
  kind: 'home' | 'share' | 'invitation' | 'reset' | 'out';
  id: string;
  secret: string;
}

const kinds: Record<string, Entry['kind']> = {s: 'share', i: 'invitation', r: 'reset', out: 'out'};

/** Takes the secret out of the address: nobody reads it off the screen or finds it in the history. */
export function take_entry(): Entry {
  const [, first = '', id = ''] = location.pathname.split('/');
  const kind = kinds[first] ?? 'home';
  if (kind === 'home') return {kind, id: '', secret: ''};
  const secret = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  return {kind, id, secret};
}

/** Inside, the place is in the fragment: what somebody looks at is in no address that is sent. */
export type Place =
  | {name: 'home' | 'account'}
  | {name: 'share' | 'return'; share: string}
  | {name: 'view'; share: string; study: string; series: string};

const is_share = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
const is_uid = (text: string): boolean => /^[0-9.]{1,64}$/.test(text);

export function place_of(hash: string): Place {
  const [name, share = '', study = '', series = ''] = hash.replace(/^#/, '').split('/');
  if (name === 'account') return {name};
  if ((name === 'share' || name === 'return') && is_share(share)) return {name, share};
  if (name === 'view' && is_share(share) && is_uid(study) && is_uid(series)) return {name, share, study, series};
  return {name: 'home'};
}

export function address_of(place: Place): string {
  if (place.name === 'view') return `/#view/${place.share}/${place.study}/${place.series}`;
  return 'share' in place ? `/#${place.name}/${place.share}` : `/#${place.name}`;
}
