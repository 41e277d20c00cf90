// SPDX-License-Identifier: GPL-3.0-or-later
import {useState} from 'preact/hooks';
import {call} from '../common/api';
import {day_text} from '../common/language';
import {Dialog, Field, Form, Notice, useTask} from '../common/parts';
import {failure_text, house_of, may, useAnswer, usePage, type Permission, type Person, type Recipient} from './page';
import {RecipientForm, type RecipientTexts} from './recipients';
import {forget_recipient} from './shares';

interface Token {
  ID: string;
  Name: string;
  ExpiresAt: string;
  Status: 'live' | 'suspended' | 'expired' | 'revoked';
  Permissions: Permission[];
}

/** What is shown once, and never again. */
interface Secret {
  title: string;
  words: string;
  hint: string;
}

export function RecipientPage({id}: {id: string}) {
  const {text, caller} = usePage();
  const {answer: recipient, error, again} = useAnswer<Recipient>(id ? `api/recipients/${id}` : null);
  const [changes, set_changes] = useState(false);
  const [secret, set_secret] = useState<Secret | null>(null);
  const {runs, error: failure, run} = useTask();
  const administers = may(caller, 'administer');
  const refresh = () => {
    forget_recipient(id);
    again();
  };
  if (error !== null || !id) return <Notice tone="danger">{id ? failure_text(error, text) : text.not_there}</Notice>;
  if (!recipient) return <p role="status">{text.loading}</p>;
  const switch_to = (act: 'disable' | 'enable') => run(async () => {
    await call('POST', `api/recipients/${id}/${act}`, {});
    refresh();
  });
  return (
    <>
      <h1>{house_of(recipient)}</h1>
      <section class="card">
        {recipient.Status === 'disabled' && <Notice tone="warn">{text.recipient_disabled}</Notice>}
        {changes
          ? <RecipientForm start={texts_of(recipient)} onCancel={() => set_changes(false)} send={async (texts, seen) => {
            await call('PUT', `api/recipients/${id}`, {...texts, LookAlikesSeen: seen});
            set_changes(false);
            refresh();
          }} />
          : <dl>{(['Name', 'Kana', 'Department', 'Place', 'Telephone', 'Email'] as const).filter(name => recipient[name]).map(name =>
            <><dt>{text.fields[name]}</dt><dd>{recipient[name]}</dd></>)}
          <dt>{text.fields.Networks}</dt><dd class="id wraps">{recipient.Networks.join(' ') || '–'}</dd></dl>}
        {failure !== null && <Notice tone="danger">{failure_text(failure, text)}</Notice>}
        {administers && !changes && <div class="row">
          <button type="button" onClick={() => set_changes(true)}>{text.change}</button>
          {recipient.Status === 'active'
            ? <button type="button" class="danger" disabled={runs} onClick={() => void switch_to('disable')}>{text.disable}</button>
            : <button type="button" disabled={runs} onClick={() => void switch_to('enable')}>{text.enable}</button>}
        </div>}
      </section>
      <People id={id} onSecret={set_secret} />
      {may(caller, 'administer', 'audit') && <Tokens id={id} onSecret={set_secret} />}
      {secret && <Dialog title={secret.title}>
        <p>{secret.hint}</p>
        <p class="id secret">{secret.words}</p>
        <div class="row"><button type="button" onClick={() => void navigator.clipboard.writeText(secret.words)}>{text.copy}</button>
          <button type="button" class="primary" onClick={() => set_secret(null)}>{text.it_is_kept}</button></div>
      </Dialog>}
    </>
  );
}

const texts_of = ({Name, Kana, Organisation, Department, Place, Telephone, Email, Language, Networks}: Recipient): RecipientTexts =>
  ({Name, Kana, Organisation, Department, Place, Telephone, Email, Language, Networks});

function People({id, onSecret}: {id: string; onSecret: (secret: Secret) => void}) {
  const {text, caller} = usePage();
  const {answer, error, again} = useAnswer<{People: Person[]}>(`api/recipients/${id}/people`);
  const [fresh, set_fresh] = useState({Login: '', Name: '', Email: ''});
  const task = useTask();
  const administers = may(caller, 'administer');
  const act = (work: () => Promise<unknown>) => task.run(async () => {
    await work();
    again();
  });
  const invite = (person: Person) => act(async () => {
    const made = await call<{Link: string}>('POST', `api/recipients/${id}/people/${person.ID}/invite`, {});
    onSecret({title: text.invitation_of(person.Name), words: made.Link, hint: text.invitation_hint});
  });
  return (
    <section class="card">
      <h2>{text.people}</h2>
      {(error ?? task.error) !== null && <Notice tone="danger">{failure_text(error ?? task.error, text)}</Notice>}
      {answer?.People.length === 0 && <p>{text.no_people}</p>}
      <ul class="rows">{answer?.People.map(person => <li key={person.ID} class="row">
        <span class="grow who"><strong>{person.Name}</strong><span class="small"><span class="id">{person.Login}</span> {person.Email}</span></span>
        <span class="badge">{text.person_statuses[person.Status]}</span>
        {administers && <>
          {person.Status !== 'disabled' && <button type="button" disabled={task.runs} aria-label={text.of(text.invite, person.Name)} onClick={() => void invite(person)}>{text.invite}</button>}
          {person.Status !== 'disabled' && <button type="button" disabled={task.runs} aria-label={text.of(text.end_sessions, person.Name)}
            onClick={() => void act(() => call('POST', `api/recipients/${id}/people/${person.ID}/sessions/end`, {}))}>{text.end_sessions}</button>}
          <button type="button" disabled={task.runs} aria-label={text.of(person.Status === 'disabled' ? text.enable : text.disable, person.Name)}
            onClick={() => void act(() => call('POST', `api/recipients/${id}/people/${person.ID}/${person.Status === 'disabled' ? 'enable' : 'disable'}`, {}))}>
            {person.Status === 'disabled' ? text.enable : text.disable}</button>
        </>}
      </li>)}</ul>
      {administers && <details><summary>{text.add_person}</summary><div class="folded"><Form onSend={() => void act(async () => {
        await call('POST', `api/recipients/${id}/people`, {Login: fresh.Login, Name: fresh.Name, ...(fresh.Email && {Email: fresh.Email})});
        set_fresh({Login: '', Name: '', Email: ''});
      })}>
        <Field label={text.person_name} value={fresh.Name} onText={Name => set_fresh({...fresh, Name})} required maxlength={200} autocomplete="off" />
        <Field label={text.login} hint={text.login_hint} value={fresh.Login} onText={Login => set_fresh({...fresh, Login})} required maxlength={64} autocomplete="off" autocapitalize="off" spellcheck={false} />
        <Field label={text.fields.Email} value={fresh.Email} onText={Email => set_fresh({...fresh, Email})} autocomplete="off" />
        <div><button class="primary" disabled={task.runs}>{text.add_person}</button></div>
      </Form></div></details>}
    </section>
  );
}

function Tokens({id, onSecret}: {id: string; onSecret: (secret: Secret) => void}) {
  const {text, language, caller} = usePage();
  const {answer, error, again} = useAnswer<{Tokens: Token[]}>(`api/recipients/${id}/tokens`);
  const [name, set_name] = useState('');
  const task = useTask();
  const administers = may(caller, 'administer');
  const act = (work: () => Promise<unknown>) => task.run(async () => {
    await work();
    again();
  });
  return (
    <section class="card">
      <h2>{text.tokens}</h2>
      <p class="small">{text.tokens_text}</p>
      {(error ?? task.error) !== null && <Notice tone="danger">{failure_text(error ?? task.error, text)}</Notice>}
      <ul class="rows">{answer?.Tokens.map(token => <li key={token.ID} class="row">
        <span class="grow who"><strong>{token.Name}</strong><span class="small">{text.until} {day_text(new Date(token.ExpiresAt), language)} · {token.Permissions.map(each => text.permissions[each]).join(text.comma)}</span></span>
        <span class="badge">{text.token_statuses[token.Status]}</span>
        {administers && (token.Status === 'live' || token.Status === 'suspended') && <button type="button" disabled={task.runs} aria-label={text.of(text.revoke_token, token.Name)}
          onClick={() => void act(() => call('POST', `api/recipients/${id}/tokens/${token.ID}/revoke`, {}))}>{text.revoke_token}</button>}
      </li>)}</ul>
      {administers && <details><summary>{text.add_token}</summary><div class="folded"><Form onSend={() => void act(async () => {
        const made = await call<{Token: string}>('POST', `api/recipients/${id}/tokens`, {Name: name});
        set_name('');
        onSecret({title: text.token_of(name), words: made.Token, hint: text.shown_once});
      })}>
        <Field label={text.token_name} value={name} onText={set_name} required maxlength={200} autocomplete="off" />
        <div><button class="primary" disabled={task.runs}>{text.add_token}</button></div>
      </Form></div></details>}
    </section>
  );
}
