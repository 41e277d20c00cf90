// SPDX-License-Identifier: GPL-3.0-or-later
import type {ComponentChildren} from 'preact';
import {useEffect, useId, useState} from 'preact/hooks';
import {call} from '../common/api';
import {time_text} from '../common/language';
import {Field, Form, Notice, PasswordField, useTask} from '../common/parts';
import {NewPassword} from './choose_password';
import {address_of} from './entry';
import {failure_text, usePage, type Me} from './page';
import {add_passkey, has_passkeys} from './passkey';
import {SecondFactor} from './second_factor';

/** What somebody signs in with, and where they are signed in. `onChange`: what is known of them is to be asked anew. */
export function Account({me, onChange}: {me: Me; onChange: () => Promise<void>}) {
  const {text, door} = usePage();
  return (
    <main>
      <nav aria-label={text.place}><a href={address_of({name: 'home'})}>{text.home}</a></nav>
      <h1>{text.account}</h1>
      <p>{me.Recipient.Organisation} {me.Name} <span class="id">{me.Login}</span></p>
      <Section title={text.password}><ChangePassword me={me} onChange={onChange} /></Section>
      <Section title={text.second_step}><SecondFactor me={me} onChange={onChange} /></Section>
      {door.Passkeys && <Section title={text.passkeys}><Passkeys onChange={onChange} /></Section>}
      <Section title={text.sessions}><Sessions /></Section>
      <Section title={text.application_passwords}><ApplicationPasswords login={me.Login} /></Section>
    </main>
  );
}

function Section({title, children}: {title: string; children: ComponentChildren}) {
  const id = useId();
  return <section class="card" aria-labelledby={id}><h2 id={id}>{title}</h2>{children}</section>;
}

function When({at}: {at: string | undefined}) {
  const {language} = usePage();
  return at ? <time dateTime={at}>{time_text(new Date(at), language)}</time> : <>–</>;
}

/** What is behind a button until somebody wants it. */
function Folded({title, children}: {title: string; children: ComponentChildren}) {
  return <details><summary>{title}</summary><div class="folded">{children}</div></details>;
}

function ChangePassword({me, onChange}: {me: Me; onChange: () => Promise<void>}) {
  const {text} = usePage();
  const [password, set_password] = useState('');
  const [fresh, set_fresh] = useState('');
  const [is_done, set_is_done] = useState(false);
  const {runs, error, run} = useTask();
  const send = () => run(async () => {
    set_is_done(false);
    await call('POST', '/api/password', {Password: password, NewPassword: fresh});
    set_password('');
    set_fresh('');
    set_is_done(true);
    await onChange();
  });
  return (
    <>
      <p class="small">{text.changed_at} <When at={me.PasswordSetAt} /></p>
      {is_done && <Notice tone="ok">{text.password_changed}</Notice>}
      {error !== null && <Notice tone="danger">{failure_text(error, text, text.password_refused)}</Notice>}
      <Folded title={text.change_password}>
        <Form onSend={send}>
          <PasswordField label={text.present_password} value={password} onText={set_password} autocomplete="current-password" show={text.show} hide={text.hide} required />
          <NewPassword value={fresh} onText={set_fresh} beside={me.SecondFactor ? 'perhaps a code' : 'nothing'} />
          <button class="primary" disabled={runs}>{text.change_password}</button>
        </Form>
      </Folded>
    </>
  );
}

interface Passkey {
  ID: string;
  Name: string;
  CreatedAt: string;
  UsedAt?: string;
}

function Passkeys({onChange}: {onChange: () => Promise<void>}) {
  const {text} = usePage();
  const [passkeys, set_passkeys] = useState<Passkey[]>([]);
  const [password, set_password] = useState('');
  const [name, set_name] = useState('');
  const {runs, error, run} = useTask();
  const load = async () => set_passkeys((await call<{Passkeys: Passkey[]}>('GET', '/api/passkeys')).Passkeys);
  useEffect(() => void run(load), []);
  const after = async () => {
    await load();
    await onChange();
  };
  const unused = error instanceof DOMException;
  return (
    <>
      <p class="small">{text.passkeys_text}</p>
      {error !== null && <Notice tone="danger">{unused ? text.passkey_not_used : failure_text(error, text, text.password_refused)}</Notice>}
      <ul class="rows">
        {passkeys.map(each => <li key={each.ID} class="row">
          <span class="grow">{each.Name}</span>
          <span class="small">{text.used_at} <When at={each.UsedAt} /></span>
          <button type="button" disabled={runs} aria-label={text.remove_named(each.Name)} onClick={() => run(async () => {
            await call('DELETE', `/api/passkeys/${each.ID}`);
            await after();
          })}>{text.remove}</button>
        </li>)}
      </ul>
      {has_passkeys() && <Folded title={text.add_passkey}>
        <Form onSend={() => run(async () => {
          await add_passkey(password, name);
          set_password('');
          set_name('');
          await after();
        })}>
          <Field label={text.passkey_name} value={name} onText={set_name} maxlength={100} required />
          <PasswordField label={text.present_password} value={password} onText={set_password} autocomplete="current-password" show={text.show} hide={text.hide} required />
          <button class="primary" disabled={runs}>{text.add_passkey}</button>
        </Form>
      </Folded>}
    </>
  );
}

interface OwnSession {
  ID: string;
  Source: string;
  UserAgent: string;
  UsedAt: string;
  IsThisOne: boolean;
}

const programs = ['Edg', 'Firefox', 'Chrome', 'Safari'] as const;
const machines = ['Windows', 'iPad', 'iPhone', 'Android', 'Mac OS', 'Linux'] as const;

/** "Chrome, Windows", as far as that is to be found in what a browser says of itself. */
const browser_name = (agent: string): string =>
  [programs, machines].map(known => known.find(each => agent.includes(each))).filter(Boolean).join(', ').replace('Edg', 'Edge') || agent.slice(0, 40) || '–';

function Sessions() {
  const {text} = usePage();
  const [sessions, set_sessions] = useState<OwnSession[]>([]);
  const {runs, error, run} = useTask();
  const load = async () => set_sessions((await call<{Sessions: OwnSession[]}>('GET', '/api/sessions')).Sessions);
  useEffect(() => void run(load), []);
  const end = (path: string) => run(async () => {
    await call('DELETE', path);
    await load();
  });
  return (
    <>
      {error !== null && <Notice tone="danger">{failure_text(error, text, text.failed)}</Notice>}
      <ul class="rows">
        {sessions.map(each => <li key={each.ID} class="row">
          <span class="grow">{browser_name(each.UserAgent)}{each.IsThisOne && <> <span class="badge ok">{text.this_one}</span></>}</span>
          <span class="id">{each.Source}</span>
          <span class="small">{text.used_at} <When at={each.UsedAt} /></span>
          {!each.IsThisOne && <button type="button" disabled={runs} onClick={() => end(`/api/sessions/${each.ID}`)}>{text.end_session}</button>}
        </li>)}
      </ul>
      {sessions.length > 1 && <div><button type="button" disabled={runs} onClick={() => end('/api/sessions')}>{text.end_others}</button></div>}
    </>
  );
}

interface ApplicationPassword {
  ID: string;
  Name: string;
  ExpiresAt: string;
  Status: string;
  ApplicationPassword?: string;
}

function ApplicationPasswords({login}: {login: string}) {
  const {text} = usePage();
  const [made, set_made] = useState<ApplicationPassword | null>(null);
  const [known, set_known] = useState<ApplicationPassword[]>([]);
  const [password, set_password] = useState('');
  const [name, set_name] = useState('');
  const {runs, error, run} = useTask();
  const path = '/api/application-passwords';
  const load = async () => set_known((await call<{ApplicationPasswords: ApplicationPassword[]}>('GET', path)).ApplicationPasswords);
  useEffect(() => void run(load), []);
  return (
    <>
      <p class="small">{text.application_passwords_text} <span class="id">{location.origin}/dicom-web</span></p>
      {error !== null && <Notice tone="danger">{failure_text(error, text, text.password_refused)}</Notice>}
      {made && <Notice tone="ok">
        <p>{text.shown_once}</p>
        <p>{text.login}: <span class="id">{login}</span></p>
        <p>{text.password}: <span class="id secret">{made.ApplicationPassword}</span></p>
      </Notice>}
      <ul class="rows">
        {known.map(each => <li key={each.ID} class="row">
          <span class="grow">{each.Name}</span>
          <span class="small">{text.until} <When at={each.ExpiresAt} /></span>
          <button type="button" disabled={runs} aria-label={text.remove_named(each.Name)} onClick={() => run(async () => {
            await call('DELETE', `${path}/${each.ID}`);
            set_made(null);
            await load();
          })}>{text.remove}</button>
        </li>)}
      </ul>
      <Folded title={text.add_application_password}>
        <Form onSend={() => run(async () => {
          set_made(await call<ApplicationPassword>('POST', path, {Password: password, Name: name}));
          set_password('');
          set_name('');
          await load();
        })}>
          <Field label={text.viewer_name} value={name} onText={set_name} maxlength={100} required />
          <PasswordField label={text.present_password} value={password} onText={set_password} autocomplete="current-password" show={text.show} hide={text.hide} required />
          <button class="primary" disabled={runs}>{text.add_application_password}</button>
        </Form>
      </Folded>
    </>
  );
}
