# SPDX-License-Identifier: GPL-3.0-or-later
"""People who sign in at an identity provider of their region: npm's oidc-provider over TLS, at the door of a
real Orthanc."""
import itertools
import threading
import time
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest

from identity_provider import SECRET, SURELY, IdentityProvider, Traveller
from launch import free_port
from test_credentials import refusal, same  # noqa: F401  # a fixture

PASSWORD = "mountain river 7 lake"


class Door:
    """A hospital and the provider that it believes."""

    def __init__(self, hospitals, directory, authority, algorithm="ES256", **openid):
        port = free_port()
        self.provider = IdentityProvider(directory, authority, f"https://localhost:{port}")
        self.hospital = hospitals.new(sekisho={"OpenId": self.provider.settings(algorithm, **openid),
                                               "PublicUrl": f"https://localhost:{port}"})
        self.hospital.sekisho["Gateway"]["Port"] = port
        self.hospital.gateway_port, self.hospital.url = port, f"https://localhost:{port}"
        self._addresses = itertools.count(1)

    def open(self):
        self.provider.start()
        self.hospital.open()
        self.wait_until_known()
        return self

    def wait_until_known(self):
        self.hospital.orthanc.wait_until(lambda: "KnownSince" in self.state())

    def state(self):
        return self.hospital.staff.status()["IdentityProvider"]

    def traveller(self):
        """Each from an address of its own: of one address refusals are counted, and not all are written."""
        number = next(self._addresses)
        source = f"127.0.{1 + number // 250}.{1 + number % 250}"
        return Traveller(self.hospital.url, self.hospital.authority.certificate, self.hospital.ledger,
                         None, None, source)

    def person(self, login, subject=None, recipient=None):
        """The path of a registered person; with a subject, staff tie them to it."""
        recipient = recipient or self.hospital.clinic().recipient
        person = self.hospital.person(recipient, login).person
        if subject:
            self.hospital.staff.call("PUT", f"{person}/identity", {"Subject": subject})
        return person

    def last_denial(self):
        return [entry for entry in self.hospital.entries() if entry["event"] == "denial"][-1]


@pytest.fixture(scope="module")
def door(hospitals, authority, tmp_path_factory, small):
    door = Door(hospitals, tmp_path_factory.mktemp("region") / "provider", authority).open()
    door.hospital.archive.store_files(small.files())
    yield door
    door.provider.close()


@pytest.fixture(scope="module")
def hospital(door):
    return door.hospital


@pytest.fixture
def login(request):
    return f"sato-{time.monotonic_ns()}"


def test_whom_staff_have_tied_sees_what_is_shared_with_them(door, hospital, small, login):
    clinic = hospital.clinic()
    person = door.person(login, login, clinic.recipient)
    root = hospital.share(clinic, small)["DicomWebRoot"]
    sure = hospital.share(clinic, small, Assurance="password+totp")["DicomWebRoot"]
    browser = door.traveller()
    assert browser.get("/api/session/openid").json() == {"Name": "Northern Medical ID"}
    answer = browser.travel(door.provider, login)
    assert answer.status == 200 and b'content="0; url=/"' in answer.body, answer
    me = browser.get("/api/me").json()
    assert (me["Login"], me["Assurance"]) == (login, "password")
    assert len(browser.get(f"{root}/studies").json()) == 1
    assert browser.get(f"{sure}/studies").status == 404
    shown = hospital.staff.call("GET", person)
    assert shown["Identity"]["Subject"] == login and "UsedAt" in shown["Identity"]
    assert len(shown["Sessions"]) == 1
    begun = [entry for entry in hospital.entries() if entry["event"] == "session.begin"][-1]
    assert begun["authentication"] == "openid"
    query = [entry for entry in hospital.entries() if entry["event"] == "query"][-1]
    assert query["authentication"] == "openid"
    assert browser.send("DELETE", "/api/session").status == 204
    assert browser.get("/api/me").status == 404


def test_two_factors_there_are_two_factors_here(door, hospital, small, login):
    clinic = hospital.clinic()
    door.person(login, login + SURELY, clinic.recipient)
    root = hospital.share(clinic, small, Assurance="password+totp")["DicomWebRoot"]
    browser = door.traveller()
    assert browser.travel(door.provider, login + SURELY).status == 200
    assert browser.get("/api/session").json()["Assurance"] == "password+totp"
    assert len(browser.get(f"{root}/studies").json()) == 1


def test_an_invitation_ties_whoever_takes_it_there_once(door, hospital, login, refusal):  # noqa: F811
    person = door.person(login)
    invitation = hospital.staff.call("POST", f"{person}/invite", {})["Invitation"]
    assert same(door.traveller().travel(door.provider, login), refusal)
    denial = door.last_denial()
    assert denial["detail"] == "unknown_identity"
    one, two = door.traveller(), door.traveller()
    first = one.leave(Invitation=invitation).json()["Url"]
    second = two.leave(Invitation=invitation).json()["Url"]
    assert one.arrive(door.provider.sign_in(first, login)).status == 200
    assert same(two.arrive(door.provider.sign_in(second, "somebody-else")), refusal)
    assert door.last_denial()["detail"] == "unknown_invitation"
    assert same(door.traveller().leave(Invitation=invitation), refusal)
    assert one.get("/api/me").json()["Login"] == login
    assert door.traveller().travel(door.provider, login).status == 200
    change = [entry for entry in hospital.entries() if entry["event"] == "credential.change"][-1]
    assert change["facts"]["change"] == "identity"


def test_a_return_is_good_once_and_in_its_own_browser(door, login, refusal):  # noqa: F811
    door.person(login, login)
    browser, stranger = door.traveller(), door.traveller()
    place = door.provider.sign_in(browser.leave().json()["Url"], login)
    assert same(stranger.arrive(place), refusal)
    assert door.last_denial()["detail"] == "missing_round_trip"
    stranger.leave()
    assert same(stranger.arrive(place), refusal)
    assert door.last_denial()["detail"] == "stale_round_trip"
    assert same(browser.arrive(place, **{"Sec-Fetch-Dest": "iframe"}), refusal)
    assert door.last_denial()["detail"] == "foreign_page"
    assert browser.arrive(place).status == 200
    assert same(browser.arrive(place), refusal)
    assert door.last_denial()["detail"] == "stale_round_trip"


def with_query(place, **changed):
    parts = urlsplit(place)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in query.items() if v})))


def test_a_code_is_worth_nothing_twice_elsewhere_and_from_elsewhere(door, login, refusal):  # noqa: F811
    door.person(login, login)
    browser, other = door.traveller(), door.traveller()
    place = door.provider.sign_in(browser.leave().json()["Url"], login)
    code = parse_qs(urlsplit(place).query)["code"][0]
    # Somebody who has caught the code brings it with a state of their own: the verifier is another.
    own = door.provider.sign_in(other.leave().json()["Url"], "somebody-else")
    assert same(other.arrive(with_query(own, code=code)), refusal)
    assert door.last_denial()["detail"] == "refused_code"
    # oidc-provider takes a code back that was tried with another verifier.
    browser.leave()
    again = door.provider.sign_in(browser.leave().json()["Url"], login)
    for wrong in ("https://evil.example", None):
        assert same(browser.arrive(with_query(again, iss=wrong)), refusal)
        assert door.last_denial()["detail"] == "foreign_provider"
    assert browser.arrive(again).status == 200
    third = door.traveller()
    fresh = door.provider.sign_in(third.leave().json()["Url"], login)
    used = parse_qs(urlsplit(again).query)["code"][0]
    assert same(third.arrive(with_query(fresh, code=used)), refusal)
    assert door.last_denial()["detail"] == "refused_code"


def test_who_does_not_consent_is_nobody(door, login, refusal):  # noqa: F811
    door.person(login, login)
    browser = door.traveller()
    place = door.provider.sign_in(browser.leave().json()["Url"], login, consents=False)
    assert "error=access_denied" in place
    assert same(browser.arrive(place), refusal)
    assert door.last_denial()["detail"] == "provider_refused"


def test_disabling_a_person_and_ending_the_tie_end_all_of_it(door, hospital, login, refusal):  # noqa: F811
    person = door.person(login, login)
    browser = door.traveller()
    assert browser.travel(door.provider, login).status == 200
    hospital.staff.call("POST", f"{person}/disable", {})
    assert browser.get("/api/me").status == 404
    assert same(browser.travel(door.provider, login), refusal)
    assert door.last_denial()["detail"] == "disabled_person"
    hospital.staff.call("POST", f"{person}/enable", {})
    assert browser.travel(door.provider, login).status == 200
    hospital.staff.call("DELETE", f"{person}/identity", {})
    assert browser.get("/api/me").status == 404
    assert same(browser.travel(door.provider, login), refusal)
    assert door.last_denial()["detail"] == "unknown_identity"


def test_a_provider_that_hangs_holds_up_nobody_else(door, hospital, login, patience):
    person = door.person(login, login)
    sato = hospital.person(hospital.clinic().recipient, f"{login}-here", PASSWORD)
    browsers = [door.traveller() for _ in range(6)]
    places = [door.provider.sign_in(browser.leave().json()["Url"], login) for browser in browsers]
    answers = [None] * len(browsers)

    def arrive(i):
        answers[i] = browsers[i].arrive(places[i]).status

    def seconds_of(call, status):
        began = time.monotonic()
        assert call().status == status
        return time.monotonic() - began
    alone = seconds_of(sato.sign_in, 201)  # most of it is Argon2
    with door.provider.that_hangs():
        began = time.monotonic()
        threads = [threading.Thread(target=arrive, args=(i,)) for i in range(len(browsers))]
        for thread in threads:
            thread.start()
        others = []
        while answers.count(503) < len(browsers) - 2:  # who are told at once
            others.append(seconds_of(door.traveller().leave, 200))
        beside = seconds_of(sato.sign_in, 201)
        while any(thread.is_alive() for thread in threads):
            others.append(seconds_of(door.traveller().leave, 200))
        took = time.monotonic() - began
    assert answers == [503] * len(browsers)
    assert took > 4, took  # two waited for five seconds
    assert max(others) < 2 * patience, others
    assert beside < 3 * alone + patience, (alone, beside)
    print(f"{beside:.2f} s to sign in beside a provider that hangs, {alone:.2f} s without; "
          f"{len(others)} others were answered, the slowest in {max(others):.2f} s")
    assert [entry["detail"] for entry in hospital.entries() if entry["event"] == "denial"].count(
        "provider_unavailable") == 2
    # Nothing was counted against the address, and four of the six have what they came with still.
    arrived = [browser.arrive(place).status for browser, place in zip(browsers, places)]
    assert sorted(arrived) == [200] * 4 + [404] * 2
    assert hospital.staff.call("GET", person)["Status"] == "active"


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "EdDSA"])
def test_the_provider_signs_as_it_likes(hospitals, authority, tmp_path, login, algorithm):
    door = Door(hospitals, tmp_path / "provider", authority, algorithm).open()
    try:
        door.person(login, login)
        assert door.traveller().travel(door.provider, login).status == 200
    finally:
        door.provider.close()
        door.hospital.close()


def test_a_shared_secret_signs_for_nobody(hospitals, authority, tmp_path, login):
    door = Door(hospitals, tmp_path / "provider", authority, "HS256").open()
    try:
        door.person(login, login)
        assert door.traveller().travel(door.provider, login).status == 404
        assert door.last_denial()["detail"] == "id_token_algorithm"
    finally:
        door.provider.close()
        door.hospital.close()


def test_a_provider_that_is_down_wrong_or_refuses_us_is_told_to_staff(hospitals, authority, tmp_path,
                                                                      login):
    door = Door(hospitals, tmp_path / "provider", authority)
    hospital, orthanc = door.hospital.open(), door.hospital.orthanc
    try:
        door.person(login, login)
        orthanc.wait_until(lambda: "does not say what it is" in door.state()["Trouble"])
        answer = door.traveller().leave()
        assert (answer.status, "retry-after" in answer.headers) == (503, True)
        assert door.last_denial()["detail"] == "provider_unavailable"
        door.provider.start()  # which is asked again by itself
        door.wait_until_known()
        assert door.traveller().travel(door.provider, login).status == 200
        door.provider.secret_file.write_text("another", encoding="ascii")
        assert door.traveller().travel(door.provider, login).status == 503
        assert door.last_denial()["detail"] == "provider_refuses_us"
        assert any("does not take us for its client" in problem
                   for problem in hospital.staff.status()["Problems"])
        assert SECRET not in orthanc.log()
        door.provider.secret_file.write_text(SECRET, encoding="ascii")
        hospital.close()
        # The same provider under another of its names is another issuer.
        hospital.sekisho["OpenId"]["Issuer"] = door.provider.issuer.replace("localhost", "127.0.0.1")
        hospital.open()
        orthanc.wait_until(lambda: "is another" in door.state()["Trouble"])
        assert door.traveller().leave().status == 503
    finally:
        door.provider.close()
        hospital.close()
