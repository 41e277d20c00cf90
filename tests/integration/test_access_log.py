# SPDX-License-Identifier: GPL-3.0-or-later
"""No record, no access: what the log holds, and what happens when it cannot be written."""
import os
import shutil
import subprocess

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
    (begin,) = [entry for entry in entries if str(entry["seq"]) == answer.receipt.split()[0]]
    assert begin["event"] == "transfer.begin"
    end = hospital.outcome_of(begin["seq"])
    assert (end["event"], end["outcome"], end["instances"]) == ("transfer.end", 0, 9)
    assert end["bytes"] == len(answer.body)
    assert begin["seq"] < end["seq"]


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
        def change(connection, seq=entry["seq"]):
            (text,) = connection.execute(
                "SELECT entry FROM audit_entry WHERE seq = ?", (seq,)).fetchone()
            middle = len(text) // 2
            changed = text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1:]
            connection.execute("UPDATE audit_entry SET entry = ? WHERE seq = ?", (changed, seq))
        assert verdict_on(kept_log, tmp_path / f"changed-{entry['seq']}", change) == 1


@pytest.mark.parametrize("forgery", [
    "DELETE FROM audit_entry WHERE seq = 1",
    "DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)",
    "INSERT INTO audit_entry SELECT max(seq) + 1, entry FROM audit_entry",
    "DELETE FROM audit_object WHERE seq = (SELECT min(seq) FROM audit_object)",
    "UPDATE audit_head SET size = size - 1",
    "UPDATE audit_head SET root = zeroblob(32)"])
def test_an_entry_removed_or_added_or_another_head_is_found(kept_log, tmp_path, forgery):
    assert verdict_on(kept_log, tmp_path / "forged", lambda c: c.execute(forgery)) == 1


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few megabytes of its own: a loop device, else a tmpfs, else a skip."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system takes root")
    image = tmp_path / "disk.img"
    with open(image, "wb") as file:
        file.truncate(16 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", image], check=True)
    ways = (["mount", "-o", "loop", image, place],
            ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place])
    if not any(subprocess.run(way, capture_output=True).returncode == 0 for way in ways):
        pytest.skip("neither a loop device nor a tmpfs can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def fill(directory):
    """Takes every free byte of the file system; returns the file that took them."""
    filler = directory / "filler"
    with open(filler, "wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return filler


def test_when_the_disk_under_the_log_is_full_nothing_is_served(hospitals, small, small_disk):
    hospital = hospitals.new(data=small_disk / "sekisho").open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    assert clinic.get(f"{clinic.root}/studies").status == 200
    filler = fill(small_disk)
    answers = [clinic.get(f"{clinic.root}/studies") for _ in range(400)]
    assert answers[-1].status == 503, "what the log's file had left is used up by now"
    served = [answer.status for answer in answers]
    assert served == sorted(served), "once broken, the log stays broken"
    assert small.survivors(b"".join(answer.body for answer in answers)) == []
    assert hospital.orthanc.answers()
    assert hospital.staff.status()["Problems"]
    filler.unlink()
    assert clinic.get(f"{clinic.root}/studies").status == 503, "broken until the next start"
    hospital.close()
    hospital.open()
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    hospital.check()
