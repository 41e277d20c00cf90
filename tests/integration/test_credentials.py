# SPDX-License-Identifier: GPL-3.0-or-later
"""Only the named recipient gets in, from where and for as long as was said; all else is one 404."""
import time

import pytest

from hospital import DAY
from launch import StaffError, rfc3339


@pytest.fixture(scope="module")
def refusal(hospital):
    """The one answer to everything refused, as a stranger gets it for nothing at all."""
    answer = hospital.visitor().get("/no/such/place")
    assert answer.status == 404
    return answer


def same(answer, refusal):
    """Whether an answer is that one, but for the moment and the number of the request."""
    def visible(headers):
        return {name: text for name, text in headers.items()
                if name not in ("date", "sekisho-request")}
    return (answer.status, answer.body, visible(answer.headers)) == (
        404, refusal.body, visible(refusal.headers))


def secret_of(share):
    return share["LinkToken"]


def poll_until_refused(clinic, target, seconds):
    """Polls until 404; returns when that was. Fails if it never comes."""
    clinic.ledger.doubtful_intents += 1
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if clinic.get(target).status == 404:
            return time.monotonic()
        time.sleep(0.1)
    pytest.fail(f"{target} still answers after {seconds} s")


def test_a_token_opens_the_shares_of_its_recipient_and_no_other(hospital, small, refusal):
    clinic, other = hospital.clinic(), hospital.clinic("Dr. Hayashi")
    root = hospital.share(clinic, small)["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    assert same(other.get(f"{root}/studies"), refusal)
    assert other.get("/dicom-web/studies").json() == []


@pytest.mark.parametrize("token", [
    None, "", "skt_", "skt_" + "A" * 43, "nonsense", pytest.param("skt_" + "A" * 5000, id="long")])
def test_a_wrong_token_is_a_stranger(hospital, small, refusal, token):
    root = hospital.share(hospital.clinic(), small)["DicomWebRoot"]
    assert same(hospital.visitor(token=token).get(f"{root}/studies"), refusal)
    assert same(hospital.visitor(token=token).get("/dicom-web/studies"), refusal)


@pytest.mark.parametrize("header", ["Basic c3RhZmY6YSBzdGFmZiBwYXNzd29yZA==", "Bearer", "Bearer  ",
                                    "Negotiate abc", "Bearer a b"])
def test_other_kinds_of_authorization_are_strangers(hospital, refusal, header):
    assert same(hospital.visitor().get("/dicom-web/studies", Authorization=header), refusal)


def test_a_token_dies_when_it_is_revoked(hospital, small, refusal):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    second = hospital.staff.new_token(clinic.recipient, rfc3339(DAY))
    viewer = hospital.visitor(token=second["Token"])
    assert viewer.get(f"{root}/studies").status == 200
    hospital.staff.call("POST", f"/recipients/{clinic.recipient}/tokens/{second['ID']}/revoke", {})
    assert same(viewer.get(f"{root}/studies"), refusal)
    assert clinic.get(f"{root}/studies").status == 200


def test_a_token_dies_at_its_expiry(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    viewer = hospital.visitor(
        token=hospital.staff.new_token(clinic.recipient, rfc3339(3))["Token"])
    assert viewer.get(f"{root}/studies").status == 200
    poll_until_refused(viewer, f"{root}/studies", 10)
    assert clinic.get(f"{root}/studies").status == 200


def test_a_share_dies_at_its_expiry_and_not_before(hospital, small):
    clinic = hospital.clinic()
    expiry = int(time.time()) + 3
    root = hospital.share(clinic, small, ExpiresAt=rfc3339(expiry - time.time()))["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    poll_until_refused(clinic, f"{root}/studies", 10)
    assert time.time() >= expiry


def test_a_share_is_not_there_before_its_time(hospital, small, refusal):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, NotBefore=rfc3339(3600))["DicomWebRoot"]
    assert same(clinic.get(f"{root}/studies"), refusal)
    assert clinic.get("/dicom-web/studies").json() == []


def test_a_revoked_share_is_gone_at_once(hospital, small, refusal):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small)
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 200
    hospital.staff.revoke(share["ID"])
    assert same(clinic.get(f"{share['DicomWebRoot']}/studies"), refusal)
    assert clinic.get("/dicom-web/studies").json() == []


def test_a_disabled_recipient_has_nothing_left(hospital, small, refusal):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Assurance="link")
    root = share["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    hospital.staff.call("POST", f"/recipients/{clinic.recipient}/disable", {})
    assert same(clinic.get(f"{root}/studies"), refusal)
    assert same(hospital.visitor(token=secret_of(share)).get(f"{root}/studies"), refusal)


def test_the_link_opens_its_own_share_only(hospital, small, utf8, refusal):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Assurance="link")
    other = hospital.share(clinic, utf8, Assurance="link")
    holder = hospital.visitor(token=secret_of(share))
    assert len(holder.get(f"{share['DicomWebRoot']}/studies").json()) == 1
    assert same(holder.get(f"{other['DicomWebRoot']}/studies"), refusal)
    assert len(holder.get("/dicom-web/studies").json()) == 1


def test_the_link_has_no_secret_where_more_is_asked_for(hospital, small):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Assurance="password")
    assert "LinkToken" not in share and "#" not in share["Link"]
    assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 200


def enrolled(hospital, authority, clinic, name):
    certificate = authority.issue(name, "clientAuth")
    hospital.staff.call("POST", f"/recipients/{clinic.recipient}/certificates",
                        {"Pem": certificate[0].read_text()})
    return certificate


def test_an_enrolled_certificate_identifies_its_recipient(hospital, authority, small, refusal):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Assurance="certificate")["DicomWebRoot"]
    certificate = enrolled(hospital, authority, clinic, "reader-one")
    assert same(clinic.get(f"{root}/studies"), refusal)
    assert hospital.visitor(certificate=certificate).get(f"{root}/studies").status == 200
    both = hospital.visitor(token=clinic.token, certificate=certificate)
    assert both.get(f"{root}/studies").status == 200


def test_a_certificate_that_nobody_enrolled_counts_as_none(hospital, authority, small, refusal):
    clinic = hospital.clinic()
    strict = hospital.share(clinic, small, Assurance="certificate")["DicomWebRoot"]
    easy = hospital.share(clinic, small)["DicomWebRoot"]
    stranger = authority.issue("stranger", "clientAuth")
    assert same(hospital.visitor(certificate=stranger).get(f"{strict}/studies"), refusal)
    assert same(hospital.visitor(token=clinic.token, certificate=stranger).get(
        f"{strict}/studies"), refusal)
    assert hospital.visitor(token=clinic.token, certificate=stranger).get(
        f"{easy}/studies").status == 200


def test_credentials_of_two_people_open_nothing(hospital, authority, small, refusal):
    clinic, other = hospital.clinic(), hospital.clinic("Dr. Hayashi")
    root = hospital.share(clinic, small)["DicomWebRoot"]
    theirs = enrolled(hospital, authority, other, "reader-two")
    assert same(hospital.visitor(token=clinic.token, certificate=theirs).get(f"{root}/studies"),
                refusal)


def test_outside_its_networks_a_recipient_finds_nothing(hospital, small, refusal):
    clinic = hospital.clinic(networks=["127.0.0.2/32", "10.20.0.0/24"])
    root = hospital.share(clinic, small)["DicomWebRoot"]
    assert same(clinic.get(f"{root}/studies"), refusal)
    inside = hospital.visitor(token=clinic.token, source="127.0.0.2")
    assert inside.get(f"{root}/studies").status == 200


def test_forwarded_headers_move_nobody_into_a_network(hospital, small, refusal):
    clinic = hospital.clinic(networks=["10.20.0.0/24"])
    root = hospital.share(clinic, small)["DicomWebRoot"]
    assert same(clinic.get(f"{root}/studies", X_Forwarded_For="10.20.0.7",
                           Forwarded="for=10.20.0.7"), refusal)


def test_staff_credentials_open_nothing_at_the_recipient_door(hospital, refusal):
    for path in ("/instances", "/system", "/sekisho/api/shares", "/tools/find"):
        answer = hospital.visitor().get(path, Authorization="Basic c3RhZmY6YSBzdGFmZiBwYXNzd29yZA==")
        assert same(answer, refusal)


def test_the_staff_door_wants_the_password_of_orthanc(hospital):
    hospital.staff.session.auth, kept = ("staff", "wrong"), hospital.staff.session.auth
    try:
        with pytest.raises(StaffError) as refused:
            hospital.staff.status()
        assert refused.value.status == 401
    finally:
        hospital.staff.session.auth = kept


def test_denials_are_on_record_with_their_reason(hospital, small):
    quiet = "127.0.0.77"  # an address that was not refused before: floods are only counted
    clinic, other = hospital.clinic(), hospital.clinic("Dr. Hayashi", source=quiet)
    share = hospital.share(clinic, small)
    before = len(hospital.entries())
    other.get(f"{share['DicomWebRoot']}/studies")
    hospital.visitor(token="skt_" + "B" * 43, source=quiet).get("/dicom-web/studies")
    reasons = [entry.get("detail") for entry in hospital.entries()[before:]
               if entry["event"] == "denial"]
    assert sorted(reasons) == ["foreign_share", "unknown_credential"]


def test_a_token_may_do_less_than_its_recipient(hospital, small, refusal):
    quiet = "127.0.0.78"
    clinic = hospital.clinic(source=quiet)
    share, other = (hospital.share(clinic, small) for _ in range(2))
    made = hospital.staff.call("POST", f"/recipients/{clinic.recipient}/tokens",
                               {"Name": "thumbnails", "Permissions": ["view"], "Shares": [share["ID"]]})
    viewer = hospital.visitor(token=made["Token"], source=quiet)
    root = share["DicomWebRoot"]
    before = len(hospital.entries())

    (study,) = viewer.get(f"{root}/studies").json()
    uid = study["0020000D"]["Value"][0]
    picture = viewer.get(f"{root}/studies/{uid}/thumbnail", Accept="image/jpeg")
    assert picture.status == 200
    assert same(viewer.get(f"{root}/studies/{uid}"), refusal)
    assert same(viewer.get(f"{other['DicomWebRoot']}/studies"), refusal)
    reasons = [entry["detail"] for entry in hospital.entries()[before:] if entry["event"] == "denial"]
    assert reasons == ["narrow_token", "narrow_token"]

    (own,) = viewer.get("/api/shares").json()["Shares"]
    assert (own["ID"], own["Permissions"]) == (share["ID"], ["view"])
    assert len(viewer.get("/dicom-web/studies").json()) == 1
    (masked,) = clinic.get(f"{other['DicomWebRoot']}/studies").json()
    everything = clinic.get(f"{other['DicomWebRoot']}/studies/{masked['0020000D']['Value'][0]}")
    assert everything.status == 200, "the recipient's other token may do what it could"
    assert viewer.get(picture.receipt.path).status == 200
    assert same(viewer.get(everything.receipt.path), refusal)
    assert clinic.get(everything.receipt.path).status == 200

    (listed,) = [token for token in hospital.staff.call("GET", f"/recipients/{clinic.recipient}/tokens")["Tokens"]
                 if token["ID"] == made["ID"]]
    assert (listed["Permissions"], listed["Shares"]) == (["view"], [share["ID"]])
