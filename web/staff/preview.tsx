// SPDX-License-Identifier: GPL-3.0-or-later
import {useEffect, useRef} from 'preact/hooks';
import {birth_text, day_text, dicom_day, type Language} from '../common/language';
import {name_of, usePage, type Recipient} from './page';

interface Both {
  ja: string;
  en: string;
}

/** POST /shares/preview */
export interface Preview {
  LookAlikes: Recipient[];
  PatientsWithoutConsent: string[];
  Instances: number;
  Withheld: {Code: string; Text: Both; Instances: number}[];
  Risks: {Code: string; Text: Both; Instances: number; Attributes: string[]}[];
  Acknowledgement?: string;
  Instance?: {Elements: {Path: string; Tag: string; Keyword: string; Before?: string; After?: string}[]; Withheld?: {Text: Both}};
}

// What people know a study and its patient by: PS3.6.
const shown_tags = ['00100010', '00100020', '00100030', '00100040', '00080020', '00081030', '00080080', '00080090'];

/** Risks that a kind of share means: they are sentences, and no boxes to tick. Where nothing is masked all of it stays. */
const meant_risks: Record<string, string[]> = {
  none: ['nothing-masked', 'identifiers-kept', 'free-text-kept', 'graphics-kept', 'private-elements-kept', 'patient-name-in-text'],
  'minimum-disclosure': ['identifiers-kept'],
};
const is_meant = (profile: string, code: string): boolean => meant_risks[profile]?.includes(code) ?? false;

/** A value as people write it: three groups of a name, and a date of DICOM, are for machines. */
function value_text(tag: string, value: string | undefined, language: Language): string {
  if (!value) return '';
  if (tag === '00100010' || tag === '00080090') {
    const [Alphabetic = '', Ideographic = '', Phonetic = ''] = value.split('=');
    const {written, read} = name_of({Alphabetic, Ideographic, Phonetic});
    return read ? `${written} (${read})` : written;
  }
  if (tag === '00100030') return birth_text(value, language);
  const day = tag === '00080020' ? dicom_day(value) : value;
  return typeof day === 'string' ? day : day_text(day, language);
}

export const risks_to_tick = (preview: Preview, profile: string): Preview['Risks'] =>
  preview.Risks.filter(({Code}) => !is_meant(profile, Code));

/** Both sides of what leaves; `onSeen` once its end was on the screen. */
export function PreviewPanel({preview, profile, ticked, onTick, onSeen}: {
  preview: Preview; profile: string; ticked: ReadonlySet<string>; onTick: (code: string, is_ticked: boolean) => void; onSeen: () => void;
}) {
  const {text, language} = usePage();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver(entries => entries.some(each => each.isIntersecting) && onSeen());
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [preview]);
  const elements = preview.Instance?.Elements.filter(({Path, Tag}) => Path === Tag && shown_tags.includes(Tag)) ?? [];
  const meant = (meant_risks[profile] ?? []).flatMap(code => preview.Risks.filter(({Code}) => Code === code));
  return (
    <>
      <table>
        <thead><tr><th scope="col">{text.item}</th><th scope="col">{text.here}</th><th scope="col">{text.there}</th></tr></thead>
        <tbody>
          {elements.map(({Tag, Keyword, Before, After}) => <tr key={Tag}>
            <th scope="row">{Tag in text.elements ? text.elements[Tag as keyof typeof text.elements] : Keyword}</th>
            <td>{value_text(Tag, Before, language) || '–'}</td>
            <td class={Before === After ? '' : 'changed'}>{value_text(Tag, After, language) || text.gone}</td>
          </tr>)}
        </tbody>
      </table>
      <p>{text.shown_images(preview.Instances - preview.Withheld.reduce((sum, each) => sum + each.Instances, 0), preview.Instances)}</p>
      {preview.Withheld.length > 0 && <ul>
        {preview.Withheld.map(each => <li key={each.Code} class="small">{text.withheld(each.Instances)} {each.Text[language]}</li>)}
      </ul>}
      {meant.length > 0 && <div class="notice warn">{meant.map((each, at) => <p key={each.Code} class={at > 0 ? 'small' : ''}>{each.Text[language]}</p>)}</div>}
      {risks_to_tick(preview, profile).map(each => <label key={each.Code} class="tick">
        <input type="checkbox" checked={ticked.has(each.Code)} onChange={event => onTick(each.Code, event.currentTarget.checked)} />
        <span>{each.Text[language]} <span class="small">{text.images(each.Instances)}</span></span>
      </label>)}
      <div ref={end} class="end" />
    </>
  );
}
