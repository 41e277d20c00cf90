// SPDX-License-Identifier: GPL-3.0-or-later
import type {Language} from '../common/language';
import type {words as japanese} from './ja';

type Words<T> = {[Key in keyof T]: T[Key] extends string ? string : T[Key] extends object ? (T[Key] extends (...given: never[]) => unknown ? T[Key] : Words<T[Key]>) : never};
export type Messages = Words<typeof japanese>;

/** Fetches one language. A key that one of them lacks fails the build. */
export const load_words = async (language: Language): Promise<Messages> =>
  (language === 'ja' ? await import('./ja') : await import('./en')).words;
