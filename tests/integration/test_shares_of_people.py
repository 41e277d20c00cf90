# SPDX-License-Identifier: GPL-3.0-or-later
"""Shares of one person, of two staff, made again and ended together."""
import concurrent.futures
import json
import time

import pytest

from launch import Staff, StaffError
from samples import STUDY_UID, value
from test_credentials import refusal, same  # noqa: F401  # a fixture
from test_running_downloads import AT_ONCE_SECONDS, PIXEL_BYTES, SLOWLY, started

PASSWORD = "mountain river 7 lake"


@pytest.fixture(scope="module")
def hospital(hospitals, small, utf8):
    """Two members of staff, who have two small studies."""
    users = {"staff": "a staff password", "suzuki": "another staff password"}
    hospital = hospitals.new(orthanc={"RegisteredUsers": users}).open()
    hospital.second = Staff(hospital.orthanc.url, ("suzuki", users["suzuki"]))
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


@pytest.fixture
def clinic(hospital):
    return hospital.clinic()


def person(hospital, clinic, name):
    """Somebody new who has signed in."""
    return hospital.person(clinic.recipient, f"{name}-{time.monotonic_ns()}", PASSWORD)


def id_of(browser):
    return browser.person.rpartition("/")[2]


def denials(hospital):
    return [entry["detail"] for entry in hospital.entries() if entry["event"] == "denial"]


def shown_to(who):
    return [share["ID"] for share in who.get("/api/shares").json()["Shares"]]


def refused(call, *arguments):
    with pytest.raises(StaffError) as error:
        call(*arguments)
    return error.value.status


def test_one_person_opens_it_and_nobody_else_learns_of_it(
        hospital, clinic, small, utf8, refusal):  # noqa: F811
    sato, suzuki = person(hospital, clinic, "sato"), person(hospital, clinic, "suzuki")
    share = hospital.share(clinic, small, Person=id_of(sato))
    common = hospital.share(clinic, utf8)
    assert share["Person"] == id_of(sato)
    root = share["DicomWebRoot"]
    (study,) = sato.get(f"{root}/studies").json()
    uid = value(study, STUDY_UID)
    first = sato.get(f"{root}/studies/{uid}")
    assert first.status == 200
    # After somebody has seen it nothing of that serves the others.
    for other in (suzuki, clinic):
        for target in (f"{root}/studies", f"{root}/studies/{uid}", f"{root}/studies/{uid}/metadata",
                       f"/dicom-web/studies/{uid}"):
            assert same(other.get(target), refusal), target
        assert "other_person" in denials(hospital)[-4:]
        returned = other.store(root, b"")
        # The connection ends, for the body was not read; all else is the same.
        assert (returned.status, returned.body) == (404, refusal.body)
        rows = other.get("/dicom-web/studies").json()
        assert len(rows) == 1 and uid not in json.dumps(rows)
        assert shown_to(other) == [common["ID"]]
        # A receipt tells when and for what somebody came.
        receipt = f"/receipts/{first.receipt.log}/{first.receipt.number}"
        assert same(other.get(receipt), refusal)
    assert sato.get(f"/receipts/{first.receipt.log}/{first.receipt.number}").status == 200
    assert len(sato.get("/dicom-web/studies").json()) == 2
    hospital.ledger.unseen_intents += 1  # rows of two shares stand in two entries
    assert sorted(shown_to(sato)) == sorted([share["ID"], common["ID"]])
    created = [entry for entry in hospital.entries()
               if entry["event"] == "share.create" and entry["share"] == share["ID"]]
    assert created[0]["facts"]["person"] == id_of(sato)
    hospital.staff.call("POST", f"{sato.person}/disable", {})
    assert same(sato.get(f"{root}/studies"), refusal)


def test_a_share_for_a_person_is_for_one_of_its_recipient(hospital, clinic, small):
    stranger = person(hospital, hospital.clinic("Dr. Hayashi"), "hayashi")
    with pytest.raises(StaffError) as unknown:
        hospital.share(clinic, small, Person=id_of(stranger))
    assert unknown.value.status == 404
    sato = person(hospital, clinic, "sato")
    with pytest.raises(StaffError) as weak:
        hospital.share(clinic, small, Person=id_of(sato), Assurance="link")
    assert weak.value.status == 400


def test_it_opens_once_somebody_else_has_approved_it(hospital, clinic, small, refusal):  # noqa: F811
    share = hospital.share(clinic, small, NeedsApproval=True)
    path, root = f"/shares/{share['ID']}", share["DicomWebRoot"]
    assert share["Status"] == "awaiting"
    assert same(clinic.get(f"{root}/studies"), refusal)
    assert denials(hospital)[-1] == "unapproved_share"
    assert clinic.get("/dicom-web/studies").json() == []
    assert shown_to(clinic) == []
    assert refused(hospital.staff.call, "POST", f"{path}/approve", {}) == 403, "its maker"
    approved = hospital.second.call("POST", f"{path}/approve", {})
    assert (approved["Status"], approved["ApprovedBy"]) == ("live", "suzuki")
    assert clinic.get(f"{root}/studies").status == 200
    assert shown_to(clinic) == [share["ID"]]
    assert [entry["share"] for entry in hospital.entries()
            if entry["event"] == "share.approve"][-1] == share["ID"]


def test_a_link_opens_nothing_that_is_rejected(hospital, clinic, small, refusal):  # noqa: F811
    share = hospital.share(clinic, small, NeedsApproval=True, Assurance="link")
    visitor = hospital.browser()
    link = {"Link": share["LinkToken"]}
    assert same(visitor.send("POST", "/api/session", link), refusal)
    assert denials(hospital)[-1] == "unapproved_share"
    body = {"Reason": "wrong clinic"}
    rejected = hospital.second.call("POST", f"/shares/{share['ID']}/reject", body)
    assert (rejected["Status"], rejected["RevokeReason"]) == ("revoked", "wrong clinic")
    assert same(visitor.send("POST", "/api/session", link), refusal)
    assert denials(hospital)[-1] == "revoked_share"


def test_the_hospital_demands_approvals_and_time_to_undo(hospitals, small):
    sharing = {"RequireApproval": True, "UndoWindowSeconds": 3600}
    strict = hospitals.new(sekisho={"Sharing": sharing}).open()
    strict.archive.store_files(small.files())
    clinic = strict.clinic()
    share = strict.share(clinic, small)
    assert share["Status"] == "awaiting" and share["NotBefore"] > share["CreatedAt"]
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 404
    assert denials(strict)[-1] == "not_yet_valid"
    strict.staff.revoke(share["ID"])
    (revoked,) = [entry for entry in strict.entries() if entry["event"] == "share.revoke"]
    assert revoked["facts"]["cause"] == "undone"


def test_one_call_makes_it_again_and_ends_the_old_one(hospital, clinic, small, refusal):  # noqa: F811
    old = hospital.share(clinic, small, Assurance="link", Permissions=["view"])
    visitor = hospital.visitor(token=old["LinkToken"])
    (before,) = visitor.get(f"{old['DicomWebRoot']}/studies").json()
    body = {"RevokeOld": True, "Reason": "the letter was lost"}
    path = f"/shares/{old['ID']}/reissue"
    new = hospital.staff.call("POST", path, body)
    assert new["LinkToken"] != old["LinkToken"]
    assert new["Permissions"] == ["view"] and new["Scope"] == old["Scope"]
    assert same(visitor.get(f"{old['DicomWebRoot']}/studies"), refusal)
    assert same(visitor.get(f"{new['DicomWebRoot']}/studies"), refusal), "the lost letter"
    again = hospital.visitor(token=new["LinkToken"])
    (after,) = again.get(f"{new['DicomWebRoot']}/studies").json()
    assert value(after, STUDY_UID) != value(before, STUDY_UID), "its pseudonyms are its own"


def test_all_shares_of_a_patient_end_at_once_and_cut_what_runs(hospitals, large):
    loaded = hospitals.new().open()
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(loaded.archive.store_files, [large.files()[start::4] for start in range(4)]))
    clinic = loaded.clinic()
    shares = [loaded.share(clinic, large) for _ in range(3)]
    sato = person(loaded, clinic, "sato")
    shares.append(loaded.share(clinic, large, Person=id_of(sato)))
    patient = shares[0]["Scope"]["PatientID"]
    downloads = [started(clinic, shares[0]), started(sato, shares[-1])]
    body = {"PatientID": patient, "Reason": "consent withdrawn"}
    ended = loaded.staff.call("POST", "/patients/revoke-shares", body)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        seconds = list(pool.map(lambda each: each.read_slowly_until_cut(SLOWLY // 2, 10),
                                downloads))
    assert sorted(ended["Revoked"]) == sorted(share["ID"] for share in shares)
    assert max(seconds) < AT_ONCE_SECONDS, seconds
    assert all(each.received < PIXEL_BYTES for each in downloads)
    assert [entry["facts"]["cause"] for entry in loaded.entries()
            if entry["event"] == "share.revoke"] == ["patient"] * 4
    assert loaded.staff.call("POST", "/patients/revoke-shares", body) == {"Revoked": []}
