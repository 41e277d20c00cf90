// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {bytes_text} from '../common/language';
import {Dialog, Notice, useTask} from '../common/parts';
import {new_uid, pdf_file, picture_file, report_file, type Origin} from './dicom_writer';
import {tags, value, type DataSet, type Share} from './dicomweb';
import {address_of} from './entry';
import {failure_text, usePage, type Me} from './page';
import type {Messages} from './messages';
import {NotStored, store} from './store';
import {Patient, search_studies, StudyTitle} from './study';

function reason_text(error: unknown, text: Messages): string {
  if (error instanceof NotStored) {
    const key = error.reason.toString(16).toUpperCase().padStart(4, '0');
    return text.store_reasons[key as keyof Messages['store_reasons']] ?? text.not_stored;
  }
  return failure_text(error, text, text.not_stored);
}

/** A report, or documents, about a study of the share: they become DICOM here and are stored under the patient there. */
export function GiveBack({share, me}: {share: Share; me: Me | null}) {
  const {text, door} = usePage();
  const [studies, set_studies] = useState<DataSet[] | null>(null);
  const [chosen, set_chosen] = useState(0);
  const [error, set_error] = useState<unknown>(null);
  useEffect(() => {
    const gone = new AbortController();
    search_studies(share.ID, gone.signal).then(set_studies, failure => gone.signal.aborted || set_error(failure));
    return () => gone.abort();
  }, [share.ID]);
  const study = studies?.[chosen];
  const author = me?.Name ?? '';
  return (
    <main>
      <nav aria-label={text.place}><a href={address_of({name: 'share', share: share.ID})}>{text.shared_study}</a></nav>
      <h1>{text.give_back_to(door.Institution)}</h1>
      {error !== null && <Notice tone="danger">{failure_text(error, text, text.unavailable)}</Notice>}
      {!studies && error === null && <p role="status">{text.loading}</p>}
      {studies && studies.length > 1 && <fieldset class="card">
        <legend class="visually-hidden">{text.which_study}</legend>
        {studies.map((each, at) => <label key={value(each, tags.study)}>
          <input type="radio" name="study" checked={at === chosen} onChange={() => set_chosen(at)} /> <StudyTitle study={each} />
        </label>)}
      </fieldset>}
      {study && <div key={value(study, tags.study)} class="card">
        <h2><StudyTitle study={study} /></h2>
        <Patient study={study} />
      </div>}
      {study && <Report key={`report-${chosen}`} share={share} study={study} author={author} />}
      {study && share.Permissions.includes('return-documents') && <Documents key={`files-${chosen}`} share={share} study={study} author={author} />}
    </main>
  );
}

interface Target {
  share: Share;
  study: DataSet;
  author: string;
}

function Text({label, value: typed, onText}: {label: string; value: string; onText: (text: string) => void}) {
  const id = useId();
  return (
    <div>
      <label for={id}>{label}</label>
      <textarea id={id} value={typed} maxLength={20_000} onInput={event => onText(event.currentTarget.value)} />
    </div>
  );
}

function Report({share, study, author}: Target) {
  const {text, door} = usePage();
  const [findings, set_findings] = useState('');
  const [conclusion, set_conclusion] = useState('');
  const [is_checking, set_is_checking] = useState(false);
  const [is_stored, set_is_stored] = useState(false);
  const {runs, error, run} = useTask();
  const send = () => run(async () => {
    const report = report_file({study, author, series: new_uid(), number: 1}, findings.trim(), conclusion.trim());
    await store(share.ID, report, () => undefined, new AbortController().signal);
    set_findings('');
    set_conclusion('');
    set_is_stored(true);
    set_is_checking(false);
  });
  const is_empty = !findings.trim() && !conclusion.trim();
  return (
    <section class="card">
      <h2>{text.write_report}</h2>
      {is_stored && is_empty && <Notice tone="ok">{text.report_stored}</Notice>}
      <Text label={text.findings} value={findings} onText={set_findings} />
      <Text label={text.conclusion} value={conclusion} onText={set_conclusion} />
      <div><button type="button" disabled={is_empty} onClick={() => set_is_checking(true)}>{text.check_report}</button></div>
      {is_checking && <Dialog title={text.check_report} onCancel={() => set_is_checking(false)}>
        <div class="checked">
          <Patient study={study} />
          {findings.trim() && <><h3>{text.findings}</h3><p class="typed">{findings.trim()}</p></>}
          {conclusion.trim() && <><h3>{text.conclusion}</h3><p class="typed">{conclusion.trim()}</p></>}
          {author && <p class="small">{text.author} {author}</p>}
          {error !== null && <Notice tone="danger">{reason_text(error, text)}</Notice>}
          <div class="row">
            <button type="button" class="primary" disabled={runs} onClick={send}>{text.send_to(door.Institution)}</button>
            <button type="button" disabled={runs} onClick={() => set_is_checking(false)}>{text.back}</button>
          </div>
        </div>
      </Dialog>}
    </section>
  );
}

const most_files = 20;

interface Sent {
  key: string;
  file: File;
  state: 'waiting' | 'sending' | 'stored' | 'refused';
  part: number;
  error?: unknown;
}

/** Not what a file is called counts but what it is: a PDF begins as one. */
async function object_of(file: File, origin: Origin): Promise<Blob | null> {
  const begins = new TextDecoder('latin1').decode(await file.slice(0, 5).arrayBuffer());
  if (begins === '%PDF-') return pdf_file(origin, file);
  return picture_file(origin, file).catch(() => null);
}

class NoDocument extends Error {}

function Documents({share, study, author}: Target) {
  const {text, door} = usePage();
  const [sent, set_sent] = useState<Sent[]>([]);
  const [ended] = useState(() => new AbortController());
  const series = useRef(new_uid());
  const count = useRef(0);
  const is_running = useRef(false);
  const queue = useRef<Sent[]>([]);
  const id = useId();
  useEffect(() => () => ended.abort(), [ended]);

  const change = (key: string, next: Partial<Sent>) => set_sent(all => all.map(each => (each.key === key ? {...each, ...next} : each)));

  /** One after another: a line that is slow is not made slower. */
  const work = async () => {
    if (is_running.current) return;
    is_running.current = true;
    for (let each; (each = queue.current.shift());) {
      const {key, file} = each;
      change(key, {state: 'sending', part: 0});
      try {
        const object = await object_of(file, {study, author, series: series.current, number: ++count.current});
        if (!object) throw new NoDocument();
        await store(share.ID, object, part => change(key, {part}), ended.signal);
        change(key, {state: 'stored'});
      } catch (error) {
        if (ended.signal.aborted) break;
        change(key, {state: 'refused', error});
      }
    }
    is_running.current = false;
  };
  const add = (files: Iterable<File>) => {
    const fresh = [...files].slice(0, most_files).map(file => ({key: new_uid(), file, state: 'waiting' as const, part: 0}));
    set_sent(all => [...all, ...fresh]);
    queue.current.push(...fresh);
    void work();
  };
  const again = (each: Sent) => {
    change(each.key, {state: 'waiting', part: 0});
    queue.current.push(each);
    void work();
  };
  return (
    <section class="card" onDragOver={event => event.preventDefault()} onDrop={event => {
      event.preventDefault();
      add(event.dataTransfer?.files ?? []);
    }}>
      <h2>{text.send_files}</h2>
      <p class="small">{text.files_text(door.Institution)}</p>
      <div>
        <label for={id}>{text.choose_files}</label>
        <input id={id} type="file" multiple accept="application/pdf,image/*" onChange={event => {
          add(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }} />
      </div>
      <ul class="rows" aria-live="polite">
        {sent.map(each => <li key={each.key} class="row">
          <span class="grow">{each.file.name} <span class="small">{bytes_text(each.file.size)}</span></span>
          {each.state === 'waiting' && <span>{text.waiting}</span>}
          {each.state === 'sending' && <progress max={1} value={each.part} aria-label={each.file.name}>{Math.round(each.part * 100)} %</progress>}
          {each.state === 'stored' && <span class="badge ok">{text.stored}</span>}
          {each.state === 'refused' && <>
            <span class="badge warn">{text.refused}</span>
            <span>{each.error instanceof NoDocument ? text.no_document : reason_text(each.error, text)}</span>
            {!(each.error instanceof NoDocument) && <button type="button" onClick={() => again(each)}>{text.again}</button>}
          </>}
        </li>)}
      </ul>
    </section>
  );
}
