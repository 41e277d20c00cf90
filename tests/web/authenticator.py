# SPDX-License-Identifier: GPL-3.0-or-later
"""Authenticators of a Browser, as W3C Web Authentication has WebDriver make them (§11)."""
import base64
import hashlib
import subprocess

# What a page does with what the door has given it; gives what the page sends on.
SCRIPT = """
const [ceremony, options, done] = arguments;
const text = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const parse = ceremony === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON';
const publicKey = PublicKeyCredential[parse](options);
navigator.credentials[ceremony]({publicKey}).then(({rawId, response}) => done(
  ceremony === 'create' ? {
    ClientData: text(response.clientDataJSON),
    AuthenticatorData: text(response.getAuthenticatorData())} : {
    Passkey: text(rawId),
    ClientData: text(response.clientDataJSON),
    AuthenticatorData: text(response.authenticatorData),
    Signature: text(response.signature),
    UserHandle: text(response.userHandle)}), error => done({Error: error.name}))"""


def trusting(certificate):
    """The flag by which a browser takes one certificate of a server for good."""
    key = subprocess.run(["openssl", "x509", "-in", certificate, "-pubkey", "-noout"], check=True,
                         capture_output=True).stdout
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], check=True, input=key,
                         capture_output=True).stdout
    hashed = base64.b64encode(hashlib.sha256(key).digest()).decode("ascii")
    return f"--ignore-certificate-errors-spki-list={hashed}"


class Authenticator:
    """One of a browser: in the device ("internal") or on a key ("usb"), with somebody who consents."""

    def __init__(self, browser, transport):
        self._browser = browser
        self._id = browser.command("POST", "webauthn/authenticator", {
            "protocol": "ctap2", "transport": transport, "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "isUserConsenting": True})

    def _do(self, verb, what, body=None):
        return self._browser.command(verb, f"webauthn/authenticator/{self._id}/{what}", body)

    def verifies_its_user(self, does):
        self._do("POST", "uv", {"isUserVerified": does})

    def credentials(self):
        """With their private keys: what a thief has who could copy them."""
        return self._do("GET", "credentials")

    def put_back(self, credential, signatures):
        """Takes the place of the one of this name."""
        self._do("DELETE", f"credentials/{credential['credentialId']}")
        self._do("POST", "credential", {**credential, "signCount": signatures})

    def remove(self):
        self._browser.command("DELETE", f"webauthn/authenticator/{self._id}")
