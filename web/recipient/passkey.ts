// SPDX-License-Identifier: GPL-3.0-or-later
// W3C Web Authentication Level 3 with what the door sends and takes: bytes as base64url.
import {call} from '../common/api';
import type {Session} from './page';

const bytes_of = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));

const text_of = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Whether this browser could have one. */
export const has_passkeys = (): boolean => 'PublicKeyCredential' in window;

interface RequestOptions {
  challenge: string;
  rpId: string;
  userVerification: UserVerificationRequirement;
  timeout: number;
}

interface CreationOptions extends Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user' | 'excludeCredentials'> {
  challenge: string;
  user: {id: string; name: string; displayName: string};
  excludeCredentials: {id: string; type: 'public-key'}[];
}

/** Makes one and enrols it under `name`; the session goes on at two factors. */
export async function add_passkey(password: string, name: string): Promise<void> {
  const {PublicKey} = await call<{PublicKey: CreationOptions}>('POST', '/api/passkeys/begin', {Password: password});
  const made = await navigator.credentials.create({
    publicKey: {
      ...PublicKey,
      challenge: bytes_of(PublicKey.challenge),
      user: {...PublicKey.user, id: bytes_of(PublicKey.user.id)},
      excludeCredentials: PublicKey.excludeCredentials.map(each => ({...each, id: bytes_of(each.id)})),
    },
  });
  if (!(made instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  const answer = made.response as AuthenticatorAttestationResponse;
  await call('POST', '/api/passkeys', {
    ClientData: text_of(answer.clientDataJSON),
    AuthenticatorData: text_of(answer.getAuthenticatorData()),
    Name: name,
  });
}

/** Throws what the browser throws where nobody consents (NotAllowedError). */
export async function sign_in_by_passkey(): Promise<Session> {
  const {PublicKey} = await call<{PublicKey: RequestOptions}>('POST', '/api/session/passkey', {});
  const found = await navigator.credentials.get({publicKey: {...PublicKey, challenge: bytes_of(PublicKey.challenge)}});
  if (!(found instanceof PublicKeyCredential)) throw new DOMException('', 'NotAllowedError');
  const answer = found.response as AuthenticatorAssertionResponse;
  return call('POST', '/api/session', {
    Passkey: text_of(found.rawId),
    ClientData: text_of(answer.clientDataJSON),
    AuthenticatorData: text_of(answer.authenticatorData),
    Signature: text_of(answer.signature),
    UserHandle: answer.userHandle ? text_of(answer.userHandle) : '',
  });
}
