# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recipient door speaks, as OpenSSL's s_client sees it, and for what that cannot say any more
(SSL 3, 3DES, RC4, compression), as a hello by hand sees it: TLS 1.3, or 1.2 with the suites of BCP 195.

With a certificate of each kind of key: that of RSA would let a client choose RSA key exchange.
"""
import re
import subprocess

import pytest

from client_hello import (DEFLATE, HANDSHAKE_FAILURE, NULL, PROTOCOL_VERSION, SSL_3_0, TLS_1_0, TLS_1_1,
                          TLS_1_2, Alert, ServerHello, answer_to, client_hello)
from test_credentials import enrolled

# RFC 9325 §4.2: forward secrecy and authenticated encryption, by the key of the certificate.
ALLOWED_12 = {"EC": {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                     "ECDHE-ECDSA-CHACHA20-POLY1305"},
              "RSA": {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
                      "ECDHE-RSA-CHACHA20-POLY1305"}}
ALLOWED_13 = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
GOOD = {"EC": 0xC02B, "RSA": 0xC02F}  # ECDHE with AES_128_GCM_SHA256
# IANA's registry of suites; each is wrong in one way or more.
WEAK = {
    "RSA key exchange, GCM": [0x009C, 0x009D], "RSA key exchange, CBC": [0x002F, 0x0035, 0x003C, 0x003D],
    "3DES": [0x000A, 0x0016, 0xC008, 0xC012], "RC4": [0x0004, 0x0005, 0xC007, 0xC011],
    "CBC": [0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC024, 0xC027, 0xC028],
    "finite-field Diffie-Hellman": [0x009E, 0x009F, 0x0033, 0x0039, 0xCCAA],
    "no encryption": [0x0000, 0x0001, 0x0002, 0x003B, 0xC006, 0xC010],
    "nobody authenticated": [0x0018, 0x0034, 0x006C, 0xC017, 0xC018], "export": [0x0003, 0x0008, 0x0014],
    "static Diffie-Hellman": [0xC004, 0xC005, 0xC02D, 0xC031], "IDEA, SEED, CAMELLIA": [0x0007, 0x0096, 0x0041]}


@pytest.fixture(scope="module", params=["EC", "RSA"])
def door(request, hospitals, small):
    hospital = hospitals.new()
    certificate, key = hospital.authority.issue(
        f"gateway-{request.param}", "serverAuth", ("localhost",), kind=request.param)
    hospital.sekisho["Gateway"].update(Certificate=str(certificate), PrivateKey=str(key))
    hospital.open()
    hospital.archive.store_files(small.files())
    hospital.key = request.param
    return hospital


def ciphers(*arguments):
    done = subprocess.run(["openssl", "ciphers", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip().split(":")


def s_client(door, *options, send="", keep=("-ign_eof",)):
    """What s_client prints of a connection on which it sends this."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{door.gateway_port}", "-servername", "localhost",
         "-CAfile", door.authority.certificate, *options, *keep],
        input=send, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def asking(path="/no/such/place"):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def agreed(printed):
    """(the version that first had it, suite) of the handshake; None where there was none."""
    found = re.search(r"New, (\S+), Cipher is ([^(\s]+)", printed)
    return found.groups() if found else None


def test_tls_13_is_chosen_with_its_suites_alone(door):
    printed = s_client(door, send=asking())
    version, suite = agreed(printed)
    assert version == "TLSv1.3" and suite in ALLOWED_13 and "HTTP/1.1 404" in printed
    assert "Verification: OK" in printed
    assert agreed(s_client(door, "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256",
                           send=asking())) is None


def test_of_tls_12_the_suites_of_bcp_195_are_spoken(door):
    for suite in sorted(ALLOWED_12[door.key]):
        printed = s_client(door, "-tls1_2", "-cipher", suite, send=asking())
        assert agreed(printed) == ("TLSv1.2", suite)


def test_no_other_suite_of_openssl_is_spoken(door):
    """All that s_client knows at its weakest: together, and those that are nearest one by one."""
    known = set(ciphers("-s", "-tls1_2", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"))
    others = sorted(known - ALLOWED_12["EC"] - ALLOWED_12["RSA"])
    assert len(others) > 40
    for offered in [":".join(others), *(suite for suite in others if suite.startswith("ECDHE-"))]:
        printed = s_client(door, "-tls1_2", "-cipher", f"{offered}:@SECLEVEL=0", send=asking())
        assert agreed(printed) is None and "handshake failure" in printed, offered


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_older_versions_are_refused(door, version):
    printed = s_client(door, version, "-cipher", "ALL:@SECLEVEL=0", send=asking())
    assert agreed(printed) is None and "alert protocol version" in printed


def test_a_hello_by_hand_is_understood(door):
    """So what is refused below is refused for what it offers."""
    assert answer_to(door.gateway_port, client_hello(TLS_1_2, [GOOD[door.key]])) == ServerHello(
        TLS_1_2, GOOD[door.key], NULL)


@pytest.mark.parametrize("version", [SSL_3_0, TLS_1_0, TLS_1_1])
def test_a_hello_of_an_older_version_is_refused(door, version):
    suites = [GOOD[door.key], *sum(WEAK.values(), [])]
    refused = Alert(HANDSHAKE_FAILURE if version == SSL_3_0 else PROTOCOL_VERSION)
    assert answer_to(door.gateway_port, client_hello(version, suites)) == refused


@pytest.mark.parametrize("weakness", WEAK)
def test_a_weak_suite_is_refused(door, weakness):
    assert answer_to(door.gateway_port, client_hello(TLS_1_2, WEAK[weakness])) == Alert(HANDSHAKE_FAILURE)


def test_a_weak_suite_in_front_is_not_preferred(door):
    suites = [*sum(WEAK.values(), []), GOOD[door.key]]
    assert answer_to(door.gateway_port, client_hello(TLS_1_2, suites)).suite == GOOD[door.key]


def test_nothing_is_compressed(door):
    hello = client_hello(TLS_1_2, [GOOD[door.key]], [DEFLATE, NULL])
    assert answer_to(door.gateway_port, hello).compression == NULL
    assert "Compression: NONE" in s_client(door, "-tls1_2", "-comp", send=asking())


def test_a_client_does_not_renegotiate(door):
    """RFC 5746 is supported, so that nobody is renegotiated in between either."""
    printed = s_client(door, "-tls1_2", send="R\n" + asking(), keep=())
    assert "Secure Renegotiation IS supported" in printed
    assert "RENEGOTIATING" in printed and "no renegotiation" in printed
    assert "HTTP/1.1" not in printed


def test_a_certificate_is_demanded_by_the_share_that_wants_one(door, authority, small):
    clinic = door.clinic()
    root = door.share(clinic, small, Assurance="certificate")["DicomWebRoot"].removeprefix(door.url)
    certificate, key = enrolled(door, authority, clinic, f"reader-{door.key}")
    namesake, its_key = authority.issue(f"reader-{door.key}-2", "clientAuth")
    asked = asking(f"{root}/studies")
    for version in ("-tls1_2", "-tls1_3"):
        assert "HTTP/1.1 404" in s_client(door, version, send=asked)
        assert "HTTP/1.1 404" in s_client(door, version, "-cert", namesake, "-key", its_key, send=asked)
        door.ledger.unseen_intents += 1
        assert "HTTP/1.1 200" in s_client(door, version, "-cert", certificate, "-key", key, send=asked)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_no_handshake_is_spared_by_an_earlier_one(door, authority, small, tmp_path, version):
    """No ticket, no session id, no early data: what somebody proved once, nobody has afterwards."""
    clinic = door.clinic()
    root = door.share(clinic, small, Assurance="certificate")["DicomWebRoot"].removeprefix(door.url)
    certificate, key = enrolled(door, authority, clinic, f"resuming-{door.key}{version}")
    asked, session = asking(f"{root}/studies"), tmp_path / "session"
    door.ledger.unseen_intents += 1
    printed = s_client(door, version, "-cert", certificate, "-key", key, "-sess_out", session, send=asked)
    assert "HTTP/1.1 200" in printed
    assert "TLS session ticket:" not in printed and "Post-Handshake New Session Ticket" not in printed
    assert not re.search(r"Max Early Data: [1-9]", printed)
    assert not re.search(r"Session-ID: [0-9A-F]", printed)
    if session.exists():  # s_client of TLS 1.2 writes what it has, which names nothing
        again = s_client(door, version, "-sess_in", session, send=asked)
        assert "Reused" not in again and "HTTP/1.1 404" in again
    assert "Reused" not in s_client(door, version, "-reconnect", send="", keep=())
