// SPDX-License-Identifier: GPL-3.0-or-later
export type Language = 'ja' | 'en';

/** Of somebody of whom only the browser is known. */
export function language_of_browser(): Language {
  const first = navigator.languages.find(tag => /^(ja|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith('en') ? 'en' : 'ja';
}

const locales = {ja: 'ja-JP', en: 'en-GB'};
const made = new Map<string, Intl.DateTimeFormat>();

/** One of each is made: in a long list they are what takes the time. */
function formatter(language: Language, options: Intl.DateTimeFormatOptions, locale = locales[language]) {
  const key = locale + JSON.stringify(options);
  let found = made.get(key);
  if (!found) made.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

const day = {year: 'numeric', month: '2-digit', day: '2-digit'} as const;

/** 2026/11/28(土) */
export function day_text(when: Date, language: Language): string {
  return formatter(language, {...day, weekday: 'short'}).format(when);
}

export function time_text(when: Date, language: Language): string {
  return formatter(language, {...day, hour: '2-digit', minute: '2-digit'}).format(when);
}

/** A date of DICOM (DA), which has no time zone; as it stands where it is none. */
export function dicom_day(text: string): Date | string {
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  return parts ? new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : text;
}

/** 1950/01/01 (昭和25年) */
export function birth_text(text: string, language: Language): string {
  const when = dicom_day(text);
  if (typeof when === 'string') return when;
  const western = formatter(language, day).format(when);
  if (language === 'en') return western;
  const era = formatter(language, {era: 'long', year: 'numeric'}, 'ja-JP-u-ca-japanese').format(when);
  return `${western}(${era})`;
}

export function bytes_text(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
