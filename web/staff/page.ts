// SPDX-License-Identifier: GPL-3.0-or-later
// What every part of the pages knows. Calls are in docs/openapi.yaml.
import {createContext} from 'preact';
import {useCallback, useContext, useEffect, useState} from 'preact/hooks';
import {call, Refused} from '../common/api';
import type {Language} from '../common/language';
import type {Messages} from './messages';

export type Role = 'share' | 'approve' | 'administer' | 'audit';

export interface Caller {
  Name: string;
  Roles: Role[];
}

export interface Settings {
  Institution: string;
  Contact: string;
  PublicUrl: string;
  Now: string;
  DefaultExpiryDays: number;
  MaximumExpiryDays: number;
  UndoWindowSeconds: number;
  RequireApproval: boolean;
  RequireConsent: boolean;
}

export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

export interface Study {
  ID: string;
  PatientID: string;
  PatientName: PersonName;
  PatientBirthDate: string;
  PatientSex: string;
  StudyInstanceUID: string;
  StudyDate: string;
  StudyDescription: string;
  ReferringPhysicianName: PersonName;
  Modalities: string[];
  Instances: number;
  LiveShares: number;
}

export interface Recipient {
  ID: string;
  Name: string;
  Kana: string;
  Organisation: string;
  Department: string;
  Place: string;
  Telephone: string;
  Email: string;
  Language: Language;
  Networks: string[];
  Status: 'active' | 'disabled';
  LookAlikes?: string[];
}

export interface Person {
  ID: string;
  Login: string;
  Name: string;
  Email: string;
  Status: 'invited' | 'active' | 'suspended' | 'disabled';
  SecondFactorSince?: string;
  Passkeys: number;
}

export type Permission = 'view' | 'download' | 'return' | 'return-documents';
export type Assurance = 'link' | 'password' | 'password+totp' | 'certificate';
export type ShareStatus = 'awaiting' | 'pending' | 'live' | 'suspended' | 'expired' | 'revoked';

export interface Share {
  ID: string;
  Recipient: string;
  Scope: {Level: string; PatientID?: string; Uids?: string[]};
  Profile: string;
  Permissions: Permission[];
  Assurance: Assurance;
  NotBefore: string;
  ExpiresAt: string;
  Purpose: string;
  IntendedUse: 'reference' | 'reading';
  CreatedAt: string;
  CreatedBy: string;
  Status: ShareStatus;
  NeedsApproval: boolean;
  ApprovedAt?: string;
  ApprovedBy?: string;
  RevokedAt?: string;
  RevokeReason?: string;
}

/** The answer to a creation: the link is told once, and has a secret where the share asks for no more. */
export interface MadeShare extends Share {
  Link: string;
}

export interface Page {
  text: Messages;
  language: Language;
  caller: Caller;
  settings: Settings;
  set_language: (language: Language) => void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('outside of the page');
  return page;
}

export const may = (caller: Caller, ...roles: Role[]): boolean => caller.Roles.some(role => roles.includes(role));

let skew_ms = 0;
export const set_clock = (now: string): void => void (skew_ms = Date.parse(now) - Date.now() || 0);
/** By the hospital's clock: what the desk's says does not count. */
export const now_ms = (): number => Date.now() + skew_ms;

/** What is said of a failure: a text of ours, and behind it what the answer says. */
export function failure_text(error: unknown, text: Messages): string {
  if (!(error instanceof Refused)) return text.failed;
  if (error.status === 0) return text.unreachable;
  const {Error: said, Details: details} = error.body;
  const words = [said, ...(Array.isArray(details) ? details : [])].filter(each => typeof each === 'string');
  const first = error.status === 503 ? text.cannot_work : error.status === 403 ? text.not_allowed : error.status === 409 ? text.conflict : text.failed;
  return [first, ...words].join(' ');
}

/** What a GET gives: null until it is there; what was there stays while it is asked for again. */
export function useAnswer<T>(path: string | null): {answer: T | null; error: unknown; again: () => void} {
  const [answer, set_answer] = useState<T | null>(null);
  const [error, set_error] = useState<unknown>(null);
  const [turn, set_turn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const gone = new AbortController();
    set_error(null);
    call<T>('GET', path, undefined, gone.signal).then(set_answer, failure => gone.signal.aborted || set_error(failure));
    return () => gone.abort();
  }, [path, turn]);
  return {answer, error, again: useCallback(() => set_turn(before => before + 1), [])};
}

export const query = (parameters: Record<string, string>): string =>
  new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();

/** PN components stand apart by blanks; carets are for machines. */
export const spoken = (name: string | undefined): string => (name ?? '').replaceAll('^', ' ').trim();

/** As it is written first, and how it is read. */
export function name_of(name: PersonName): {written: string; read: string} {
  const written = spoken(name.Ideographic) || spoken(name.Alphabetic) || spoken(name.Phonetic);
  const read = [name.Phonetic, name.Alphabetic].map(spoken).find(each => each !== '' && each !== written) ?? '';
  return {written, read};
}

/** Organisation first: people of one name work in many. */
export const house_of = (recipient: Recipient): string => recipient.Organisation || recipient.Name;

// What is folded away between two spellings: width and kana. The server folds in the same way.
export const folded = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/[ァ-ヶ]/g, kana => String.fromCharCode(kana.charCodeAt(0) - 0x60)).trim();

export function place_of(hash: string): {name: string; id: string} {
  const [name = '', id = ''] = hash.replace(/^#/, '').split('/');
  return {name: name || 'studies', id: /^[0-9a-f]{32}$/.test(id) ? id : ''};
}
