// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useRef, useState} from 'preact/hooks';
import {call, Refused} from '../common/api';
import {day_text, dicom_day} from '../common/language';
import {Dialog, Field, Notice, useTask} from '../common/parts';
import type {Made} from './done';
import {failure_text, folded, house_of, now_ms, query, useAnswer, usePage, type Assurance, type MadeShare, type Person, type Recipient, type Share, type Study} from './page';
import {PreviewPanel, risks_to_tick, type Preview} from './preview';
import {RecipientChoice} from './recipient_choice';
import {Patient} from './studies';
import {templates, undo_ms, type Template} from './templates';

const assurances: Assurance[] = ['password+totp', 'password', 'certificate', 'link'];
const day_ms = 86_400_000;
/** HL7 v3 PurposeOfUse: where shares lean on consents, both say the same code. */
const consent_purpose = 'TREAT';

interface Terms {
  template: Template;
  days: number;
  assurance: Assurance;
  person: string;
  is_at_once: boolean;
  purpose: string;
}

/** What both calls say alike: a preview of something else would be none. */
const body_of = (study: Study, recipient: Recipient, {template, days, assurance, person, purpose}: Terms) => ({
  Recipient: recipient.ID,
  Scope: {Level: 'Study', OrthancIds: [study.ID]},
  Profile: template.profile,
  Permissions: template.permissions,
  Assurance: assurance,
  IntendedUse: template.use,
  ExpiresAt: new Date(now_ms() + days * day_ms).toISOString(),
  ...(person && {Person: person}),
  ...(purpose && {Purpose: purpose}),
});

/** Which look at files a call waits for; random, as nobody else may name it. */
const new_look = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

export function ShareDialog({study, onCancel, onMade}: {study: Study; onCancel: () => void; onMade: (made: Made) => void}) {
  const {text, language, settings} = usePage();
  const [recipient, set_recipient] = useState<Recipient | null>(null);
  const [terms, set_terms] = useState<Terms>({
    template: templates[0], days: Math.min(templates[0].days, settings.MaximumExpiryDays), assurance: templates[0].assurance,
    person: '', is_at_once: false, purpose: settings.RequireConsent ? consent_purpose : text.templates[templates[0].name]});
  const [preview, set_preview] = useState<Preview | null>(null);
  const [preview_error, set_preview_error] = useState<unknown>(null);
  const [ticked, set_ticked] = useState<ReadonlySet<string>>(new Set());
  const [is_seen, set_is_seen] = useState(false);
  const [digits, set_digits] = useState('');
  const [turn, set_turn] = useState(0);
  const key = useRef(new_look());  // of this share, however often it has to be sent
  const {runs, error, run} = useTask();
  const {template} = terms;

  const paired = useAnswer<{Shares: Share[]}>(recipient && `api/shares?${query({recipient: recipient.ID, patient: study.PatientID, limit: '1'})}`);
  const people = useAnswer<{People: Person[]}>(recipient && `api/recipients/${recipient.ID}/people`);
  const choose = (chosen: Recipient) => {
    set_recipient(chosen);
    set_terms({...terms, person: ''});
    set_digits('');
  };
  // What is shown is what is shared: whatever changes that asks anew.
  const asked = recipient && JSON.stringify([recipient.ID, template.name, terms.assurance, terms.person, settings.RequireConsent && terms.purpose]);
  useEffect(() => {
    set_preview(null);
    set_preview_error(null);
    set_ticked(new Set());
    set_is_seen(false);
    key.current = new_look();
    if (!recipient) return;
    const gone = new AbortController();
    call<Preview>('POST', 'api/shares/preview', body_of(study, recipient, terms), gone.signal)
      .then(set_preview, failure => gone.signal.aborted || set_preview_error(failure));
    return () => gone.abort();
  }, [asked, turn]);

  const is_first = paired.answer?.Shares.length === 0;
  const end_of_id = study.PatientID.slice(-3);
  const right_digits = folded(digits) === folded(end_of_id);
  const all_ticked = preview !== null && risks_to_tick(preview, template.profile).every(({Code}) => ticked.has(Code));
  const lacks_consent = preview !== null && preview.PatientsWithoutConsent.length > 0;
  const is_ready = recipient !== null && preview !== null && is_seen && all_ticked && !lacks_consent && paired.answer !== null && (!is_first || right_digits);
  const nobody_signs_in = people.answer !== null && terms.assurance !== 'link' && terms.assurance !== 'certificate' && !people.answer.People.some(each => each.Status === 'active');

  const send = () => run(async () => {
    if (!recipient || !preview || !is_ready) return;
    const body = {
      ...body_of(study, recipient, terms),
      ...(!terms.is_at_once && {NotBefore: new Date(now_ms() + undo_ms).toISOString()}),
      ...(preview.Acknowledgement && {Acknowledgement: preview.Acknowledgement}),
    };
    try {
      const share = await call<MadeShare>('POST', 'api/shares', body);
      onMade({share, recipient, study});
    } catch (failure) {
      // Risks that nobody has seen, or a restart since: it is looked at again.
      if (failure instanceof Refused && failure.status === 409 && 'Risks' in failure.body) set_turn(turn + 1);
      throw failure;
    }
  });
  const day = dicom_day(study.StudyDate);
  return (
    <Dialog title={text.share_title} width="wide" onCancel={onCancel}>
      <div class="columns">
        <div class="column">
          <div class="card">
            <Patient study={study} />
            <div>{typeof day === 'string' ? day : day_text(day, language)} {study.Modalities.join(' ')} {study.StudyDescription} {text.images(study.Instances)}</div>
          </div>
          <TemplateChoice terms={terms} people={people.answer?.People ?? []} onTerms={set_terms} />
          <RecipientChoice study={study} chosen={recipient} onChoose={choose} />
        </div>
        <section class="column" aria-label={text.what_they_see}>
          <h3>{text.what_they_see}</h3>
          {!recipient && <p class="small">{text.choose_first}</p>}
          {recipient && !preview && preview_error === null && <p role="status">{text.reading_images(study.Instances)}</p>}
          {preview_error !== null && <Notice tone="danger">{failure_text(preview_error, text)}
            <div><button type="button" onClick={() => set_turn(turn + 1)}>{text.again}</button></div></Notice>}
          {preview && <PreviewPanel preview={preview} profile={template.profile} ticked={ticked} onSeen={() => set_is_seen(true)}
            onTick={(code, is_ticked) => {
              const now = new Set(ticked);
              if (is_ticked) now.add(code); else now.delete(code);
              set_ticked(now);
            }} />}
          {lacks_consent && <Notice tone="danger">{text.lacks_consent}</Notice>}
          {preview && preview.LookAlikes.length > 0 && <Notice tone="warn">{text.not_meant}
            <ul>{preview.LookAlikes.map(each => <li key={each.ID}>{house_of(each)} {each.Organisation && each.Name} {each.Place}</li>)}</ul></Notice>}
          {nobody_signs_in && <Notice tone="warn">{text.nobody_signs_in}</Notice>}
          {recipient && is_first && <Field label={text.first_time} hint={text.first_time_hint} value={digits} onText={set_digits} autocomplete="off" maxlength={8} />}
          {is_first && digits.length >= end_of_id.length && !right_digits && <Notice tone="danger">{text.wrong_digits}</Notice>}
        </section>
      </div>
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      <div class="actions">
        <button type="button" onClick={onCancel}>{text.cancel}</button>
        <span class="small grow">{terms.is_at_once ? text.at_once : text.can_be_undone}</span>
        <button type="button" class="primary" disabled={!is_ready || runs} onClick={() => void send()}>
          {recipient ? text.share_with(house_of(recipient)) : text.share}</button>
      </div>
      {preview && !is_seen && <p class="small">{text.scroll_first}</p>}
    </Dialog>
  );
}

/** One line that is always seen and rarely opened. */
function TemplateChoice({terms, people, onTerms}: {terms: Terms; people: Person[]; onTerms: (terms: Terms) => void}) {
  const {text, settings} = usePage();
  const {template} = terms;
  const take = (chosen: Template) => onTerms({...terms, template: chosen, days: Math.min(chosen.days, settings.MaximumExpiryDays), assurance: chosen.assurance, purpose: settings.RequireConsent ? consent_purpose : text.templates[chosen.name]});
  const number = (asked: number) => Math.max(1, Math.min(settings.MaximumExpiryDays, Math.round(asked) || 1));
  return (
    <details>
      <summary>{text.terms(text.templates[template.name], terms.days, text.assurances[terms.assurance])}</summary>
      <div class="folded">
        <label>{text.template}<select value={template.name} onChange={event => {
          const chosen = templates.find(each => each.name === event.currentTarget.value);
          if (chosen) take(chosen);
        }}>{templates.map(each => <option key={each.name} value={each.name}>{text.templates[each.name]}</option>)}</select></label>
        <p class="small">{text.profiles[template.profile]} {template.permissions.map(each => text.permissions[each]).join(text.comma)} · {text.uses[template.use]}</p>
        <label>{text.days}<input type="number" min={1} max={settings.MaximumExpiryDays} value={terms.days} onChange={event => onTerms({...terms, days: number(event.currentTarget.valueAsNumber)})} /></label>
        <label>{text.assurance}<select value={terms.assurance} onChange={event => onTerms({...terms, assurance: event.currentTarget.value as Assurance})}>
          {assurances.filter(each => each !== 'link' || !terms.person).map(each => <option key={each} value={each}>{text.assurances[each]}</option>)}
        </select></label>
        {people.length > 0 && terms.assurance !== 'link' && <label>{text.person}<select value={terms.person} onChange={event => onTerms({...terms, person: event.currentTarget.value})}>
          <option value="">{text.everybody_there}</option>
          {people.filter(each => each.Status !== 'disabled').map(each => <option key={each.ID} value={each.ID}>{each.Name}</option>)}
        </select></label>}
        <Field label={text.purpose} value={terms.purpose} onText={purpose => onTerms({...terms, purpose})} autocomplete="off" maxlength={500} />
        <label class="tick"><input type="checkbox" checked={terms.is_at_once} onChange={event => onTerms({...terms, is_at_once: event.currentTarget.checked})} /><span>{text.make_at_once}</span></label>
      </div>
    </details>
  );
}
