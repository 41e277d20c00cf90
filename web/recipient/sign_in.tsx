// SPDX-License-Identifier: GPL-3.0-or-later
import {useState} from 'preact/hooks';
import {call} from '../common/api';
import {Field, Form, Notice, PasswordField, useTask} from '../common/parts';
import {failure_text, usePage, type Session} from './page';
import {has_passkeys, sign_in_by_passkey} from './passkey';

/** One text for whatever is wrong: the door tells no more, and neither does the page. */
function Refusal({error, refused}: {error: unknown; refused: string}) {
  const {text} = usePage();
  if (!error) return null;
  const unused = error instanceof DOMException && error.name === 'NotAllowedError';
  return <Notice tone="danger">{unused ? text.passkey_not_used : failure_text(error, text, refused)}</Notice>;
}

export function Contact() {
  const {text, door} = usePage();
  return door.Contact ? <p class="small">{text.trouble(door.Contact)}</p> : null;
}

/** To the identity provider, which sends the browser back to "/", signed in. */
export function ByProvider({invitation}: {invitation?: string}) {
  const {text, door} = usePage();
  const {runs, error, run} = useTask();
  if (!door.Provider) return null;
  const go = () => run(async () => {
    const {Url} = await call<{Url: string}>('POST', '/api/session/openid', invitation ? {Invitation: invitation} : {});
    location.assign(Url);
  });
  return (
    <>
      <Refusal error={error} refused={invitation ? text.choosing_refused : text.not_let_in} />
      <button type="button" disabled={runs} onClick={go}>{text.by_provider(door.Provider)}</button>
    </>
  );
}

export function SignIn({notice, onSession}: {notice?: string | undefined; onSession: (session: Session) => void}) {
  const {text, door} = usePage();
  const [login, set_login] = useState('');
  const [password, set_password] = useState('');
  const [code, set_code] = useState('');
  const [by_recovery, set_by_recovery] = useState(false);
  const [forgotten, set_forgotten] = useState(false);
  const {runs, error, run} = useTask();
  if (forgotten) return <Forgotten login={login} onBack={() => set_forgotten(false)} />;

  const send = () => run(async () => {
    const form: Record<string, string> = {Login: login.trim(), Password: password};
    if (code.trim()) form[by_recovery ? 'RecoveryCode' : 'Code'] = code.replaceAll(/\s/g, '');
    onSession(await call<Session>('POST', '/api/session', form));
  });
  return (
    <>
      {notice && !error && <Notice tone="warn">{notice}</Notice>}
      <Refusal error={error} refused={text.not_let_in} />
      <Form onSend={send}>
        <Field label={text.login} value={login} onText={set_login} autocomplete="username" autocapitalize="off"
          spellcheck={false} required />
        <PasswordField label={text.password} value={password} onText={set_password} autocomplete="current-password"
          show={text.show} hide={text.hide} required />
        {by_recovery
          ? <Field label={text.recovery_code} value={code} onText={set_code} autocomplete="off" autocapitalize="characters" spellcheck={false} />
          : <Field label={text.code} value={code} onText={set_code} autocomplete="one-time-code" inputmode="numeric" hint={text.code_hint} />}
        <button class="primary" disabled={runs}>{text.sign_in}</button>
      </Form>
      {door.Passkeys && has_passkeys() &&
        <button type="button" disabled={runs} onClick={() => run(async () => onSession(await sign_in_by_passkey()))}>{text.by_passkey}</button>}
      <ByProvider />
      <div class="row">
        <button type="button" class="plain" onClick={() => {
          set_by_recovery(!by_recovery);
          set_code('');
        }}>{by_recovery ? text.use_code : text.use_recovery_code}</button>
        <button type="button" class="plain" onClick={() => set_forgotten(true)}>{text.forgotten}</button>
      </div>
      <Contact />
    </>
  );
}

function Forgotten({login: typed, onBack}: {login: string; onBack: () => void}) {
  const {text} = usePage();
  const [login, set_login] = useState(typed);
  const [sent, set_sent] = useState(false);
  const {runs, error, run} = useTask();
  return (
    <>
      <p>{text.forgotten_text}</p>
      <Refusal error={error} refused={text.failed} />
      {sent
        ? <Notice tone="ok">{text.link_asked}</Notice>
        : <Form onSend={() => run(async () => {
          await call('POST', '/api/password/reset', {Login: login.trim()});
          set_sent(true);
        })}>
          <Field label={text.login} value={login} onText={set_login} autocomplete="username" autocapitalize="off" spellcheck={false} required />
          <button class="primary" disabled={runs}>{text.send_link}</button>
        </Form>}
      <div><button type="button" class="plain" onClick={onBack}>{text.back}</button></div>
      <Contact />
    </>
  );
}
