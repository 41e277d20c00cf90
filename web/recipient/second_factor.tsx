// SPDX-License-Identifier: GPL-3.0-or-later
import {useState} from 'preact/hooks';
import {call} from '../common/api';
import {Field, Form, Notice, PasswordField, useTask} from '../common/parts';
import {failure_text, usePage, type Me} from './page';
import {QrCode} from '../common/qr';

interface Offer {
  Secret: string;
  Uri: string;
}

/** An authenticator: its secret, then a code of it, then the recovery codes. */
export function SecondFactor({me, onChange}: {me: Me; onChange: () => Promise<void>}) {
  const {text} = usePage();
  const [password, set_password] = useState('');
  const [offer, set_offer] = useState<Offer | null>(null);
  const [code, set_code] = useState('');
  const [recovery, set_recovery] = useState<string[]>([]);
  const {runs, error, run} = useTask();
  const ask_password = <PasswordField label={text.present_password} value={password} onText={set_password} autocomplete="current-password" show={text.show} hide={text.hide} required />;
  const failed = error !== null && <Notice tone="danger">{failure_text(error, text, offer ? text.code_refused : text.password_refused)}</Notice>;

  if (recovery.length > 0) {
    return (
      <>
        <Notice tone="ok">{text.authenticator_added}</Notice>
        <p>{text.recovery_codes_text}</p>
        <ul class="codes id">{recovery.map(each => <li key={each}>{each}</li>)}</ul>
        <div class="row">
          <button type="button" class="primary" onClick={() => print()}>{text.print}</button>
          <button type="button" onClick={() => set_recovery([])}>{text.codes_are_kept}</button>
        </div>
      </>
    );
  }
  if (offer) {
    return (
      <>
        <p>{text.scan_text}</p>
        <QrCode text={offer.Uri} label={text.qr_label} />
        <p class="small">{text.secret_text} <span class="id secret">{offer.Secret.replaceAll(/.{4}(?=.)/g, '$& ')}</span></p>
        {failed}
        <Form onSend={() => run(async () => {
          const {RecoveryCodes} = await call<{RecoveryCodes: string[]}>('POST', '/api/totp/enrol', {Code: code.replaceAll(/\s/g, '')});
          set_offer(null);
          set_code('');
          set_recovery(RecoveryCodes);
          await onChange();
        })}>
          <Field label={text.code} value={code} onText={set_code} autocomplete="one-time-code" inputmode="numeric" required />
          <div class="row">
            <button class="primary" disabled={runs}>{text.confirm_code}</button>
            <button type="button" onClick={() => set_offer(null)}>{text.cancel}</button>
          </div>
        </Form>
      </>
    );
  }
  const begin = () => run(async () => {
    set_offer(await call<Offer>('POST', '/api/totp', {Password: password}));
    set_password('');
  });
  const remove = () => run(async () => {
    await call('POST', '/api/totp/remove', {Password: password});
    set_password('');
    await onChange();
  });
  return (
    <>
      <p>{me.SecondFactor ? text.codes_left(me.SecondFactor.RecoveryCodesLeft) : text.no_authenticator}</p>
      {failed}
      <details open={!me.SecondFactor && me.Passkeys === 0}>
        <summary>{me.SecondFactor ? text.replace_authenticator : text.add_authenticator}</summary>
        <div class="folded">
          <Form onSend={begin}>{ask_password}<button class="primary" disabled={runs}>{me.SecondFactor ? text.replace_authenticator : text.add_authenticator}</button></Form>
        </div>
      </details>
      {me.SecondFactor && <details>
        <summary>{text.remove_authenticator}</summary>
        <div class="folded">
          <Form onSend={remove}>{ask_password}<button disabled={runs}>{text.remove_authenticator}</button></Form>
        </div>
      </details>}
    </>
  );
}
