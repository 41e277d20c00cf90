# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is revoked while it is used, nothing more of it leaves or comes in.

Downloads, which have left in part by then: test_running_downloads.py.
"""
import concurrent.futures
import time

import pytest

import films
from samples import value
from test_returns import RETURNS, derived, siblings

AT_ONCE_SECONDS = 1.0
PARTS = 400
PROFILE = "ps3.15-basic"


class Guest:
    """A clinic that is let in with `by`, to a share of `study`, and what ends that."""

    def __init__(self, hospital, authority, study, by="token", **share):
        self._staff = hospital.staff
        registered = hospital.clinic()
        self.clinic = registered
        self._people = f"/recipients/{registered.recipient}"
        if by == "certificate":
            certificate = authority.issue("revoked-in-use", "clientAuth")
            self._certificate = self._staff.call("POST", f"{self._people}/certificates",
                                                 {"Pem": certificate[0].read_text()})["ID"]
            self.clinic = hospital.visitor(certificate=certificate)
            share["Assurance"] = "certificate"
        self.share = hospital.share(registered, study, Profile=PROFILE, **share)
        self.clinic.root = self.share["DicomWebRoot"]

    def end(self, what):
        """On return staff have their answer."""
        if what == "share":
            self._staff.revoke(self.share["ID"])
        elif what == "recipient":
            self._staff.call("POST", f"{self._people}/disable", {})
        elif what == "token":
            (token,) = self._staff.call("GET", f"{self._people}/tokens")["Tokens"]
            self._staff.call("POST", f"{self._people}/tokens/{token['ID']}/revoke", {})
        else:
            self._staff.call("DELETE", f"{self._people}/certificates/{self._certificate}")


@pytest.fixture(params=["share", "recipient", "token", "certificate"])
def what(request):
    return request.param


@pytest.fixture(scope="module")
def cinema(hospitals, small):
    """A hospital in which one look at a study takes long."""
    hospital = hospitals.new(sekisho={"PixelPolicy": films.PIXEL_POLICY}).open()
    hospital.archive.store_files(small.files())
    hospital.films = films.Films(24)
    films.store(hospital, hospital.clinic(), hospital.films, PROFILE)
    return hospital


def test_a_search_under_way_gives_no_row_of_what_is_revoked(cinema, authority, what, patience):
    guest = Guest(cinema, authority, cinema.films, by=what)
    # No row in memory has this attribute: every film is cleaned and masked again.
    target = f"{guest.clinic.root}/instances?PatientComments=x*"
    assert guest.clinic.get(f"{guest.clinic.root}/studies").status == 200
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        before = cinema.cpu_seconds()
        search = pool.submit(guest.clinic.get, target)
        cinema.wait_until_it_works(before)
        assert not search.done()
        guest.end(what)
        begin = time.monotonic()
        answer = search.result()
        took = time.monotonic() - begin
    assert answer.status == 404 and answer.receipt is None
    assert took < AT_ONCE_SECONDS * patience, f"it went on for {took:.2f} s"
    of_share = [entry for entry in cinema.entries() if entry.get("share") == guest.share["ID"]]
    assert [entry["event"] for entry in of_share].count("query") == 1, "that of the first look"


def test_nothing_of_an_upload_is_stored_after_the_revocation_is_on_record(
        cinema, authority, small, what, patience):
    guest = Guest(cinema, authority, small, by=what, Permissions=RETURNS)
    reports = siblings(derived(guest.clinic), PARTS)

    def begun():
        return [entry for entry in cinema.entries()
                if entry["event"] == "return.begin" and entry["share"] == guest.share["ID"]]

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        upload = pool.submit(guest.clinic.store, guest.clinic.root, *reports)
        deadline = time.monotonic() + 60
        while len(begun()) < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        guest.end(what)
        begin = time.monotonic()
        stored = len(begun())
        answer = upload.result()
        took = time.monotonic() - begin
    assert answer.status == 202, answer.body
    assert took < AT_ONCE_SECONDS * patience, f"it went on for {took:.2f} s"
    # The one that was looked at has its UIDs in the one sequence, those behind it are in the other.
    failed = [item for tag in ("00081198", "0008119A") if tag in answer.json()
              for item in answer.json()[tag]["Value"]]
    assert {value(item, "00081197") for item in failed} == {0x0124}
    # The one that was on its way when the entry was written.
    assert len(begun()) <= stored + 1
    assert len(failed) >= PARTS - stored - 1
    (refusals,) = [entry for entry in cinema.entries() if entry["event"] == "denial"
                   and entry.get("share") == guest.share["ID"]]
    assert refusals["detail"] == "return: share has ended"
    assert refusals["instances"] >= PARTS - stored - 1
