// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useRef, useState} from 'preact/hooks';
import {call} from '../common/api';
import {birth_text, day_text, dicom_day} from '../common/language';
import {Notice} from '../common/parts';
import {failure_text, folded, may, name_of, query, usePage, type Study} from './page';

interface Found {
  Studies: Study[];
  Found: number;
  IsCut: boolean;
  Next?: string;
}

const modalities = ['CT', 'MR', 'CR', 'DX', 'US', 'MG', 'NM', 'PT', 'XA', 'RF', 'ES', 'SR'];
const page_rows = 100;
const most_rows = 500;

const da = (when: Date): string =>
  `${when.getFullYear()}${String(when.getMonth() + 1).padStart(2, '0')}${String(when.getDate()).padStart(2, '0')}`;
const days_ago = (days: number): string => (days === 0 ? '' : da(new Date(Date.now() - days * 86_400_000)));

/** IDs of patients of whom another one in the list has the same reading, or name. */
function namesakes(studies: Study[]): Set<string> {
  const ids = new Map<string, Set<string>>();
  for (const {PatientID, PatientName} of studies) {
    const {written, read} = name_of(PatientName);
    const name = folded(read || written).replaceAll(/\s/g, '');
    if (name) ids.set(name, (ids.get(name) ?? new Set()).add(PatientID));
  }
  return new Set([...ids.values()].filter(each => each.size > 1).flatMap(each => [...each]));
}

/** `wanted`: a question that an address has put instead of the form. */
export function Studies({wanted, onShare}: {wanted: string; onShare: (study: Study) => void}) {
  const {text} = usePage();
  const [words, set_words] = useState('');
  const [days, set_days] = useState(7);
  const [modality, set_modality] = useState('');
  const [found, set_found] = useState<Found | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [turn, set_turn] = useState(0);
  const running = useRef<AbortController | null>(null);
  const question = wanted || query({search: words.trim(), from: days_ago(days), modality});

  const ask = async (after: string) => {
    running.current?.abort();
    const gone = (running.current = new AbortController());
    set_error(null);
    try {
      const page = await call<Found>('GET', `api/studies?${[question, query({limit: String(page_rows), after})].filter(part => part).join('&')}`, undefined, gone.signal);
      set_found(before => (after && before ? {...page, Studies: [...before.Studies, ...page.Studies]} : page));
    } catch (failure) {
      if (!gone.signal.aborted) set_error(failure);
    }
  };
  useEffect(() => {
    const timer = setTimeout(() => void ask(''), found ? 250 : 0);
    return () => clearTimeout(timer);
  }, [question, turn]);
  const alike = namesakes(found?.Studies ?? []);
  const rows = found?.Studies ?? [];
  return (
    <>
      <h1>{text.places.studies}</h1>
      <div class="filters" role="search">
        <label class="grow">{text.find_study}<input value={words} autocomplete="off" spellcheck={false} onInput={event => set_words(event.currentTarget.value)} /></label>
        <label>{text.date}<select value={days} onChange={event => set_days(Number(event.currentTarget.value))}>
          {[1, 7, 30, 365, 0].map(each => <option key={each} value={each}>{text.last_days(each)}</option>)}
        </select></label>
        <label>{text.modality}<select value={modality} onChange={event => set_modality(event.currentTarget.value)}>
          <option value="">{text.all}</option>
          {modalities.map(each => <option key={each}>{each}</option>)}
        </select></label>
      </div>
      {error !== null && <Notice tone="danger">{failure_text(error, text)}
        <div><button type="button" onClick={() => set_turn(turn + 1)}>{text.again}</button></div></Notice>}
      {!found && error === null && <p role="status">{text.loading}</p>}
      {found && rows.length === 0 && !found.Next && <Notice tone="warn">{text.no_studies(days)}
        {days !== 0 && <div><button type="button" onClick={() => set_days(days < 30 ? 30 : days < 365 ? 365 : 0)}>{text.widen}</button></div>}</Notice>}
      {rows.length > 0 && <ul class="table">
        {rows.map(study => <li key={study.ID}><StudyRow study={study} is_alike={alike.has(study.PatientID)} onShare={onShare} /></li>)}
      </ul>}
      {found && (rows.length > 0 || found.Next) && <div class="row">
        <span class="small" role="status">{text.so_many(rows.length, found.IsCut ? `${found.Found}+` : String(found.Found))}</span>
        {found.Next && rows.length < most_rows && <button type="button" onClick={() => void ask(found.Next ?? '')}>{text.more}</button>}
        {(found.IsCut || (found.Next && rows.length >= most_rows)) && <span class="small">{text.narrow}</span>}
      </div>}
    </>
  );
}

function StudyRow({study, is_alike, onShare}: {study: Study; is_alike: boolean; onShare: (study: Study) => void}) {
  const {text, language, caller} = usePage();
  const day = dicom_day(study.StudyDate);
  return (
    <div class="study">
      <Patient study={study} />
      <div>
        <div><time>{typeof day === 'string' ? day : day_text(day, language)}</time> {study.Modalities.join(' ')} {study.StudyDescription}</div>
        <div class="small">{text.images(study.Instances)}
          {study.LiveShares > 0 && <> <span class="badge ok">{text.live_shares(study.LiveShares)}</span></>}
          {is_alike && <> <span class="badge warn">{text.namesake}</span></>}</div>
      </div>
      {may(caller, 'share') && <button type="button" aria-label={text.share_of(name_of(study.PatientName).written, study.Modalities.join(' '))}
        onClick={() => onShare(study)}>{text.share}</button>}
    </div>
  );
}

/** Who it is, so that nobody mistakes them: ID, name and reading, birth date in both calendars, sex. */
export function Patient({study}: {study: Study}) {
  const {text, language} = usePage();
  const {written, read} = name_of(study.PatientName);
  return (
    <div class="who">
      <div><strong>{written || text.nameless}</strong> {study.PatientSex in text.sexes ? text.sexes[study.PatientSex as keyof typeof text.sexes] : study.PatientSex}</div>
      <div class="small">{read}</div>
      <div class="small"><span class="id">{study.PatientID}</span> {study.PatientBirthDate && birth_text(study.PatientBirthDate, language)}</div>
    </div>
  );
}
