# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with the access log itself, and what ends by itself, is on record."""
import time

import pytest

from launch import rfc3339
from test_staff_api import refusal

CASE = "2026-0017"


@pytest.fixture
def place(hospitals, small):
    """A hospital of its own, which a clinic has used."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic(name="小林クリニック")
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    return hospital


def acts_of(hospital, *events):
    return [entry["event"] for entry in hospital.entries() if entry["event"] in events]


def exported(hospital):
    return hospital.audit("export", "--data", hospital.data, "--format", "csv", check=True).stdout


def test_a_hold_keeps_the_text_that_shredding_destroys(place, small):
    request = {"PatientID": small.patient, "Case": CASE}
    assert place.staff.call("POST", "/audit/holds", request)["Entries"] > 0
    mistyped = {"PatientID": f"{small.patient}0", "Case": CASE}
    assert refusal(place, "POST", "/audit/holds", mistyped) == 404
    assert refusal(place, "POST", "/audit/holds", request) == 409
    (hold,) = place.staff.call("GET", "/audit/holds")["Holds"]
    assert (hold["PatientID"], hold["Case"]) == (small.patient, CASE)
    assert refusal(place, "POST", "/audit/shred", request) == 409
    assert small.patient in exported(place)

    assert place.staff.call("POST", "/audit/holds/end", request) == {}
    assert refusal(place, "POST", "/audit/holds/end", request) == 404
    assert place.staff.call("GET", "/audit/holds") == {"Holds": []}
    assert place.staff.call("POST", "/audit/shred", request) == {}
    assert small.patient not in exported(place)
    assert "小林クリニック" in exported(place), "only the patient's text is gone"
    done = ("hold.set", "hold.end", "text.shred")
    assert acts_of(place, *done) == list(done)


def test_a_shredded_patient_is_on_record_again_when_seen_again(place, small):
    place.staff.call("POST", "/audit/shred", {"PatientID": small.patient, "Case": CASE})
    clinic = place.clinic()
    root = place.share(clinic, small)["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    assert exported(place).count(small.patient) > 0
    history = place.audit("history", "--data", place.data, "--patient", small.patient, check=True)
    assert len(history.stdout.splitlines()) > 2, "the index still has what was shredded"


def test_nothing_is_shredded_of_whom_the_log_knows_nothing(hospital):
    before = hospital.entries()
    request = {"PatientID": "NOBODY", "Case": CASE}
    assert refusal(hospital, "POST", "/audit/shred", request) == 404
    assert refusal(hospital, "POST", "/audit/shred", {"PatientID": "NOBODY"}) == 400
    assert hospital.entries() == before


def test_without_witnesses_nothing_is_pruned(hospital):
    before = hospital.entries()
    assert refusal(hospital, "POST", "/audit/prune", {"Years": 10}) == 409
    assert hospital.entries()[:len(before)] == before


def ended(hospital):
    return acts_of(hospital, "share.expire")


def wait_for_the_end(hospital, seconds):
    deadline = time.monotonic() + seconds
    while not ended(hospital):
        assert time.monotonic() < deadline, "its end is not on record"
        time.sleep(0.1)


def test_the_end_of_a_share_is_on_record_once(place, small):
    share = place.share(place.clinic(), small, ExpiresAt=rfc3339(2))
    assert not ended(place)
    wait_for_the_end(place, 20)
    place.close()
    place.open()
    time.sleep(2)  # the first rounds
    (entry,) = [entry for entry in place.entries() if entry["event"] == "share.expire"]
    assert entry["share"] == share["ID"]


def test_the_end_of_a_share_while_the_service_is_down_is_on_record_when_it_is_back(place, small):
    place.share(place.clinic(), small, ExpiresAt=rfc3339(3))
    place.close()
    time.sleep(3)
    assert not ended(place)
    place.open()
    wait_for_the_end(place, 20)
