# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recipient holds in hand: the proof that what they were given is on record."""
import base64
import hashlib
import json
import subprocess

import pytest

from launch import rfc3339
from samples import STUDY_UID, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


@pytest.fixture
def clinic(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    clinic.study = value(clinic.get(f"{clinic.root}/studies").json()[0], STUDY_UID)
    return clinic


def check(hospital, build, tmp_path, receipt, entry=None):
    """What sekisho-audit says of a receipt offline, without the log: an exit code."""
    file = tmp_path / "receipt.tlog-proof"
    file.write_bytes(receipt)
    more = []
    if entry is not None:
        (tmp_path / "entry").write_bytes(entry)
        more = ["--entry-file", tmp_path / "entry"]
    return subprocess.run([build / "sekisho-audit", "receipt", "--check", file, "--key",
                           hospital.data / "audit.pub", *more], capture_output=True).returncode


def test_a_study_comes_with_the_proof_that_it_is_on_record(hospital, clinic, build, tmp_path):
    answer = clinic.get(f"{clinic.root}/studies/{clinic.study}", Accept=DICOM)
    proof = base64.b64decode(answer.headers["sekisho-proof"], validate=True)
    receipt = clinic.get(answer.receipt.path)
    assert receipt.status == 200
    extra = receipt.body.split(b"\n")[1].removeprefix(b"extra ")
    entry = base64.b64decode(extra, validate=True)
    assert json.loads(entry)["event"] == "transfer.begin"
    assert check(hospital, build, tmp_path, proof, entry) == 0
    assert check(hospital, build, tmp_path, proof, entry.replace(b"transfer", b"transfEr")) == 1
    assert check(hospital, build, tmp_path, receipt.body) == 0


def test_staff_have_the_tiles_with_the_entries_and_that_is_on_record(hospital, clinic):
    def get(path, **more):
        return hospital.archive.session.get(f"{hospital.orthanc.url}/sekisho/audit/{path}", **more)
    checkpoint = get("checkpoint")
    assert checkpoint.status_code == 200
    assert checkpoint.headers["Content-Type"].startswith("text/plain")
    size = int(checkpoint.text.splitlines()[1])
    width = min(size, 255)
    tile, bundle = get(f"tile/0/000.p/{width}"), get(f"tile/entries/000.p/{width}")
    assert len(tile.content) == 32 * width
    rest, leaves = bundle.content, []
    while rest:
        length = int.from_bytes(rest[:2], "big")
        leaves.append(hashlib.sha256(b"\0" + rest[2:2 + length]).digest())
        rest = rest[2 + length:]
    assert b"".join(leaves) == tile.content
    newest = hospital.entries()[-1]
    assert newest["event"] == "log.read"
    assert newest["facts"] == {"file": f"tile/entries/000.p/{width}"}
    assert get("tile/0/999").status_code == 404
    assert get("audit.db").status_code == 404
    assert get("checkpoint", auth=("staff", "wrong")).status_code == 401
    assert clinic.get("/sekisho/audit/checkpoint").status == 404


def test_nobody_gets_a_receipt_that_is_about_others(hospital, clinic, small):
    answer = clinic.get(f"{clinic.root}/studies/{clinic.study}", Accept=DICOM)
    other = hospital.clinic(name="Dr. Sato")
    denied = other.get(answer.receipt.path)
    assert (denied.status, denied.body) == (404, other.get("/nowhere").body)
    assert hospital.entries()[-1]["detail"] == "out_of_scope"
    log, number = answer.receipt.log, answer.receipt.number
    for path in (f"/receipts/{log}/0", f"/receipts/{log}/999999999", f"/receipts/{log}/-1",
                 f"/receipts/{log}/01", f"/receipts/{log}/", f"/receipts/{log}", "/receipts/",
                 "/receipts/1/2", f"{answer.receipt.path}x", f"{answer.receipt.path}/1"):
        assert clinic.get(path).status == 404, path
    assert clinic.post(answer.receipt.path, b"", "text/plain").status in (404, 405)
    assert hospital.visitor().get(answer.receipt.path).status == 404


def receipt_entry(clinic, path):
    """The leaf in a receipt."""
    answer = clinic.get(path)
    assert answer.status == 200, path
    return json.loads(base64.b64decode(answer.body.split(b"\n")[1].removeprefix(b"extra ")))


# What the table of events gives every entry of its kind, the machine, and the moment.
OF_EVERYBODY = {"boot", "clock", "event", "outcome", "version", "authentication", "purpose", "detail",
                "time", "uptime", "seq"}


def receipts_of_everything(clinic):
    """One of each kind, from one share: as the leaves in them."""
    search = clinic.get(f"{clinic.root}/studies")
    study = value(search.json()[0], STUDY_UID)
    metadata = clinic.get(f"{clinic.root}/studies/{study}/metadata")
    retrieval = clinic.get(f"{clinic.root}/studies/{study}", Accept=DICOM)
    return [receipt_entry(clinic, answer.receipt.path) for answer in (search, metadata, retrieval)]


def test_receipts_of_two_shares_of_one_patient_have_nothing_in_common(hospital, small):
    """Neither of two recipients nor of one: no hash, no key, no number of images or bytes, no address."""
    kobayashi, sato = hospital.clinic(), hospital.clinic(name="Dr. Sato of a clinic with a long name")
    told = []
    for clinic in (kobayashi, kobayashi, sato):
        clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
        told.append(receipts_of_everything(clinic))
    for at, one in enumerate(told):
        for other in told[at + 1:]:
            for mine, theirs in zip(one, other):
                assert mine.keys() == theirs.keys()
                own = mine.keys() - OF_EVERYBODY
                assert own == {"aside", "request", "share"}, "and no field more"
                for name in own:
                    assert mine[name] != theirs[name] and len(mine[name]) == len(theirs[name])


def test_a_receipt_of_a_denial_says_no_more_than_the_denial(hospital, clinic, small):
    """Of a share that is not yet valid, and of one that there is not."""
    later = hospital.share(clinic, small, NotBefore=rfc3339(3600))
    theirs = later["DicomWebRoot"]
    nowhere = theirs.replace(later["ID"], "0" * len(later["ID"]))
    assert nowhere != theirs
    leaves = []
    for root in (theirs, nowhere):
        assert clinic.get(f"{root}/studies").status == 404
        denial = hospital.entries()[-1]
        assert denial["event"] == "denial"
        log = clinic.get(f"{clinic.root}/studies").receipt.log
        leaves.append(receipt_entry(clinic, f"/receipts/{log}/{denial['seq']}"))
    for leaf in leaves:
        assert not {"detail", "share", "facts", "purpose", "source"} & set(leaf)
    assert leaves[0].keys() == leaves[1].keys()


def test_what_staff_do_about_a_clinic_is_not_in_its_receipts(hospital, clinic, small):
    """Readings of the log, holds, previews, shares: as a number that the log does not have."""
    staff = hospital.archive.session
    api = f"{hospital.orthanc.url}/sekisho/api"
    assert staff.get(f"{api}/audit", params={"recipient": clinic.recipient}).status_code == 200
    hospital.share(clinic, small, NotBefore=rfc3339(3600))
    log = clinic.get(f"{clinic.root}/studies").receipt.log
    given, refused = set(), set()
    unknown = clinic.get(f"/receipts/{log}/999999999")
    for entry in hospital.entries():
        answer = clinic.get(f"/receipts/{log}/{entry['seq']}")
        (given if answer.status == 200 else refused).add(entry["event"])
        if answer.status != 200:
            assert (answer.status, answer.body) == (unknown.status, unknown.body)
    assert {"token.create", "query"} <= given
    assert {"recipient.create", "share.create", "log.read"} <= refused
    assert not given & {"log.read", "share.create", "share.preview", "hold.set"}


def test_a_number_alone_and_that_of_another_log_name_no_receipt(clinic):
    """After a recovery the same number is another entry's: what a clinic kept must not lead to it."""
    receipt = clinic.get(f"{clinic.root}/studies").receipt
    assert clinic.get(receipt.path).status == 200
    assert clinic.get(receipt.path.replace("/", "%2F").replace("%2F", "/", 2)).status == 200
    assert clinic.get(f"/receipts/{receipt.number}").status == 404
    assert clinic.get(f"/receipts/{receipt.log}-2/{receipt.number}").status == 404


def test_the_tree_does_not_tell_a_recipient_when_others_are_served(hospital, clinic):
    checkpoint = clinic.get("/audit/checkpoint").body
    size = int(checkpoint.split(b"\n")[1])
    before = hospital.staff.status()["Log"]["Size"]
    for _ in range(5):
        assert clinic.get(f"{clinic.root}/studies").status == 200
    assert hospital.staff.status()["Log"]["Size"] >= before + 5
    assert clinic.get("/audit/checkpoint").body == checkpoint
    for more in range(1, 6):
        if (size + more) % 256:
            tile = (size + more) // 256
            path = f"/audit/tile/0/{tile:03}.p/{(size + more) % 256}"
            assert clinic.get(path).status == 404


def test_the_tree_is_there_for_recipients_and_the_entries_are_not(hospital, clinic):
    checkpoint = clinic.get("/audit/checkpoint")
    assert checkpoint.status == 200
    size = int(checkpoint.body.split(b"\n")[1])
    tile = clinic.get(f"/audit/tile/0/000.p/{size % 256}" if size < 256 else "/audit/tile/0/000")
    assert tile.status == 200 and len(tile.body) == 32 * min(size, 256)
    for path in ("/audit/tile/entries/000.p/1", "/audit/tile/0/000.p/0", "/audit/tile/9/000",
                 "/audit/", "/audit/tile/0/..%2Fcheckpoint"):
        assert clinic.get(path).status == 404, path
    assert hospital.visitor().get("/audit/checkpoint").status == 404
