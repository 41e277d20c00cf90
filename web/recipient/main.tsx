// SPDX-License-Identifier: GPL-3.0-or-later
import {render} from 'preact';
import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import '../common/style.css';
import {call} from '../common/api';
import {language_of_browser, type Language} from '../common/language';
import {Notice} from '../common/parts';
import {ChoosePassword} from './choose_password';
import {address_of, take_entry, type Place} from './entry';
import {Inside} from './inside';
import {load_words, type Messages} from './messages';
import {failure_text, PageContext, usePage, type Door, type Me, type Session} from './page';
import {SessionWatch} from './session';
import {Contact, SignIn} from './sign_in';

const entry = take_entry();

interface Spoken {
  language: Language;
  text: Messages;
}

/** Who has signed in; a link's holder is nobody by name. */
interface Visitor {
  session: Session;
  me: Me | null;
}

async function visitor_of(session: Session): Promise<Visitor> {
  return {session, me: session.Share ? null : await call<Me>('GET', '/api/me')};
}

/** Ends the session, here and at the door; what cannot be reached any more is forgotten here all the same. */
function leave() {
  void call('DELETE', '/api/session').catch(() => null).then(() => location.replace('/out'));
}

function App({first}: {first: Spoken}) {
  const [{language, text}, set_spoken] = useState(first);
  const [door, set_door] = useState<Door>({Institution: '', Contact: '', SignedIn: false, Passkeys: false});
  const [visitor, set_visitor] = useState<Visitor | null>(null);
  const [stage, set_stage] = useState<'starting' | 'outside' | 'inside' | 'failed'>('starting');
  const [error, set_error] = useState<unknown>(null);
  const has_chosen = useRef(false);

  const speak = useCallback(async (other: Language) => set_spoken({language: other, text: await load_words(other)}), []);
  const enter = useCallback(async (session: Session) => {
    const found = await visitor_of(session);
    const theirs = found.me?.Language;
    if (!has_chosen.current && (theirs === 'ja' || theirs === 'en')) await speak(theirs);
    set_visitor(found);
    const share = session.Share ?? (entry.kind === 'share' ? entry.id : '');
    if (location.pathname !== '/') {
      const place: Place = entry.kind === 'invitation' ? {name: 'account'} : share ? {name: 'share', share} : {name: 'home'};
      history.replaceState(null, '', address_of(place));
    }
    set_stage('inside');
  }, []);

  const start = useCallback(async () => {
    set_stage('starting');
    try {
      const found = await call<Door>('GET', '/api/door');
      set_door(found);
      const may_be_inside = entry.kind === 'home' || entry.kind === 'share';
      if (found.SignedIn && may_be_inside && !entry.secret) return await enter(await call<Session>('GET', '/api/session'));
      if (entry.kind === 'share' && entry.secret) return await enter(await call<Session>('POST', '/api/session', {Link: entry.secret}));
      set_stage('outside');
    } catch (failure) {
      set_error(failure);
      set_stage(entry.kind === 'share' && entry.secret ? 'outside' : 'failed');
    }
  }, []);

  useEffect(() => void start(), []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = text.of_institution(door.Institution);
  }, [language, door]);

  return (
    <PageContext.Provider value={{text, language, door, set_language: other => {
      has_chosen.current = true;
      void speak(other);
    }}}>
      <Bar visitor={stage === 'inside' ? visitor : null} />
      {stage === 'starting' && <main class="narrow"><p role="status">{text.loading}</p></main>}
      {stage === 'failed' && <main class="narrow"><Notice tone="danger">
        {failure_text(error, text, text.unreachable)}
        <div><button type="button" onClick={start}>{text.again}</button></div>
      </Notice></main>}
      {stage === 'outside' && <Outside error={error} onSession={enter} />}
      {stage === 'inside' && visitor && <>
        <Inside me={visitor.me} onMe={async () => set_visitor(await visitor_of(visitor.session))} />
        <SessionWatch session={visitor.session} onSession={async session => set_visitor(await visitor_of(session))} onLeave={leave} />
      </>}
    </PageContext.Provider>
  );
}

function Bar({visitor}: {visitor: Visitor | null}) {
  const {text, language, door, set_language} = usePage();
  return (
    <header class="bar no-print">
      <strong>{text.of_institution(door.Institution)}</strong>
      {visitor?.me && <a href={address_of({name: 'account'})}>{visitor.me.Recipient.Organisation} {visitor.me.Name}</a>}
      {(['ja', 'en'] as const).filter(each => each !== language).map(other =>
        <button key={other} type="button" class="plain" lang={other} onClick={() => set_language(other)}>{other === 'ja' ? '日本語' : 'English'}</button>)}
      {visitor && <button type="button" onClick={leave}>{text.sign_out}</button>}
    </header>
  );
}

function Outside({error, onSession}: {error: unknown; onSession: (session: Session) => Promise<void>}) {
  const {text} = usePage();
  if (entry.kind === 'out') {
    return (
      <main class="narrow"><div class="card">
        <h1>{text.signed_out}</h1>
        <p>{text.signed_out_text}</p>
        <a class="button" href="/">{text.sign_in_again}</a>
        <Contact />
      </div></main>
    );
  }
  const chooses = (entry.kind === 'invitation' || entry.kind === 'reset') && entry.secret !== '';
  return (
    <main class="narrow"><div class="card">
      <h1>{chooses ? text.choose_password : text.sign_in}</h1>
      {chooses
        ? <ChoosePassword entry={entry} onSession={onSession} />
        : <SignIn notice={error ? failure_text(error, text, text.link_not_let_in) : undefined} onSession={onSession} />}
    </div></main>
  );
}

const language = language_of_browser();
load_words(language).then(text => render(<App first={{language, text}} />, document.body), () => {
  document.body.textContent = '接続できません。 No connection.';
});
