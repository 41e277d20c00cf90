// SPDX-License-Identifier: GPL-3.0-or-later
import {render} from 'preact';
import {useCallback, useEffect, useState} from 'preact/hooks';
import '../common/style.css';
import './style.css';
import {call, Refused} from '../common/api';
import {language_of_browser, type Language} from '../common/language';
import {Notice} from '../common/parts';
import {Consents} from './consents';
import {Done, type Made} from './done';
import {load_words, type Messages} from './messages';
import {failure_text, may, PageContext, place_of, query, set_clock, useAnswer, usePage, type Caller, type Role, type Settings, type Study} from './page';
import {RecipientPage} from './recipient';
import {Recipients} from './recipients';
import {Records} from './records';
import {SharePage} from './share';
import {ShareDialog} from './share_dialog';
import {Shares} from './shares';
import {State} from './state';
import {Studies} from './studies';

interface Spoken {
  language: Language;
  text: Messages;
}
type Start = {stage: 'starting'} | {stage: 'failed'; error: unknown} | {stage: 'inside'; caller: Caller; settings: Settings | null};

function App({first}: {first: Spoken}) {
  const [{language, text}, set_spoken] = useState(first);
  const [start, set_start] = useState<Start>({stage: 'starting'});
  const begin = useCallback(async () => {
    set_start({stage: 'starting'});
    try {
      const caller = await call<Caller>('GET', 'api/whoami');
      const settings = await call<Settings>('GET', 'api/settings');
      set_clock(settings.Now);
      set_start({stage: 'inside', caller, settings});
    } catch (error) {
      // While nothing works there is still the page that says why.
      if (error instanceof Refused && error.status === 503) set_start({stage: 'inside', caller: {Name: '', Roles: []}, settings: null});
      else set_start({stage: 'failed', error});
    }
  }, []);
  useEffect(() => void begin(), []);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = text.title;
  }, [language]);
  if (start.stage === 'starting') return <main class="narrow"><h1>{text.title}</h1><p role="status">{text.loading}</p></main>;
  if (start.stage === 'failed') {
    return <main class="narrow"><h1>{text.title}</h1><Notice tone="danger">{failure_text(start.error, text)}
      <div><button type="button" onClick={begin}>{text.again}</button></div></Notice></main>;
  }
  const none: Settings = {Institution: '', Contact: '', PublicUrl: '', Now: '', DefaultExpiryDays: 0, MaximumExpiryDays: 0, UndoWindowSeconds: 0, RequireApproval: false, RequireConsent: false};
  return (
    <PageContext.Provider value={{text, language, caller: start.caller, settings: start.settings ?? none,
      set_language: other => void load_words(other).then(words => set_spoken({language: other, text: words}))}}>
      {start.settings ? <Inside /> : <main><State /></main>}
    </PageContext.Provider>
  );
}

const everybody: Role[] = ['share', 'approve', 'administer', 'audit'];
const places: {name: 'studies' | 'shares' | 'approvals' | 'recipients' | 'consents' | 'records' | 'state'; roles: Role[]}[] = [
  {name: 'studies', roles: ['share', 'approve']},
  {name: 'shares', roles: everybody},
  {name: 'approvals', roles: ['approve']},
  {name: 'recipients', roles: everybody},
  {name: 'consents', roles: ['share', 'approve', 'audit']},
  {name: 'records', roles: ['audit']},
  {name: 'state', roles: everybody},
];

/** Which studies somebody came for: Orthanc Explorer and the HIS say it in the address. */
function wanted_studies(): string {
  const asked = new URLSearchParams(location.search);
  return query({orthanc: asked.get('orthanc') ?? '', patient: asked.get('patient') ?? '', accession: asked.get('accession') ?? ''});
}

function Inside() {
  const {text, caller} = usePage();
  const open = places.filter(({roles}) => may(caller, ...roles));
  const [hash, set_hash] = useState(location.hash);
  const [chosen, set_chosen] = useState<Study | null>(null);
  const [made, set_made] = useState<Made | null>(null);
  const [wanted, set_wanted] = useState(wanted_studies);
  const asked = useAnswer<{Studies: Study[]}>(wanted && may(caller, 'share') ? `api/studies?${wanted}` : null);
  useEffect(() => {
    const follow = () => {
      set_hash(location.hash);
      set_made(null);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const found = asked.answer?.Studies;
  useEffect(() => {
    if (found?.length === 1 && found[0]) set_chosen(found[0]);
  }, [asked.answer]);
  const {name, id} = place_of(hash);
  const place = name === 'share' || name === 'recipient' || open.some(each => each.name === name) ? name : open[0]?.name;
  const forget = () => {
    if (wanted) history.replaceState(null, '', location.pathname + location.hash);
    set_wanted('');
    set_chosen(null);
  };
  return (
    <>
      <Bar open={open.map(each => each.name)} here={place === 'share' ? 'shares' : place === 'recipient' ? 'recipients' : place ?? ''} />
      {made
        ? <Done made={made} onNext={() => set_made(null)} />
        : <main>
          {wanted && asked.error !== null && <Notice tone="danger">{failure_text(asked.error, text)}</Notice>}
          {wanted && found?.length === 0 && <Notice tone="warn">{text.study_not_there}</Notice>}
          {place === 'studies' && <Studies wanted={wanted && found && found.length > 1 ? wanted : ''} onShare={set_chosen} />}
          {place === 'shares' && <Shares key="all" awaiting={false} />}
          {place === 'approvals' && <Shares key="awaiting" awaiting />}
          {place === 'share' && <SharePage id={id} key={id} onMade={set_made} />}
          {place === 'recipients' && <Recipients />}
          {place === 'recipient' && <RecipientPage id={id} key={id} />}
          {place === 'consents' && <Consents />}
          {place === 'records' && <Records />}
          {place === 'state' && <State />}
        </main>}
      {chosen && <ShareDialog study={chosen} onCancel={forget} onMade={share => {
        forget();
        set_made(share);
      }} />}
    </>
  );
}

function Bar({open, here}: {open: (typeof places)[number]['name'][]; here: string}) {
  const {text, language, caller, set_language} = usePage();
  const other = language === 'ja' ? 'en' : 'ja';
  return (
    <header class="bar no-print">
      <strong>{text.title}</strong>
      <nav aria-label={text.pages}>
        {open.map(name => <a key={name} href={`#${name}`} aria-current={name === here ? 'page' : undefined}>{text.places[name]}</a>)}
      </nav>
      <span class="small">{caller.Name}</span>
      <button type="button" class="plain" lang={other} onClick={() => set_language(other)}>{other === 'ja' ? '日本語' : 'English'}</button>
    </header>
  );
}

const language = language_of_browser();
load_words(language).then(text => render(<App first={{language, text}} />, document.body), () => {
  document.body.textContent = '接続できません。 No connection.';
});
