# SPDX-License-Identifier: GPL-3.0-or-later
"""Who waits for a first look at many files sees how far it is, and may give it up."""
import concurrent.futures
import json
import secrets
import time

import pytest

import films
from launch import StaffError

PROFILE = "ps3.15-basic"
COUNT = 12
KEYS_OF_STAFFS = {"ID", "Kind", "Recipient", "Actor", "StartedAt", "Done", "Total"}
KEYS_OF_RECIPIENTS = {"ID", "Kind", "Recipient", "Share", "StartedAt", "Done", "Total"}


@pytest.fixture(scope="module")
def cinema(hospitals):
    """A hospital where a look at a study of films takes seconds."""
    hospital = hospitals.new(sekisho={"PixelPolicy": films.PIXEL_POLICY}).open()
    hospital.guest = hospital.clinic()
    return hospital


@pytest.fixture
def unseen(cinema):
    """Films that nobody has looked at."""
    study = films.Films(COUNT)
    for film in study.files():
        cinema.archive.store(film)
    return study


class Waiting:
    """A call of staff that needs a look by a name, in a thread of its own."""

    def __init__(self, hospital, path, study):
        self.hospital, self.name = hospital, secrets.token_hex(16)
        self.body = {"Recipient": hospital.guest.recipient, "Profile": PROFILE,
                     "Scope": {"Level": "Study", "Uids": [study.uid]}}
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.answer = self.pool.submit(self._post, path)

    def _post(self, path):
        staff = self.hospital.staff
        return staff.session.post(
            f"{staff.url}{path}", json=self.body, timeout=300,
            headers={"Content-Type": "application/json", "Sekisho-Look": self.name})

    def look(self):
        """How far it is; None when it is over or has not begun."""
        try:
            return self.hospital.staff.call("GET", f"/looks/{self.name}")
        except StaffError as error:
            assert error.status == 404
            return None

    def steps(self):
        """Every state that was seen until the answer came."""
        seen = []
        while not self.answer.done():
            look = self.look()
            if look is not None and (not seen or look != seen[-1]):
                seen.append(look)
            time.sleep(0.02)
        return seen

    def until(self, done):
        """Returns when so many instances are looked at."""
        while (look := self.look()) is None or look["Done"] < done:
            assert not self.answer.done(), "it was over before"
            time.sleep(0.02)


def test_a_preview_tells_how_far_it_is(cinema, unseen):
    waiting = Waiting(cinema, "/shares/preview", unseen)
    seen = waiting.steps()
    assert waiting.answer.result().status_code == 200
    counted = [look["Done"] for look in seen if "Total" in look]
    assert counted == sorted(counted)
    assert len(set(counted)) >= COUNT // 2, f"it moves: {counted}"
    last = seen[-1]
    assert set(last) == KEYS_OF_STAFFS
    assert (last["Kind"], last["Recipient"], last["Actor"], last["Total"]) == (
        "preview", cinema.guest.recipient, "staff", COUNT)
    assert waiting.look() is None
    text = json.dumps(seen)
    assert unseen.uid not in text and unseen.patient not in text


def test_a_preview_that_is_given_up_goes_on_when_it_is_asked_for_again(cinema, unseen, patience):
    waiting = Waiting(cinema, "/shares/preview", unseen)
    waiting.until(done=COUNT // 2)
    begin = time.monotonic()
    cinema.staff.call("DELETE", f"/looks/{waiting.name}")
    answer = waiting.answer.result()
    took = time.monotonic() - begin
    print(f"given up within {took:.2f} s")
    assert answer.status_code == 409 and "given up" in answer.json()["Error"]
    assert took < 2 * patience
    assert cinema.staff.call("GET", "/looks")["Looks"] == []
    again = Waiting(cinema, "/shares/preview", unseen)
    first = next(look["Done"] for look in again.steps() if look.get("Done"))
    assert again.answer.result().json()["Instances"] == COUNT
    assert first >= COUNT // 2, "what was found is kept"


def test_a_creation_that_is_given_up_shares_nothing(cinema, unseen):
    before = len(cinema.staff.call("GET", "/shares?limit=1000")["Shares"])
    waiting = Waiting(cinema, "/shares", unseen)
    waiting.until(done=1)
    cinema.staff.call("DELETE", f"/looks/{waiting.name}")
    assert waiting.answer.result().status_code == 409
    assert len(cinema.staff.call("GET", "/shares?limit=1000")["Shares"]) == before


def test_one_name_is_one_look(cinema, unseen):
    waiting = Waiting(cinema, "/shares/preview", unseen)
    waiting.until(done=1)
    again = cinema.staff.session.post(
        f"{cinema.staff.url}/shares/preview", json=waiting.body, timeout=60,
        headers={"Content-Type": "application/json", "Sekisho-Look": waiting.name})
    assert again.status_code == 409
    assert waiting.answer.result().status_code == 200


def test_staff_see_how_far_a_recipients_first_look_is_and_leave_it_to_him(cinema):
    study = films.Films(COUNT)
    first, *others = study.files()
    cinema.archive.store(first)
    share = cinema.share(cinema.guest, study, Profile=PROFILE)
    for film in others:
        cinema.archive.store(film)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(cinema.guest.get, f"{share['DicomWebRoot']}/studies")
        while not (looks := cinema.staff.call("GET", "/looks")["Looks"]) or looks[0]["Done"] < 2:
            assert not answer.done(), "it was over before"
            time.sleep(0.02)
        (look,) = looks
        assert set(look) == KEYS_OF_RECIPIENTS
        assert (look["Kind"], look["Share"], look["Recipient"], look["Total"]) == (
            "view", share["ID"], cinema.guest.recipient, COUNT)
        with pytest.raises(StaffError) as refused:
            cinema.staff.call("DELETE", f"/looks/{look['ID']}")
        assert refused.value.status == 409
        assert answer.result().status == 200
    assert cinema.staff.call("GET", "/looks")["Looks"] == []
