// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useState} from 'preact/hooks';
import {call} from '../common/api';
import {day_text} from '../common/language';
import {Dialog, Field, Form, Notice, useTask} from '../common/parts';
import {failure_text, may, query, usePage} from './page';

interface Consent {
  ID: string;
  PatientID: string;
  Purpose: string;
  ValidUntil: string;
  ObtainedBy: string;
  Reference: string;
  Status: keyof ReturnType<typeof usePage>['text']['consent_statuses'];
  EndedShares?: string[];
}

interface Found {
  Consents: Consent[];
  Next?: string;
}

export function Consents() {
  const {text, language, caller} = usePage();
  const [patient, set_patient] = useState('');
  const [found, set_found] = useState<Found | null>(null);
  const [ending, set_ending] = useState<Consent | null>(null);
  const [ended, set_ended] = useState<number | null>(null);
  const {error, run} = useTask();
  // The PatientID goes in a body: addresses are logged by proxies.
  const ask = (after = '') => run(async () => {
    const id = patient.trim();
    const page = id ? await call<Found>('POST', 'api/consents/search', {PatientID: id}) : await call<Found>('GET', `api/consents?${query({order: 'desc', limit: '50', after})}`);
    set_found(before => (after && before ? {...page, Consents: [...before.Consents, ...page.Consents]} : page));
  });
  useEffect(() => void ask(), []);
  return (
    <>
      <h1>{text.places.consents}</h1>
      <Form onSend={() => void ask()}>
        <div class="filters"><div class="grow"><Field label={text.patient_id} value={patient} onText={set_patient} autocomplete="off" maxlength={64} /></div><button>{text.search}</button></div>
      </Form>
      {may(caller, 'share') && <NewConsent onMade={() => void ask()} />}
      {ended !== null && <Notice tone="ok">{text.consent_ended(ended)}</Notice>}
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      {found?.Consents.length === 0 && <p>{text.no_consents}</p>}
      {found && found.Consents.length > 0 && <ul class="table">{found.Consents.map(each => <li key={each.ID}><div class="row">
        <span class="grow who"><strong class="id">{each.PatientID}</strong><span>{each.Purpose}</span>
          <span class="small">{text.until} {day_text(new Date(each.ValidUntil), language)} · {each.ObtainedBy} {each.Reference}</span></span>
        <span class="badge">{text.consent_statuses[each.Status] ?? each.Status}</span>
        {may(caller, 'share', 'approve', 'administer') && each.Status !== 'withdrawn' && each.Status !== 'expired' &&
          <button type="button" aria-label={text.of(text.withdraw, each.PatientID)} onClick={() => set_ending(each)}>{text.withdraw}</button>}
      </div></li>)}</ul>}
      {found?.Next && <button type="button" onClick={() => void ask(found.Next)}>{text.more}</button>}
      {ending && <Withdrawal consent={ending} onCancel={() => set_ending(null)} onDone={count => {
        set_ending(null);
        set_ended(count);
        void ask();
      }} />}
    </>
  );
}

function NewConsent({onMade}: {onMade: () => void}) {
  const {text} = usePage();
  const start = {PatientID: '', Purpose: '', ValidUntil: '', ObtainedBy: '', Reference: ''};
  const [fresh, set_fresh] = useState(start);
  const {runs, error, run} = useTask();
  const send = () => run(async () => {
    // To the end of that day, where the hospital is.
    await call('POST', 'api/consents', {PatientID: fresh.PatientID, Purpose: fresh.Purpose, ObtainedBy: fresh.ObtainedBy, Reference: fresh.Reference,
      ValidUntil: new Date(`${fresh.ValidUntil}T23:59:59`).toISOString()});
    set_fresh(start);
    onMade();
  });
  return (
    <details><summary>{text.add_consent}</summary><div class="folded"><Form onSend={() => void send()}>
      <Field label={text.patient_id} value={fresh.PatientID} onText={PatientID => set_fresh({...fresh, PatientID})} required maxlength={64} autocomplete="off" />
      <Field label={text.purpose} value={fresh.Purpose} onText={Purpose => set_fresh({...fresh, Purpose})} required autocomplete="off" />
      <label>{text.valid_until}<input type="date" required value={fresh.ValidUntil} onInput={event => set_fresh({...fresh, ValidUntil: event.currentTarget.value})} /></label>
      <Field label={text.obtained_by} value={fresh.ObtainedBy} onText={ObtainedBy => set_fresh({...fresh, ObtainedBy})} required maxlength={200} autocomplete="off" />
      <Field label={text.reference} value={fresh.Reference} onText={Reference => set_fresh({...fresh, Reference})} maxlength={200} autocomplete="off" />
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      <div><button class="primary" disabled={runs}>{text.add_consent}</button></div>
    </Form></div></details>
  );
}

function Withdrawal({consent, onCancel, onDone}: {consent: Consent; onCancel: () => void; onDone: (ended: number) => void}) {
  const {text} = usePage();
  const [reason, set_reason] = useState('');
  const {runs, error, run} = useTask();
  return (
    <Dialog title={text.withdraw} onCancel={onCancel}>
      <p><span class="id">{consent.PatientID}</span> {consent.Purpose}</p>
      <p>{text.withdraw_text}</p>
      <Form onSend={() => void run(async () => onDone((await call<Consent>('POST', `api/consents/${consent.ID}/withdraw`, {Reason: reason})).EndedShares?.length ?? 0))}>
        <Field label={text.reason} value={reason} onText={set_reason} required maxlength={500} autocomplete="off" />
        {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
        <div class="row"><button class="primary" disabled={runs}>{text.withdraw}</button><button type="button" onClick={onCancel}>{text.cancel}</button></div>
      </Form>
    </Dialog>
  );
}
