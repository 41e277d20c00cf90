# SPDX-License-Identifier: GPL-3.0-or-later
"""No record, no access: what the log holds."""
import shutil

import pytest

from access_log import forger
from samples import STUDY_UID, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def opened(hospital, study):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, study, Profile="ps3.15-basic")["DicomWebRoot"]
    return clinic


def test_one_retrieve_is_one_intent_and_one_outcome(hospital, small):
    clinic = opened(hospital, small)
    study = value(clinic.get(f"{clinic.root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{clinic.root}/studies/{study}", Accept=DICOM)
    hospital.audit("verify", "--data", hospital.data, check=True)
    entries = hospital.entries()
    (begin,) = [entry for entry in entries if entry["seq"] == answer.receipt.number]
    assert begin["event"] == "transfer.begin"
    end = hospital.outcome_of(begin["seq"])
    assert (end["event"], end["outcome"], end["instances"]) == ("transfer.end", 0, 9)
    assert end["bytes"] == len(answer.body)
    assert begin["seq"] < end["seq"]


def test_who_asks_for_another_transfer_syntax_is_on_record(hospital, small):
    clinic = opened(hospital, small)
    study = value(clinic.get(f"{clinic.root}/studies").json()[0], STUDY_UID)
    jpeg = DICOM.replace("transfer-syntax=*", "transfer-syntax=1.2.840.10008.1.2.4.50")
    assert clinic.get(f"{clinic.root}/studies/{study}", Accept=jpeg).status == 406
    refusal = hospital.entries()[-1]
    assert (refusal["event"], refusal["detail"]) == ("denial", "other_transfer_syntax")


def test_staff_read_who_fetched_what_and_that_is_on_record(hospital, small):
    clinic = opened(hospital, small)
    study = value(clinic.get(f"{clinic.root}/studies").json()[0], STUDY_UID)
    assert clinic.get(f"{clinic.root}/studies/{study}", Accept=DICOM).status == 200
    found = hospital.staff.call("GET", "/audit", params={
        "recipient": clinic.recipient, "study": small.uid, "event": "transfer.begin"})["Entries"]
    (begin,) = found
    assert begin["RecipientName"] == "Dr. Kobayashi" and begin["Source"] == "127.0.0.1"
    assert {place["Study"] for place in begin["Objects"]} == {small.uid}
    end = hospital.outcome_of(begin["Seq"])
    (shown,) = hospital.staff.call("GET", "/audit", params={
        "after": end["seq"] - 1, "limit": 1})["Entries"]
    assert shown["Instances"] == 9 and shown["Recipient"] == clinic.recipient
    reading = [entry for entry in hospital.entries() if entry["event"] == "log.read"]
    assert len(reading) == 2 and reading[0]["facts"] == {"event": "transfer.begin"}


@pytest.mark.parametrize("form", ["dicom", "fhir", "csv", "excel"])
def test_the_log_is_exported_beside_the_service(hospital, small, form):
    clinic = opened(hospital, small)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    size = len(hospital.entries())
    command = ["export", "--data", hospital.data, "--format", form, "--last", size - 1]
    exported = hospital.audit(*command, check=True).stdout
    assert small.uid in exported and clinic.recipient in exported
    assert len(exported.splitlines()) == size + {"dicom": 2, "fhir": 0, "csv": 1, "excel": 1}[form]
    hashed = hospital.audit(*command, "--hashed", check=True).stdout
    assert small.survivors(hashed.encode()) == [] and clinic.recipient not in hashed


def test_no_identifier_stands_in_the_log_in_clear(hospital, small):
    clinic = opened(hospital, small)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    raw = b"".join(file.read_bytes() for file in hospital.data.glob("audit.db*"))
    assert small.survivors(raw) == []
    assert b"Kobayashi" not in raw and clinic.token.encode() not in raw


def test_no_secret_and_no_identifier_stands_in_orthancs_log(hospital, small):
    clinic = opened(hospital, small)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    assert clinic.get(f"{clinic.root}/studies/{small.uid}").status == 404
    log = hospital.orthanc.log().encode("utf-8")
    assert clinic.token.encode() not in log
    assert small.survivors(log) == []


@pytest.fixture(scope="module")
def kept_log(hospitals, small):
    """A hospital that is closed, with some entries in its log."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    hospital.audit("verify", "--data", hospital.data, check=True)
    return hospital


def verdict_on(hospital, copy, forge):
    """What verify says of a copy of the log after `forge` did its work on it."""
    shutil.copytree(hospital.data, copy)
    with forger(copy / "audit.db") as connection:
        forge(connection)
    return hospital.audit("verify", "--data", copy).returncode


def test_a_log_that_was_only_copied_is_still_sound(kept_log, tmp_path):
    assert verdict_on(kept_log, tmp_path / "copy", lambda _: None) == 0


def test_one_changed_byte_of_any_entry_is_found(kept_log, tmp_path):
    for entry in kept_log.entries():
        for column in ("entry", "aside"):
            def change(connection, seq=entry["seq"], column=column):
                (text,) = connection.execute(
                    f"SELECT {column} FROM audit_entry WHERE seq = ?", (seq,)).fetchone()
                middle = len(text) // 2
                changed = text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1:]
                connection.execute(f"UPDATE audit_entry SET {column} = ? WHERE seq = ?",
                                   (changed, seq))
            copy = tmp_path / f"changed-{entry['seq']}-{column}"
            assert verdict_on(kept_log, copy, change) == 1


@pytest.mark.parametrize("forgery", [
    "DELETE FROM audit_entry WHERE seq = 1",
    "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)",
    "INSERT INTO audit_entry SELECT max(seq) + 1, entry, aside FROM audit_entry",
    "DELETE FROM audit_object WHERE seq = (SELECT min(seq) FROM audit_object)",
    "UPDATE audit_head SET size = size - 1",
    "UPDATE audit_head SET root = zeroblob(32)"])
def test_an_entry_removed_or_added_or_another_head_is_found(kept_log, tmp_path, forgery):
    assert verdict_on(kept_log, tmp_path / "forged", lambda c: c.execute(forgery)) == 1
