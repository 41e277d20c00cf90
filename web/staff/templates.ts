// SPDX-License-Identifier: GPL-3.0-or-later
import type {Assurance, Permission} from './page';

/** What a share is for decides all that nobody wants to decide each time. */
export interface Template {
  name: 'referral' | 'reading' | 'consultation';
  profile: 'none' | 'minimum-disclosure' | 'ps3.15-basic';
  permissions: Permission[];
  days: number;
  use: 'reference' | 'reading';
  assurance: Assurance;
}

/** Constants for now: the configuration has none. */
export const templates: [Template, ...Template[]] = [
  {name: 'referral', profile: 'none', permissions: ['view', 'download'], days: 90, use: 'reference', assurance: 'password+totp'},
  {name: 'reading', profile: 'minimum-disclosure', permissions: ['view', 'download', 'return'], days: 30, use: 'reading', assurance: 'password+totp'},
  {name: 'consultation', profile: 'ps3.15-basic', permissions: ['view'], days: 30, use: 'reference', assurance: 'password+totp'},
];

/** Undone by revoking it: nobody sees a share before this is over. */
export const undo_ms = 120_000;
