// SPDX-License-Identifier: GPL-3.0-or-later
import type {ComponentType} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {call} from '../common/api';
import {Notice} from '../common/parts';
import type {Share} from './dicomweb';
import {address_of, place_of, type Place} from './entry';
import {Home} from './home';
import {failure_text, usePage, type Me} from './page';
import {SharePage} from './study';
import {Viewer} from './viewer';

function usePlace(): Place {
  const [place, set_place] = useState(() => place_of(location.hash));
  useEffect(() => {
    const follow = () => {
      set_place(place_of(location.hash));
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}

const load_give_back = () => import('./give_back').then(({GiveBack}) => GiveBack);
const load_account = () => import('./account').then(({Account}) => Account);

/** A part that is fetched when somebody comes to it: not on the way from a letter to the pictures. */
function Later<Props extends object>({load, ...props}: {load: () => Promise<ComponentType<Props>>} & Props) {
  const {text} = usePage();
  const [Part, set_part] = useState<ComponentType<Props> | null>(null);
  const [failed, set_failed] = useState(false);
  useEffect(() => {
    load().then(part => set_part(() => part), () => set_failed(true));
  }, [load]);
  if (Part) return <Part {...(props as unknown as Props)} />;
  return <main>{failed ? <Notice tone="danger">{text.unreachable}</Notice> : <p role="status">{text.loading}</p>}</main>;
}

/** What there is after sign-in. `onMe`: what is known of who has signed in is to be asked anew. */
export function Inside({me, onMe}: {me: Me | null; onMe: () => Promise<void>}) {
  const {text} = usePage();
  const place = usePlace();
  const [shares, set_shares] = useState<Share[] | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const load = () => {
    set_error(null);
    call<{Shares: Share[]}>('GET', '/api/shares').then(({Shares}) => set_shares(Shares), set_error);
  };
  useEffect(load, [place.name === 'home', me]);

  if (place.name === 'account' && me) return <Later load={load_account} me={me} onChange={onMe} />;
  if (!shares) {
    return (
      <main>
        {error === null ? <p role="status">{text.loading}</p> : <Notice tone="danger">
          {failure_text(error, text, text.unavailable)}
          <div><button type="button" onClick={load}>{text.again}</button></div>
        </Notice>}
      </main>
    );
  }
  if (!('share' in place)) return <Home shares={shares} />;
  const share = shares.find(each => each.ID === place.share);
  if (!share?.IsEnough) {
    return (
      <main>
        <Notice tone="warn">{share ? share.Assurance === 'certificate' ? text.needs_certificate : text.needs_more : text.not_there}</Notice>
        <p><a href={address_of({name: 'home'})}>{text.home}</a></p>
      </main>
    );
  }
  if (place.name === 'view') return <Viewer key={place.series} share={share} study={place.study} series={place.series} />;
  if (place.name === 'return' && share.Permissions.includes('return')) {
    return <Later key={share.ID} load={load_give_back} share={share} me={me} />;
  }
  return <SharePage key={share.ID} share={share} />;
}
