// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call, Refused} from '../common/api';
import {Field, Form, Notice, useTask} from '../common/parts';
import {failure_text, may, query, usePage, type Recipient} from './page';
import {RecipientWords} from './recipient_choice';

interface Found {
  Recipients: Recipient[];
  Next?: string;
}

export function Recipients() {
  const {text, caller} = usePage();
  const [words, set_words] = useState('');
  const [found, set_found] = useState<Found | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [registers, set_registers] = useState(false);
  const ask = async (after: string, signal?: AbortSignal) => {
    set_error(null);
    try {
      const page = await call<Found>('GET', `api/recipients?${query({search: words.trim(), look_alikes: 'true', limit: '50', after})}`, undefined, signal);
      set_found(before => (after && before ? {...page, Recipients: [...before.Recipients, ...page.Recipients]} : page));
    } catch (failure) {
      if (!signal?.aborted) set_error(failure);
    }
  };
  useEffect(() => {
    const gone = new AbortController();
    const timer = setTimeout(() => void ask('', gone.signal), found ? 250 : 0);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [words]);
  return (
    <>
      <h1>{text.places.recipients}</h1>
      <div class="filters" role="search">
        <label class="grow">{text.find_recipient}<input value={words} autocomplete="off" spellcheck={false} onInput={event => set_words(event.currentTarget.value)} /></label>
        {may(caller, 'administer') && !registers && <button type="button" onClick={() => set_registers(true)}>{text.register}</button>}
      </div>
      {registers && <section class="card"><h2>{text.register}</h2>
        <RecipientForm start={empty} onCancel={() => set_registers(false)} send={async (recipient, seen) => {
          const made = await call<Recipient>('POST', 'api/recipients', {...recipient, LookAlikesSeen: seen});
          location.hash = `recipient/${made.ID}`;
        }} /></section>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}<div><button type="button" onClick={() => void ask('')}>{text.again}</button></div></Notice>}
      {!found && error === null && <p role="status">{text.loading}</p>}
      {found?.Recipients.length === 0 && <p>{text.no_recipient}</p>}
      {found && found.Recipients.length > 0 && <ul class="table">
        {found.Recipients.map(each => <li key={each.ID}><a class="share-row" href={`#recipient/${each.ID}`}>
          <RecipientWords recipient={each} />
          <span>{each.LookAlikes && each.LookAlikes.length > 0 && <span class="badge warn">{text.alike}</span>}</span>
        </a></li>)}
      </ul>}
      {found?.Next && <button type="button" onClick={() => void ask(found.Next ?? '')}>{text.more}</button>}
    </>
  );
}

export type RecipientTexts = Pick<Recipient, 'Name' | 'Kana' | 'Organisation' | 'Department' | 'Place' | 'Telephone' | 'Email' | 'Language' | 'Networks'>;
const empty: RecipientTexts = {Name: '', Kana: '', Organisation: '', Department: '', Place: '', Telephone: '', Email: '', Language: 'ja', Networks: []};
const texts = ['Organisation', 'Name', 'Kana', 'Department', 'Place', 'Telephone', 'Email'] as const;

/** Who looks like somebody who is there already is asked about before anything is made. */
export function RecipientForm({start, send, onCancel}: {start: RecipientTexts; send: (recipient: RecipientTexts, seen: string[]) => Promise<void>; onCancel: () => void}) {
  const {text} = usePage();
  const [recipient, set_recipient] = useState(start);
  const [networks, set_networks] = useState(start.Networks.join(' '));
  const [alike, set_alike] = useState<Recipient[]>([]);
  const {runs, error, run} = useTask();
  const submit = () => run(async () => {
    try {
      await send({...recipient, Networks: networks.split(/[\s,]+/).filter(Boolean)}, alike.map(each => each.ID));
    } catch (failure) {
      const found = failure instanceof Refused && failure.status === 409 ? failure.body['LookAlikes'] : null;
      if (!Array.isArray(found)) throw failure;
      set_alike(found as Recipient[]);
    }
  });
  return (
    <Form onSend={() => void submit()}>
      {texts.map(name => <Field key={name} label={text.fields[name]} value={recipient[name]} required={name === 'Name'} autocomplete="off" maxlength={200}
        onText={value => {
          set_alike([]);
          set_recipient({...recipient, [name]: value});
        }} />)}
      <label>{text.fields.Language}<select value={recipient.Language} onChange={event => set_recipient({...recipient, Language: event.currentTarget.value === 'en' ? 'en' : 'ja'})}>
        <option value="ja">日本語</option><option value="en">English</option></select></label>
      <Field label={text.fields.Networks} hint={text.networks_hint} value={networks} onText={set_networks} autocomplete="off" />
      {alike.length > 0 && <Notice tone="warn">{text.is_one_meant}
        <ul>{alike.map(each => <li key={each.ID}><a href={`#recipient/${each.ID}`}><RecipientWords recipient={each} /></a></li>)}</ul></Notice>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      <div class="row"><button class="primary" disabled={runs}>{alike.length > 0 ? text.none_is_meant : text.save}</button>
        <button type="button" onClick={onCancel}>{text.cancel}</button></div>
    </Form>
  );
}
