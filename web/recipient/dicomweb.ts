// SPDX-License-Identifier: GPL-3.0-or-later
// The DICOMweb of a share, as far as the pages read it (docs/dicomweb.md), in DICOM JSON (PS3.18 Annex F).
import {ask} from '../common/api';
import type {Assurance} from './page';

/** A row of GET /api/shares. */
export interface Share {
  ID: string;
  Permissions: ('view' | 'download' | 'return' | 'return-documents')[];
  ExpiresAt: string;
  IntendedUse: 'reference' | 'reading';
  Assurance: Assurance;
  IsEnough: boolean;
}

type Value = string | number | {Alphabetic?: string; Ideographic?: string; Phonetic?: string} | DataSet;
export interface DataSet {
  [tag: string]: {vr: string; Value?: (Value | null)[]; InlineBinary?: string; BulkDataURI?: string};
}

/** The values of an element as texts; names as people read them. */
export function values(data: DataSet, tag: string): string[] {
  return (data[tag]?.Value ?? []).flatMap(value => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'number') return [String(value)];
    return [];
  });
}

export const value = (data: DataSet, tag: string): string => values(data, tag)[0] ?? '';
export const number = (data: DataSet, tag: string): number => Number(value(data, tag)) || 0;

export const items = (data: DataSet, tag: string): DataSet[] =>
  (data[tag]?.Value ?? []).filter((item): item is DataSet => item !== null && typeof item === 'object' && data[tag]?.vr === 'SQ');

/** The groups of a name (PS3.5 §6.2.1.2) that there are: kanji first, then kana. */
export function names(data: DataSet, tag: string): string[] {
  const name = data[tag]?.Value?.[0];
  if (name === null || typeof name !== 'object' || data[tag]?.vr !== 'PN') return [];
  const {Ideographic, Phonetic, Alphabetic} = name as {Ideographic?: string; Phonetic?: string; Alphabetic?: string};
  return [Ideographic, Phonetic, Alphabetic].flatMap(group => (group ? [group.replaceAll('^', ' ').trim()] : [])).filter(Boolean);
}

/** Below the share's own root of this host. */
export const root_of = (share: string): string => `/shares/${share}/dicom-web`;

export async function search(path: string, signal?: AbortSignal): Promise<DataSet[]> {
  const answer = await ask(path, {headers: {Accept: 'application/dicom+json'}, ...(signal && {signal})});
  return answer.status === 204 ? [] : answer.json();
}

const page_rows = 1000;  // as many as the door gives at once

/** All rows of a search, however many. */
export async function pages_of(path: string, signal?: AbortSignal): Promise<DataSet[]> {
  const rows: DataSet[] = [];
  for (;;) {
    const more = await search(`${path}${path.includes('?') ? '&' : '?'}limit=${page_rows}&offset=${rows.length}`, signal);
    rows.push(...more);
    if (more.length < page_rows) return rows;
  }
}

export const tags = {
  modality: '00080060', modalities: '00080061', study_date: '00080020', study_description: '00081030',
  series_description: '0008103E', patient_name: '00100010', patient_id: '00100020', birth_date: '00100030', sex: '00100040',
  study: '0020000D', series: '0020000E', instance: '00080018', sop_class: '00080016', series_number: '00200011',
  instance_number: '00200013', instances_in_study: '00201208', instances_in_series: '00201209', frames: '00280008',
  rows: '00280010', columns: '00280011',
} as const;
