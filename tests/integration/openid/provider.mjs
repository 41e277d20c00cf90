// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenID Connect provider over TLS, for the tests alone: npm's oidc-provider with its own pages to sign
// in, where any password will do and the login is the subject. Reads what it shall be from its first
// argument, a JSON object: port, certificate, key, clients, and `surely`: what a login ends with that was
// checked by two factors.
import {generateKeyPairSync} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import Provider from 'oidc-provider';

const wanted = JSON.parse(process.argv[2]);
const keys = [['rsa', {modulusLength: 2048}], ['ec', {namedCurve: 'P-256'}], ['ed25519', {}]].map(
    ([kind, options], i) => ({...generateKeyPairSync(kind, options).privateKey.export({format: 'jwk'}),
                              kid: `${kind}-${i}`, use: 'sig'}));
const provider = new Provider(`https://localhost:${wanted.port}`, {
  clients: wanted.clients,
  jwks: {keys},
  acrValues: ['urn:example:two-factors'],
  claims: {openid: ['sub'], amr: null},
  cookies: {keys: ['of one test']},
  enabledJWA: {idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']},
  pkce: {required: () => true},
  findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id})}),
});
const finished = provider.interactionFinished.bind(provider);
provider.interactionFinished = (request, response, result, options) => {
  if (result.login?.accountId.endsWith(wanted.surely)) {
    Object.assign(result.login, {acr: 'urn:example:two-factors', amr: ['pwd', 'otp', 'mfa']});
  }
  return finished(request, response, result, options);
};
createServer({cert: readFileSync(wanted.certificate), key: readFileSync(wanted.key)}, provider.callback())
    .listen(wanted.port, '127.0.0.1');
