// SPDX-License-Identifier: GPL-3.0-or-later
import {useState} from 'preact/hooks';
import {call} from '../common/api';
import {bytes_text, dicom_day, time_text} from '../common/language';
import {Field, Form, Notice, useTask} from '../common/parts';
import type {Messages} from './messages';
import {failure_text, query, spoken, usePage} from './page';

/** GET /audit: one entry of the access log. */
export interface Entry {
  Seq: number;
  Time: string;
  Event: string;
  Outcome: number;
  Detail?: string;
  Source?: string;
  Authentication?: string;
  Share?: string;
  Purpose?: string;
  Actor?: string;
  RecipientName?: string;
  Instances?: number;
  Bytes?: number;
  Intent?: number;
  Objects?: {PatientID?: string}[];
  Studies?: {PatientName?: string; Date?: string; Modalities?: string; Description?: string}[];
  Facts?: Record<string, string>;
}

/** By event, or by event and detail where that says more; what is not known shows its code. */
function sentence(entry: Entry, text: Messages): string {
  const {acts} = text;
  const names = [`${entry.Event}:${entry.Detail ?? ''}`, entry.Event];
  const known = names.find((name): name is keyof typeof acts => name in acts);
  return known ? acts[known] : [entry.Event, entry.Detail].filter(Boolean).join(' ');
}

const is_end = ({Event}: Entry): boolean => Event === 'transfer.end' || Event === 'return.end';

/** Beginning and end are one line: that of the beginning, with what came of it. */
export function Entries({entries}: {entries: Entry[]}) {
  const {text} = usePage();
  const ends = new Map(entries.filter(is_end).map(each => [each.Intent, each]));
  const begun = new Set(entries.map(({Seq}) => Seq));
  const lines = entries.filter(each => !is_end(each) || !begun.has(each.Intent ?? -1));
  if (lines.length === 0) return <p>{text.no_records}</p>;
  return <ol class="table">{lines.map(each => <li key={each.Seq}><Line entry={each} end={ends.get(each.Seq)} /></li>)}</ol>;
}

function Line({entry, end}: {entry: Entry; end: Entry | undefined}) {
  const {text, language} = usePage();
  const who = entry.Actor || entry.RecipientName || (entry.Source ? text.somebody_at(entry.Source) : text.this_program);
  const study = entry.Studies?.[0];
  const patients = new Set(entry.Objects?.map(({PatientID}) => PatientID).filter(Boolean));
  const day = study?.Date ? dicom_day(study.Date) : '';
  const images = end?.Instances ?? entry.Instances;
  const about = [
    entry.Authentication === 'staff' && entry.RecipientName,
    study?.PatientName && spoken(study.PatientName.split('=').find(Boolean)),
    patients.size === 1 && [...patients][0],
    typeof day === 'string' ? day : day.toLocaleDateString(language),
    study?.Modalities?.replaceAll('\\', ' '),
    study?.Description,
  ].filter(Boolean).join(' ');
  return (
    <div class="record">
      <time>{time_text(new Date(entry.Time), language)}</time>
      <div>
        <div>{text.did(entry.Actor && entry.RecipientName && entry.Authentication !== 'staff' ? text.of_house(entry.Actor, entry.RecipientName) : who, sentence(entry, text))}
          {entry.Outcome > 0 && <> <span class="badge warn">{text.not_done}</span></>}</div>
        <div class="small">{[about, images !== undefined && text.images(images), end?.Bytes !== undefined && bytes_text(end.Bytes),
          entry.Source && entry.Actor && text.from(entry.Source), entry.Purpose].filter(Boolean).join(' · ')} <span class="id">#{entry.Seq}</span></div>
      </div>
    </div>
  );
}

interface Found {
  Entries: Entry[];
  Next?: number;
}

/** The access log in sentences, newest first. */
export function Records() {
  const {text} = usePage();
  const [asked, set_asked] = useState({patient: '', actor: '', from: '', to: ''});
  const [found, set_found] = useState<Found | null>(null);
  const {runs, error, run} = useTask();
  const moment = (day: string, time: string) => (day ? new Date(`${day}T${time}`).toISOString() : '');
  const ask = (after = '') => run(async () => {
    const {patient, actor, from, to} = asked;
    const page = await call<Found>('GET', `api/audit?${query({order: 'desc', limit: '100', after, patient: patient.trim(), actor: actor.trim(),
      since: moment(from, '00:00:00'), until: moment(to, '23:59:59.999')})}`);
    set_found(before => (after && before ? {...page, Entries: [...before.Entries, ...page.Entries]} : page));
  });
  return (
    <>
      <h1>{text.places.records}</h1>
      <Notice tone="warn">{text.looking_is_on_record}</Notice>
      <Form onSend={() => void ask()}>
        <div class="filters">
          <div class="grow"><Field label={text.patient_id} value={asked.patient} onText={patient => set_asked({...asked, patient})} autocomplete="off" maxlength={64} /></div>
          <div class="grow"><Field label={text.who} value={asked.actor} onText={actor => set_asked({...asked, actor})} autocomplete="off" /></div>
          <label>{text.from_day}<input type="date" value={asked.from} onInput={event => set_asked({...asked, from: event.currentTarget.value})} /></label>
          <label>{text.to_day}<input type="date" value={asked.to} onInput={event => set_asked({...asked, to: event.currentTarget.value})} /></label>
          <button class="primary" disabled={runs}>{text.show_records}</button>
        </div>
      </Form>
      {error !== null && <Notice tone="danger">{failure_text(error, text)}</Notice>}
      {runs && !found && <p role="status">{text.loading}</p>}
      {found && <Entries entries={found.Entries} />}
      {found?.Next !== undefined && <button type="button" disabled={runs} onClick={() => void ask(String(found.Next))}>{text.more}</button>}
    </>
  );
}
