// SPDX-License-Identifier: GPL-3.0-or-later
// What every part of the pages knows.
import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import {Refused} from '../common/api';
import type {Language} from '../common/language';
import type {Messages} from './messages';

/** GET /api/door */
export interface Door {
  Institution: string;
  Contact: string;
  SignedIn: boolean;
  Passkeys: boolean;
  /** What the identity provider is called by which people may sign in, where there is one. */
  Provider?: string;
}

export type Assurance = 'link' | 'password' | 'password+totp' | 'certificate';

/** GET /api/session */
export interface Session {
  ID: string;
  Assurance: Assurance;
  EndsAt: string;
  EndsLatestAt: string;
  Share?: string;
}

/** GET /api/me */
export interface Me {
  Login: string;
  Name: string;
  Recipient: {Name: string; Organisation: string};
  Language: string;
  Assurance: Assurance;
  PasswordSetAt?: string;
  SecondFactor?: {Since: string; RecoveryCodesLeft: number};
  Passkeys: number;
}

export interface Page {
  text: Messages;
  language: Language;
  door: Door;
  set_language: (language: Language) => void;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('outside of the page');
  return page;
}

/** What is said of a failure; `refused` where the door says that there is nothing. */
export function failure_text(error: unknown, text: Messages, refused: string): string {
  if (!(error instanceof Refused)) return text.failed;
  if (error.status === 0) return text.unreachable;
  if (error.status === 503 || error.status === 429) return text.busy;
  if (error.status === 404) return refused;
  const flaw = error.body['Flaw'];
  return typeof flaw === 'string' && flaw in text.flaw ? text.flaw[flaw as keyof Messages['flaw']] : text.failed;
}
