// SPDX-License-Identifier: GPL-3.0-or-later
import {useState} from 'preact/hooks';
import {call} from '../common/api';
import {Field, Form, Notice, PasswordField, useTask} from '../common/parts';
import type {Entry} from './entry';
import {failure_text, usePage, type Session} from './page';
import {ByProvider, Contact} from './sign_in';

const enough_alone = 13;
const characters = (text: string): number => [...text].length;

/** What a new password has to be, ticked while it is typed. The door decides. */
export function NewPassword({value, onText, beside}: {value: string; onText: (text: string) => void; beside: 'nothing' | 'perhaps a code'}) {
  const {text} = usePage();
  const count = characters(value);
  const is_mixed = /[a-z]/i.test(value) && /\d/.test(value) && /[^a-z\d]/i.test(value);
  const is_long = count >= enough_alone || (beside !== 'nothing' && count >= 8 && is_mixed);
  const rule = beside === 'nothing' ? text.rule_length(count) : text.rule_length_beside(count);
  const rules = (
    <ul>
      <li>{is_long ? '✓' : '・'} {rule}</li>
      <li>・ {text.rule_common}</li>
    </ul>
  );
  return <PasswordField label={text.new_password} value={value} onText={onText} autocomplete="new-password"
    show={text.show} hide={text.hide} hint={rules} required />;
}

/** By an invitation, or by a link that was asked for. */
export function ChoosePassword({entry, onSession}: {entry: Entry; onSession: (session: Session) => void}) {
  const {text} = usePage();
  const [password, set_password] = useState('');
  const [code, set_code] = useState('');
  const {runs, error, run} = useTask();
  const is_invited = entry.kind === 'invitation';
  const send = () => run(async () => {
    const form: Record<string, string> = {[is_invited ? 'Invitation' : 'Reset']: entry.secret, Password: password};
    // Both are six digits or sixteen letters; recovery codes have letters.
    const shown = code.replaceAll(/\s/g, '');
    if (shown) form[/^\d{6}$/.test(shown) ? 'Code' : 'RecoveryCode'] = shown;
    onSession(await call<Session>('POST', '/api/session', form));
  });
  return (
    <>
      <p>{is_invited ? text.invited : text.reset}</p>
      {error !== null && <Notice tone="danger">{failure_text(error, text, is_invited ? text.choosing_refused : text.choosing_refused_or_code)}</Notice>}
      <Form onSend={send}>
        <NewPassword value={password} onText={set_password} beside={is_invited ? 'nothing' : 'perhaps a code'} />
        {!is_invited &&
          <Field label={text.code} value={code} onText={set_code} autocomplete="one-time-code" hint={text.reset_code_hint} />}
        <button class="primary" disabled={runs}>{text.set_password}</button>
      </Form>
      {is_invited && <ByProvider invitation={entry.secret} />}
      <Contact />
    </>
  );
}
