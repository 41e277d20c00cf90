// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call, door_now, Refused, refused_event} from '../common/api';
import {Dialog} from '../common/parts';
import {usePage, type Door, type Session} from './page';
import {SignIn} from './sign_in';

const warned_before_ms = 120_000;

/** Asks how long the session goes on; null once it is over. Asking is no use of it. */
async function session_now(): Promise<Session | null> {
  const door = await call<Door>('GET', '/api/door');
  return door.SignedIn ? call<Session>('GET', '/api/session') : null;
}

/**
 * Two minutes before a session ends it says so (WCAG 2.2, 2.2.1); when it has ended, it asks for the password over
 * what is there, which stays as it was typed.
 */
export function SessionWatch({session, onSession, onLeave}: {session: Session; onSession: (session: Session) => void; onLeave: () => void}) {
  const {text} = usePage();
  const [known, set_known] = useState(session);
  const [now, set_now] = useState(door_now);
  const [is_over, set_is_over] = useState(false);
  const ends = Date.parse(known.EndsAt);
  const is_near = ends - now < warned_before_ms;

  const look = async () => {
    try {
      const found = await session_now();
      if (found) set_known(found);
      set_is_over(!found);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;  // not reached: asked again by the next tick
    }
  };
  useEffect(() => set_known(session), [session]);
  useEffect(() => {
    if (is_over) return;
    const tick = async () => {
      const left = ends - door_now();
      // What other tabs do in this session prolongs it: the door is asked before anybody is warned.
      if (left < 0 || (left < warned_before_ms && !is_near)) await look();
      set_now(door_now());
    };
    const timer = setInterval(tick, is_near ? 1_000 : 10_000);
    const on_lost = () => void look();
    addEventListener(refused_event, on_lost);
    addEventListener('pageshow', on_lost);
    return () => {
      clearInterval(timer);
      removeEventListener(refused_event, on_lost);
      removeEventListener('pageshow', on_lost);
    };
  }, [ends, is_near, is_over]);

  if (is_over) {
    return (
      <Dialog title={text.session_over}>
        <p>{text.session_over_text}</p>
        <SignIn onSession={fresh => {
          set_is_over(false);
          onSession(fresh);
        }} />
        <button type="button" onClick={onLeave}>{text.sign_out}</button>
      </Dialog>
    );
  }
  if (!is_near) return null;
  const is_final = ends >= Date.parse(known.EndsLatestAt);
  const stay = () => call('GET', '/api/shares').then(look, look);
  return (
    <Dialog title={text.session_ends}>
      <p aria-live="off">{text.session_ends_in(Math.max(0, Math.round((ends - now) / 1000)))}</p>
      {is_final && <p>{text.session_ends_anyhow}</p>}
      <div class="row">
        {!is_final && <button type="button" class="primary" onClick={stay}>{text.stay}</button>}
        <button type="button" onClick={onLeave}>{text.sign_out}</button>
      </div>
    </Dialog>
  );
}
