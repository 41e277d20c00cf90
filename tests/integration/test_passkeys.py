# SPDX-License-Identifier: GPL-3.0-or-later
"""Passkeys, made and used by Chromium on a page over TLS, at the door of a real Orthanc."""
import base64
import http.server
import json
import pathlib
import ssl
import sys
import threading
import time

import pytest

from test_credentials import refusal, same  # noqa: F401  # a fixture

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from authenticator import SCRIPT, Authenticator, trusting  # noqa: E402
from browser import Browser as Chromium  # noqa: E402

PASSWORD = "mountain river 7 lake"


class Blank(http.server.BaseHTTPRequestHandler):
    """A page on which nothing is: what the hospital's web server has at the address of the door."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Share</title>")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def page(authority):
    """Its port and its certificate."""
    certificate, key = authority.issue("page", "serverAuth", ("localhost",))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, certificate
        server.shutdown()


@pytest.fixture(scope="module")
def hospital(hospitals, small, page):
    hospital = hospitals.new(sekisho={"PublicUrl": f"https://localhost:{page[0]}"}).open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture(scope="module")
def chromium(page, tmp_path_factory):
    port, certificate = page
    browser = Chromium(tmp_path_factory.mktemp("browser"), flags=[trusting(certificate)])
    browser.open(f"https://localhost:{port}/")
    yield browser
    browser.close()


@pytest.fixture(params=["internal", "usb"])
def authenticator(request, chromium):
    authenticator = Authenticator(chromium, request.param)
    yield authenticator
    authenticator.remove()


@pytest.fixture
def sato(hospital):
    clinic = hospital.clinic()
    person = hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)
    person.clinic = clinic
    return person


def enrolled(sato, chromium):
    """Makes a passkey as a page does it; the answer of the door."""
    offer = sato.send("POST", "/api/passkeys/begin", {"Password": PASSWORD})
    assert offer.status == 200, offer
    made = chromium.run(SCRIPT, "create", offer.json()["PublicKey"])
    assert "Error" not in made, made
    return sato.send("POST", "/api/passkeys", {**made, "Name": "desk"})


def signed(sato, chromium):
    """What the passkey says to a new challenge."""
    offer = sato.send("POST", "/api/session/passkey", {})
    assert offer.status == 200, offer
    return chromium.run(SCRIPT, "get", offer.json()["PublicKey"])


def last_denial(hospital):
    return [entry["detail"] for entry in hospital.entries() if entry["event"] == "denial"][-1]


def test_a_passkey_opens_what_demands_two_factors(hospital, chromium, authenticator, sato, small,
                                                  refusal):  # noqa: F811
    root = hospital.share(sato.clinic, small, Assurance="password+totp")["DicomWebRoot"]
    assert same(sato.get(f"{root}/studies"), refusal)
    answer = enrolled(sato, chromium)
    assert answer.status == 200, answer
    assert answer.json()["Session"]["Assurance"] == "password+totp"
    assert sato.get(f"{root}/studies").status == 200
    assert sato.send("DELETE", "/api/session").status == 204
    assert same(sato.get(f"{root}/studies"), refusal)
    answer = sato.send("POST", "/api/session", signed(sato, chromium))
    assert (answer.status, answer.json()["Assurance"]) == (201, "password+totp")
    assert len(sato.get(f"{root}/studies").json()) == 1
    (passkey,) = sato.get("/api/passkeys").json()["Passkeys"]
    assert passkey["Name"] == "desk" and "UsedAt" in passkey
    begun = [entry for entry in hospital.entries() if entry["event"] == "session.begin"][-1]
    assert begun["facts"]["second_factor"] == "passkey"
    assert begun["facts"]["passkey"] == passkey["ID"]
    (person,) = hospital.staff.call("GET", sato.person.rsplit("/", 1)[0])["People"]
    assert person["Passkeys"] == 1


def test_what_was_signed_is_good_once_and_here(hospital, chromium, authenticator, sato,
                                               refusal):  # noqa: F811
    assert enrolled(sato, chromium).status == 200
    shown = signed(sato, chromium)
    assert sato.send("POST", "/api/session", shown).status == 201
    stranger = hospital.browser(source="127.0.0.9")
    assert same(stranger.send("POST", "/api/session", shown), refusal)
    assert last_denial(hospital) == "stale_challenge"
    # Of another page, as one that looks like ours would have it signed.
    shown = signed(sato, chromium)
    said = json.loads(base64.urlsafe_b64decode(shown["ClientData"] + "=="))
    said["origin"] = "https://localhost"
    lied = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    assert same(stranger.send("POST", "/api/session", {**shown, "ClientData": lied}), refusal)
    assert last_denial(hospital) == "foreign_passkey"
    # The same with the origin put right again: nobody signed that.
    said["origin"] = f"https://localhost:{hospital.sekisho['PublicUrl'].rpartition(':')[2]}"
    lied = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    assert same(stranger.send("POST", "/api/session", {**shown, "ClientData": lied}), refusal)
    assert last_denial(hospital) == "wrong_passkey"
    assert stranger.send("POST", "/api/session", shown).status == 201


def test_a_copy_is_found_out(hospital, chromium, authenticator, sato, refusal):  # noqa: F811
    assert enrolled(sato, chromium).status == 200
    assert sato.send("POST", "/api/session", signed(sato, chromium)).status == 201
    (credential,) = authenticator.credentials()
    authenticator.put_back(credential, 0)
    assert same(hospital.browser().send("POST", "/api/session", signed(sato, chromium)), refusal)
    assert last_denial(hospital) == "copied_passkey"


def test_an_authenticator_that_does_not_know_its_user_is_of_no_use(hospital, chromium, authenticator,
                                                                   sato):
    assert enrolled(sato, chromium).status == 200
    authenticator.verifies_its_user(False)
    assert signed(sato, chromium) == {"Error": "NotAllowedError"}


def test_it_ends_with_its_removal_and_with_a_restart_no_sooner(hospital, chromium, authenticator,
                                                               sato, refusal):  # noqa: F811
    passkey = enrolled(sato, chromium).json()["Passkey"]["ID"]
    before = signed(sato, chromium)
    hospital.close()
    hospital.open()
    assert same(sato.send("POST", "/api/session", before), refusal)
    assert last_denial(hospital) == "stale_challenge"
    assert sato.send("POST", "/api/session", signed(sato, chromium)).status == 201
    removed = sato.send("DELETE", f"/api/passkeys/{passkey}")
    assert (removed.status, removed.json()["Session"]["Assurance"]) == (200, "password")
    assert same(sato.send("POST", "/api/session", signed(sato, chromium)), refusal)
    assert last_denial(hospital) == "unknown_passkey"
