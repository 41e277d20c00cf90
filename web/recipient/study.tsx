// SPDX-License-Identifier: GPL-3.0-or-later
import type {ComponentChildren} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {birth_text, day_text, dicom_day} from '../common/language';
import {Notice} from '../common/parts';
import {names, number, pages_of, root_of, search, tags, value, values, type DataSet, type Share} from './dicomweb';
import {address_of} from './entry';
import {failure_text, usePage} from './page';

/** Whose study it is: what people compare before they look at anything else. */
export function Patient({study}: {study: DataSet}) {
  const {text, language} = usePage();
  const [name = '', ...readings] = names(study, tags.patient_name);
  const birth = value(study, tags.birth_date);
  const sex = value(study, tags.sex);
  return (
    <div class="row">
      <strong class="patient">{name || text.nameless}</strong>
      {readings.length > 0 && <span class="small">{readings.join(' / ')}</span>}
      {sex && <span>{text.sexes[sex as keyof typeof text.sexes] ?? sex}</span>}
      {birth && <span>{text.born} <time>{birth_text(birth, language)}</time></span>}
      <span class="id">{value(study, tags.patient_id)}</span>
    </div>
  );
}

/** Date, modalities and what it is called. */
export function StudyTitle({study}: {study: DataSet}) {
  const {text, language} = usePage();
  const when = dicom_day(value(study, tags.study_date));
  const what = [...values(study, tags.modalities), value(study, tags.study_description)].filter(Boolean).join(' ');
  return <>{what || text.study_untitled} {when && <time>{typeof when === 'string' ? when : day_text(when, language)}</time>}</>;
}

export const search_studies = (share: string, signal?: AbortSignal): Promise<DataSet[]> =>
  search(`${root_of(share)}/studies?includefield=${tags.study_description}`, signal);

/** What is in one share, and what may be done with it. */
export function SharePage({share}: {share: Share}) {
  const {text, language} = usePage();
  const [studies, set_studies] = useState<DataSet[] | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [attempt, set_attempt] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    set_error(null);
    search_studies(share.ID, gone.signal).then(set_studies, failure => gone.signal.aborted || set_error(failure));
    return () => gone.abort();
  }, [share.ID, attempt]);
  return (
    <main>
      <nav aria-label={text.place}><a href={address_of({name: 'home'})}>{text.home}</a></nav>
      <h1>{text.shared_study}</h1>
      {share.IntendedUse === 'reference' && <Notice tone="warn">{text.reference_note}</Notice>}
      <div class="row">
        <span>{text.until} <time dateTime={share.ExpiresAt}>{day_text(new Date(share.ExpiresAt), language)}</time></span>
        <span class="small">No. <span class="id">{share.ID.slice(0, 4).toUpperCase()}-{share.ID.slice(4, 8).toUpperCase()}</span></span>
        {share.Permissions.includes('return') && <a class="button" href={address_of({name: 'return', share: share.ID})}>{text.give_back}</a>}
      </div>
      {error !== null && <Notice tone="danger">
        {failure_text(error, text, text.unavailable)}
        <div><button type="button" onClick={() => set_attempt(attempt + 1)}>{text.again}</button></div>
      </Notice>}
      {!studies && !error && <p role="status">{text.loading}</p>}
      {studies?.length === 0 && <p class="card">{text.nothing_in_it}</p>}
      {studies?.map(study => <Study key={value(study, tags.study)} study={study} share={share} />)}
    </main>
  );
}

function Study({study, share}: {study: DataSet; share: Share}) {
  const {text} = usePage();
  const uid = value(study, tags.study);
  const path = `${root_of(share.ID)}/studies/${uid}`;
  const [series, set_series] = useState<DataSet[] | null>(null);
  const [error, set_error] = useState<unknown>(null);
  useEffect(() => {
    const gone = new AbortController();
    pages_of(`${path}/series`, gone.signal).then(set_series, failure => gone.signal.aborted || set_error(failure));
    return () => gone.abort();
  }, [path]);
  const sorted = series?.sort((a, b) => number(a, tags.series_number) - number(b, tags.series_number));
  const [first] = sorted?.filter(each => !is_document(each)) ?? [];
  const may_download = share.Permissions.includes('download');
  return (
    <section class="card">
      <h2><StudyTitle study={study} /></h2>
      <Patient study={study} />
      <div class="row">
        {first && <a class="button primary" href={address_of({name: 'view', share: share.ID, study: uid, series: value(first, tags.series)})}>{text.look}</a>}
        {may_download && <Download path={path} name={value(study, tags.patient_id) || uid} looks="button">{text.download_study}</Download>}
      </div>
      {error !== null && <Notice tone="danger">{failure_text(error, text, text.unavailable)}</Notice>}
      {!series && !error && <p role="status">{text.loading}</p>}
      <ul class="series">
        {sorted?.map(each => <li key={value(each, tags.series)}>
          <SeriesCard series={each} share={share} study={uid} path={`${path}/series/${value(each, tags.series)}`} />
        </li>)}
      </ul>
    </section>
  );
}

/** What is read and not looked through: it is rendered as a page of its own. */
const is_document = (series: DataSet): boolean => ['SR', 'DOC'].includes(value(series, tags.modality));

/** The browser's own download, with its own bar. */
function Download({path, name, looks, children}: {path: string; name: string; looks: string; children: ComponentChildren}) {
  const file = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_');
  return <a class={looks} href={`${path}?accept=application/zip`} download={`${file}.zip`}>{children}</a>;
}

function SeriesCard({series, share, study, path}: {series: DataSet; share: Share; study: string; path: string}) {
  const {text} = usePage();
  const [has_picture, set_has_picture] = useState(true);
  const title = value(series, tags.series_description) || text.series(value(series, tags.series_number) || '–');
  const modality = value(series, tags.modality);
  return (
    <div class="series-card">
      {is_document(series)
        ? <Documents path={path} title={title} />
        : <a href={address_of({name: 'view', share: share.ID, study, series: value(series, tags.series)})}>
          {has_picture
            ? <img src={`${path}/thumbnail`} alt="" width="128" height="128" loading="lazy" onError={() => set_has_picture(false)} />
            : <span class="no-picture">{modality}</span>}
          <span>{title}</span>
        </a>}
      <span class="small">{modality} {!is_document(series) && text.images(number(series, tags.instances_in_series))}</span>
      {share.Permissions.includes('download') && <Download path={path} name={title} looks="small">{text.download}</Download>}
    </div>
  );
}

/** Reports and PDFs are shown by themselves, each in a tab: the door forbids them to run anything. */
function Documents({path, title}: {path: string; title: string}) {
  const {text} = usePage();
  const [documents, set_documents] = useState<DataSet[]>([]);
  const [failed, set_failed] = useState(false);
  useEffect(() => {
    const gone = new AbortController();
    pages_of(`${path}/instances`, gone.signal).then(set_documents, () => gone.signal.aborted || set_failed(true));
    return () => gone.abort();
  }, [path]);
  if (failed) return <span>{text.unavailable}</span>;
  return (
    <>
      {documents.map((each, at) => {
        const uid = value(each, tags.instance);
        return <a key={uid} href={`${path}/instances/${uid}/rendered`} target="_blank" rel="noopener">
          <span class="no-picture">{text.document}</span>
          <span>{title}{documents.length > 1 ? ` ${at + 1}` : ''}</span>
          <span class="small">{text.opens_in_a_tab}</span>
        </a>;
      })}
    </>
  );
}
