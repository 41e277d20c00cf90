# SPDX-License-Identifier: GPL-3.0-or-later
"""What patients have consented to is shared so long, and ends when they withdraw it."""
import concurrent.futures
import json
import time

import pytest

from hospital import DAY
from launch import StaffError, rfc3339
from samples import value, STUDY_UID

AT_ONCE_SECONDS = 1.0
SLOWLY = 40_000_000  # bytes per second: the large study would take 12 s
PURPOSE = "TREAT"


@pytest.fixture(scope="module")
def careful(hospitals, small, utf8):
    """A hospital that shares nothing without consent."""
    hospital = hospitals.new(sekisho={"Sharing": {"RequireConsent": True}}).open()
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


def put_down(hospital, study, days=30, **more):
    return hospital.staff.call("POST", "/consents", {
        "PatientID": study.patient, "Purpose": PURPOSE, "ValidUntil": rfc3339(days * DAY),
        "ObtainedBy": "Dr. Suzuki", "Reference": "form 26-0012", **more})


def withdraw(hospital, consent, reason="the patient said so"):
    return hospital.staff.call("POST", f"/consents/{consent['ID']}/withdraw", {"Reason": reason})


def events(hospital, name):
    return [entry for entry in hospital.entries() if entry["event"] == name]


def is_open(clinic, share):
    return clinic.get(f"{share['DicomWebRoot']}/studies").status == 200


def test_nothing_is_shared_without_consent(careful, small):
    clinic = careful.clinic()
    for purpose in (PURPOSE, ""):
        with pytest.raises(StaffError) as refused:
            careful.share(clinic, small, Purpose=purpose)
        assert refused.value.status == 409
        assert json.loads(refused.value.answer)["Patients"] == [small.patient]
    assert careful.staff.call("GET", "/shares")["Shares"] == []
    assert events(careful, "share.create") == []


def test_a_share_ends_with_the_consent(careful, small, utf8):
    clinic = careful.clinic()
    consent = put_down(careful, small)
    share = careful.share(clinic, small, Purpose=PURPOSE)
    assert share["ExpiresAt"] == consent["ValidUntil"]
    assert is_open(clinic, share)
    with pytest.raises(StaffError) as refused:
        careful.staff.call("POST", f"/shares/{share['ID']}/extend", {"ExpiresAt": rfc3339(31 * DAY)})
    assert refused.value.status == 409
    with pytest.raises(StaffError) as refused:
        careful.share(clinic, utf8, Purpose=PURPOSE)
    assert refused.value.status == 409, "of another patient"
    (entry,) = [entry for entry in events(careful, "share.create") if entry["share"] == share["ID"]]
    assert entry["facts"]["consents"] == consent["ID"]
    withdraw(careful, consent)


def test_a_consent_of_some_seconds_carries_a_share_of_some_seconds(careful, small):
    clinic = careful.clinic()
    put_down(careful, small, days=8 / DAY)
    share = careful.share(clinic, small, Purpose=PURPOSE)
    assert is_open(clinic, share)
    deadline = time.monotonic() + 20
    while is_open(clinic, share):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert careful.staff.call("GET", f"/shares/{share['ID']}")["Status"] == "expired"


def test_a_withdrawal_ends_what_leaned_on_it_and_says_so(careful, small, utf8):
    clinic = careful.clinic()
    consent, other = put_down(careful, small), put_down(careful, utf8)
    study, patient = (careful.share(clinic, small, Purpose=PURPOSE), careful.staff.new_share(
        clinic.recipient, {"Level": "Patient", "PatientID": small.patient}, Purpose=PURPOSE))
    of_other = careful.share(clinic, utf8, Purpose=PURPOSE)
    ended = withdraw(careful, consent)
    assert ended["Status"] == "withdrawn"
    assert ended["EndedShares"] == [study["ID"], patient["ID"]]
    assert not is_open(clinic, study) and not is_open(clinic, patient)
    assert is_open(clinic, of_other)
    (entry,) = [e for e in events(careful, "consent.withdraw") if e["facts"]["consent"] == consent["ID"]]
    revoked = [e for e in events(careful, "share.revoke") if e["facts"].get("consent") == consent["ID"]]
    assert [e["share"] for e in revoked] == ended["EndedShares"]
    assert entry["seq"] < revoked[0]["seq"]
    assert withdraw(careful, consent) == ended, "again"
    with pytest.raises(StaffError):
        careful.share(clinic, small, Purpose=PURPOSE)
    withdraw(careful, other)


def test_another_consent_carries_the_share_on(careful, small):
    clinic = careful.clinic()
    first, second = put_down(careful, small), put_down(careful, small, days=60)
    share = careful.share(clinic, small, Purpose=PURPOSE, ExpiresAt=rfc3339(20 * DAY))
    assert withdraw(careful, second)["EndedShares"] == []
    assert is_open(clinic, share)
    assert withdraw(careful, first)["EndedShares"] == [share["ID"]]


def test_the_log_holds_the_patient_under_seal_and_the_list_is_searched_by_body(careful, utf8):
    consent = put_down(careful, utf8)
    (entry,) = [e for e in events(careful, "consent.create") if e["facts"]["consent"] == consent["ID"]]
    assert utf8.patient not in json.dumps(entry) and "Suzuki" not in json.dumps(entry)
    found = careful.staff.call("POST", "/consents/search", {"PatientID": utf8.patient})["Consents"]
    assert found[0] == consent
    assert consent in careful.staff.call("GET", "/consents?order=desc&status=valid")["Consents"]
    read = careful.audit("history", "--data", careful.data, "--patient", utf8.patient)
    assert "consent.create" in read.stdout, read.stderr
    withdraw(careful, consent)


def test_consents_outlast_a_restart_and_a_call_sent_again_makes_no_second(hospitals, small):
    hospital = hospitals.new(sekisho={"Sharing": {"RequireConsent": True}}).open()
    hospital.archive.store_files(small.files())
    body = {"PatientID": small.patient, "Purpose": PURPOSE, "ValidUntil": rfc3339(DAY),
            "ObtainedBy": "Dr. Suzuki"}

    def create():
        return hospital.staff.session.post(f"{hospital.staff.url}/consents", json=body, timeout=30,
                                           headers={"Idempotency-Key": "his-4711"})
    first = create()
    assert first.status_code == 201
    hospital.close()
    hospital.open()
    again = create()
    assert again.status_code == 200 and again.json()["ID"] == first.json()["ID"]
    assert is_open(clinic := hospital.clinic(), hospital.share(clinic, small, Purpose=PURPOSE))
    hospital.close()


def test_a_withdrawal_cuts_running_downloads_within_a_second(hospitals, large, patience):
    hospital = hospitals.new().open()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(hospital.archive.store_files,
                      [large.files()[start::4] for start in range(4)]))
    clinic = hospital.clinic()
    consent = put_down(hospital, large)
    share = hospital.share(clinic, large, Purpose=PURPOSE)
    root = share["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    download = clinic.download(f"{root}/studies/{study}")
    assert download.status == 200
    while download.received < 20_000_000:
        assert download.read_some()
    assert withdraw(hospital, consent)["EndedShares"] == [share["ID"]]
    assert download.read_slowly_until_cut(SLOWLY, 10) < AT_ONCE_SECONDS * patience
    download.close()
    hospital.close()
