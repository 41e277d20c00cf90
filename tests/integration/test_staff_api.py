# SPDX-License-Identifier: GPL-3.0-or-later
"""The staff door: a wrong request is told what is wrong, and leaves nothing behind."""
import json

import pytest

from hospital import DAY
from launch import StaffError, rfc3339


def refusal(hospital, method, path, body=None):
    """Status and JSON of a refused call."""
    with pytest.raises(StaffError) as refused:
        hospital.staff.call(method, path, body)
    answer = json.loads(refused.value.answer)
    assert answer["Error"] and answer["Message"] == answer["Error"]
    assert answer["HttpStatus"] == refused.value.status
    assert isinstance(answer["Details"], list)
    return refused.value.status


@pytest.fixture(scope="module")
def recipient(hospital):
    return hospital.staff.new_recipient("Dr. Kobayashi")["ID"]


@pytest.fixture
def nothing_new(hospital):
    """A refused share is no share."""
    before = len(hospital.staff.call("GET", "/shares?limit=1000")["Shares"])
    yield
    assert len(hospital.staff.call("GET", "/shares?limit=1000")["Shares"]) == before


def share_body(recipient, study, **more):
    return {"Recipient": recipient, "Scope": {"Level": "Study", "Uids": [study.uid]}, **more}


@pytest.mark.parametrize("scope", [
    {"Level": "Study", "Uids": ["2.999.404"]}, {"Level": "Series", "Uids": ["2.999.404"]},
    {"Level": "Instance", "Uids": ["2.999.404"]}, {"Level": "Patient", "PatientID": "NOBODY"}])
def test_a_share_of_what_does_not_exist_is_404(hospital, recipient, nothing_new, scope):
    assert refusal(hospital, "POST", "/shares", {"Recipient": recipient, "Scope": scope}) == 404


def test_a_share_for_somebody_unknown_is_refused(hospital, small, nothing_new):
    assert refusal(hospital, "POST", "/shares", share_body("0" * 32, small)) in (400, 404)


@pytest.mark.parametrize("expiry", ["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "tomorrow", 17,
                                    "2030-02-30T00:00:00Z"])
def test_an_expiry_in_the_past_beyond_the_maximum_or_of_no_time_is_400(
        hospital, recipient, small, nothing_new, expiry):
    assert refusal(hospital, "POST", "/shares", share_body(recipient, small, ExpiresAt=expiry)) == 400


@pytest.mark.parametrize("wrong", [
    {"Profile": "no-such-profile"}, {"Permissions": ["everything"]}, {"Permissions": []},
    {"Assurance": "trust me"}, {"Unknown": 1}, {"Scope": {}}, {"Scope": {"Level": "Galaxy"}},
    {"Scope": {"Level": "Study", "Uids": []}}, {"Scope": {"Level": "Study", "Uids": ["not a uid"]}},
    {"Recipient": None}, {"MaxSessions": -1}])
def test_a_share_that_makes_no_sense_is_400(hospital, recipient, small, nothing_new, wrong):
    assert refusal(hospital, "POST", "/shares", {**share_body(recipient, small), **wrong}) == 400


@pytest.mark.parametrize("networks", [[], ["10.0.0.0/33"], ["10.0.0.1/8"], ["everywhere"], "10.0.0.0/8",
                                      [7]])
def test_a_recipient_with_wrong_networks_is_400(hospital, networks):
    body = {"Name": "Dr. Hayashi", "Networks": networks}
    assert refusal(hospital, "POST", "/recipients", body) == 400


@pytest.mark.parametrize("pem", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_400(hospital, recipient, pem):
    assert refusal(hospital, "POST", f"/recipients/{recipient}/certificates", {"Pem": pem}) == 400


@pytest.mark.parametrize("path", ["/recipients/" + "0" * 32, "/shares/" + "0" * 32, "/nothing",
                                  "/recipients/../shares/x", "/shares/not-an-id"])
def test_what_is_not_there_is_404(hospital, path):
    assert refusal(hospital, "GET", path) == 404


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"null", b'{"Name": "\xff"}', pytest.param(b"[" * 100_000, id="deep")])
def test_a_body_that_is_no_json_object_is_400(hospital, body):
    answer = hospital.staff.session.post(f"{hospital.staff.url}/recipients", data=body, timeout=30,
                                         headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json()["Error"]


def test_the_secret_of_a_share_and_a_token_are_shown_once(hospital, small):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Assurance="link")
    secret = share["LinkToken"]
    assert share["Link"].endswith(f"#{secret}")
    for path in ("/shares", f"/shares/{share['ID']}", f"/recipients/{clinic.recipient}", "/recipients"):
        text = repr(hospital.staff.call("GET", path))
        assert secret not in text and clinic.token not in text


def test_shares_are_listed_by_recipient_patient_and_status(hospital, small, utf8):
    clinic = hospital.clinic()
    live, dead = hospital.share(clinic, small), hospital.share(clinic, utf8)
    hospital.staff.revoke(dead["ID"])

    def listed(query):
        return {share["ID"] for share in hospital.staff.call("GET", f"/shares?{query}")["Shares"]}
    assert listed(f"recipient={clinic.recipient}") == {live["ID"], dead["ID"]}
    assert listed(f"recipient={clinic.recipient}&status=live") == {live["ID"]}
    assert listed(f"recipient={clinic.recipient}&status=revoked") == {dead["ID"]}
    assert listed(f"recipient={clinic.recipient}&patient={small.patient}") == {live["ID"]}


def test_a_default_share_expires_and_is_masked(hospital, small):
    clinic = hospital.clinic()
    share = hospital.staff.new_share(clinic.recipient, {"Level": "Study", "Uids": [small.uid]})
    assert rfc3339(89 * DAY) < share["ExpiresAt"] < rfc3339(91 * DAY)
    shown = hospital.staff.call("GET", f"/shares/{share['ID']}")
    assert shown["Profile"] in ("ps3.15-basic", {"Name": "ps3.15-basic"})


def test_a_share_tells_what_its_profile_was_made_with(hospital, small):
    clinic = hospital.clinic()
    profile = {"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]}
    share = hospital.share(clinic, small, Profile=profile)
    assert share["ResolvedProfile"] == profile
    assert hospital.staff.call("GET", f"/shares/{share['ID']}")["ResolvedProfile"] == profile
    (entry,) = [entry for entry in hospital.entries()
                if entry["event"] == "share.create" and entry.get("share") == share["ID"]]
    assert entry["facts"]["options"] == "RetainModifiedDates"


def test_a_profile_that_tells_the_patients_name_needs_somebody_who_has_seen_it(hospital, small):
    body = share_body(hospital.clinic().recipient, small,
                      Profile={"Name": "patient-fields", "Fields": ["PatientID"]})
    assert refusal(hospital, "POST", "/shares", body) == 409
    seen = hospital.staff.call("POST", "/shares/preview", body)
    (risk,) = [risk for risk in seen["Risks"] if risk["Code"] == "identifiers-kept"]
    assert "PatientName" in risk["Attributes"]
    share = hospital.staff.call("POST", "/shares",
                                {**body, "Acknowledgement": seen["Acknowledgement"]})
    assert share["Status"] == "live"


def test_a_share_is_revoked_once(hospital, small):
    share = hospital.share(hospital.clinic(), small)
    hospital.staff.revoke(share["ID"], "sent to the wrong clinic")
    shown = hospital.staff.call("GET", f"/shares/{share['ID']}")
    assert shown["Status"] == "revoked"
    again = hospital.staff.revoke(share["ID"], "again")
    assert again["RevokeReason"] == "sent to the wrong clinic"
    entries = [entry for entry in hospital.entries()
               if entry["event"] == "share.revoke" and entry["share"] == share["ID"]]
    assert len(entries) == 1


def test_a_creation_sent_again_after_a_restart_makes_no_second_share(hospitals, small):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    key = {"Idempotency-Key": "7b0f6e0c-2f0a-4f0e-9a55-5f3c8f0f2a11"}
    body = share_body(clinic.recipient, small)

    def create(body):
        return hospital.staff.session.post(f"{hospital.staff.url}/shares", json=body, headers=key,
                                           timeout=30)
    first = create(body)
    assert first.status_code == 201
    share = first.json()
    assert first.headers["Location"] == f"/sekisho/api/shares/{share['ID']}"
    hospital.close()
    hospital.open()
    again = create(body)
    assert again.status_code == 200 and again.json()["Replayed"]
    assert again.json()["ID"] == share["ID"] and "Link" not in again.json()
    assert create({**body, "Purpose": "another"}).status_code == 422
    assert len(hospital.staff.call("GET", "/shares")["Shares"]) == 1
    hospital.close()


def test_what_has_not_changed_is_not_sent_again(hospital, recipient):
    def get(**headers):
        return hospital.staff.session.get(f"{hospital.staff.url}/recipients/{recipient}",
                                          headers=headers, timeout=30)
    tag = get().headers["ETag"]
    again = get(**{"If-None-Match": tag})
    assert again.status_code == 304 and not again.content
    assert get(**{"If-None-Match": '"x"'}).json()["ID"] == recipient


@pytest.mark.parametrize("level", ["Patient", "Study", "Series", "Instance"])
def test_what_orthanc_names_is_shared_by_its_name(hospital, small, recipient, level):
    found = hospital.archive.session.post(f"{hospital.archive.url}/tools/find", timeout=30, json={
        "Level": level, "Query": {"PatientID": small.patient}}).json()
    scope = {"Level": level, "OrthancId": found[0]}
    share = hospital.staff.call("POST", "/shares", {"Recipient": recipient, "Scope": scope})
    assert share["Scope"]["PatientID"] == small.patient
    again = hospital.staff.call("POST", "/shares",
                                {"Recipient": recipient, "Scope": share["Scope"]})
    assert again["Scope"] == share["Scope"]
    elsewhere = {"Level": level, "OrthancId": "-".join(["0" * 8] * 5)}
    assert refusal(hospital, "POST", "/shares", {"Recipient": recipient, "Scope": elsewhere}) == 404
