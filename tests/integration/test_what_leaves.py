# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles, checkpoints, proofs and what witnesses are sent name nobody, and nothing can be guessed."""
import base64
import contextlib
import hashlib
import http.server
import json
import signal
import sqlite3
import threading

import pytest
import requests

from access_log import Log, commitment, leaf_hash, respelled
from audit_repository import AuditRepository
from samples import STUDY_UID, value
from test_access_log import DICOM, opened
from test_audit_repository import settings
from test_witnesses import wait_until
from witness import Witness

CLINIC = "Dr. 小林 Canary"


def forms(text):
    """Every spelling in which a text could stand in a file: raw, UTF-16, hexadecimal, base64."""
    for raw in {text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")}:
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for lead in range(3):  # base64 has three alignments; its ends depend on the neighbours
            coded = base64.b64encode(b"\0" * lead + raw).rstrip(b"=")
            yield coded[(4 if lead else 0):-1]


def named(identifiers, content):
    """Which of the identifiers stand in the bytes, in whatever form."""
    return [text for text in identifiers if any(form in content for form in forms(text))]


def test_the_scan_finds_what_is_there():
    for text in ("P-CANARY-1", "1.2.392.200036.9116", CLINIC):
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            for lead in (b"", b"x", b"xy", b"xyz"):
                raw = lead + text.encode(code) + b"behind"
                assert all(named([text], form) for form in
                           (raw, raw.hex().encode(), raw.hex().upper().encode(),
                            base64.b64encode(raw)))
    assert not named(["P-CANARY-1"], b"P-CANARY-2")


class Tap:
    """Stands before a witness, passes on what it is sent and keeps it, with the answers."""

    def __init__(self, witness):
        self.traffic = b""
        tap = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = requests.post(f"http://127.0.0.1:{witness.port}{self.path}", data=body,
                                       timeout=30)
                tap.traffic += f"{self.requestline}\n{self.headers}".encode() + body + answer.content
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def tapped(build, tmp_path, sanitizers):
    witness = Witness(tmp_path, build, "witness.example/w1", sanitizers.options())
    witness.tap = Tap(witness)
    yield witness
    witness.tap.close()
    if witness.process:
        witness.stop(signal.SIGKILL)


@pytest.fixture
def repository(tmp_path, authority):
    made = AuditRepository(tmp_path / "repository", authority)
    made.start()
    yield made
    made.close()


@pytest.fixture
def watched(hospitals, tapped, repository, authority, small):
    """A hospital with a witness, a repository and one clinic that retrieved a study."""
    member = {**tapped.member(), "Url": f"http://localhost:{tapped.tap.port}"}
    hospital = hospitals.new(sekisho={
        "Witnesses": {"Quorum": 1, "IntervalSeconds": 5, "Members": [member]},
        **settings(repository, authority)})
    hospital.data.mkdir(mode=0o700)
    hospital.audit("init", "--data", hospital.data, "--origin", "localhost/sekisho", check=True)
    tapped.start((hospital.data / "audit.pub").read_text(encoding="ascii").strip())
    hospital.open()
    hospital.archive.store_files(small.files())
    return hospital


def checkpoints(repository):
    return [message for message in repository.messages() if message.code() == "checkpoint"]


def test_no_identifier_is_in_tiles_checkpoints_proofs_or_what_witnesses_and_syslog_get(
        watched, tapped, repository, small, tmp_path, patience):
    hospital = watched
    clinic = hospital.clinic(name=CLINIC)
    root = hospital.share(clinic, small, Profile="none")["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{root}/studies/{study}", Accept=DICOM)
    sizes = range(hospital.staff.status()["Log"]["Size"], 300)
    for _ in sizes:  # more than a tile
        assert clinic.get(f"{root}/studies").status == 200
    wait_until(lambda: tapped.size() > 256 and checkpoints(repository), patience,
               lambda: hospital.staff.status())
    published = tmp_path / "published"
    hospital.audit("publish", "--data", hospital.data, "--to", published, check=True)
    files = [file for file in published.rglob("*") if file.is_file()]
    assert len(files) >= 3
    left = {
        "tiles": b"".join(file.read_bytes() for file in files),
        "checkpoint": clinic.get("/audit/checkpoint").body,
        "proof": base64.b64decode(answer.headers["sekisho-proof"]),
        "witness": tapped.tap.traffic + tapped.show().encode(),
        "witnessed": (hospital.data / "audit.witnessed").read_bytes(),
        "syslog": "".join(message.header + message.xml + message.detail("checkpoint")
                          for message in checkpoints(repository)).encode(),
    }
    identifiers = [small.uid, small.patient, *small.series, *small.instances(), CLINIC,
                   clinic.recipient, clinic.token]
    for where, content in left.items():
        assert len(content) > 100, where
        assert named(identifiers, content) == [] and small.survivors(content) == [], where
    # The same search over what does name them finds them all but the token.
    exported = hospital.audit("export", "--data", hospital.data, "--format", "csv", check=True)
    found = named(identifiers, exported.stdout.encode())
    assert {small.uid, small.patient, CLINIC, clinic.recipient} <= set(found)
    hospital.close()


# --- the neighbour's entry ------------------------------------------------------------------------

REFUSAL = 22  # its hash stands in the receipt of the entry beside it


@pytest.fixture
def log(build, tmp_path):
    log = Log(tmp_path, build)
    log.grow_to(64)
    return log


def entry_of(log, seq):
    """The leaf and the aside."""
    with contextlib.closing(sqlite3.connect(log.data / "audit.db")) as database:
        return database.execute("SELECT entry, aside FROM audit_entry WHERE seq = ?",
                                (seq,)).fetchone()


def test_who_knows_all_of_a_neighbours_entry_but_the_salt_cannot_tell_that_it_is_the_one(log):
    lines = log.run("receipt", "--entry", REFUSAL + 1).split("\n")
    sibling = base64.b64decode(lines[3])
    entry, aside = entry_of(log, REFUSAL)
    guess = json.loads(aside)
    assert json.loads(entry)["event"] == "denial"

    def leaf_over(content):
        spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return leaf_hash(respelled(entry, aside=commitment(spelled)).encode())
    assert leaf_over(guess) == sibling, "with the salt there is nothing to guess"

    # The guesser may know the salts of others; and somebody might have taken none.
    salts = [json.loads(entry_of(log, seq)[1])["salt"] for seq in range(64) if seq != REFUSAL]
    salts += ["0" * 32, "f" * 32, hashlib.sha256(entry.encode()).hexdigest()[:32], ""]
    without = {name: content for name, content in guess.items() if name != "salt"}
    plausible = [{**without, "source": f"10.20.0.{host}", "detail": detail}
                 for host in range(256) for detail in (guess["detail"], "revoked_share")]
    assert {**without} in plausible, "the right content is among them"
    for content in plausible:
        assert leaf_over(content) != sibling
        for salt in salts:
            assert leaf_over({**content, "salt": salt}) != sibling


def test_no_salt_comes_twice(log):
    salts = [json.loads(entry_of(log, seq)[1])["salt"] for seq in range(64)]
    assert len(set(salts)) == 64 and all(len(bytes.fromhex(salt)) == 16 for salt in salts)
