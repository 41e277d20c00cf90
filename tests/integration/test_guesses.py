# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever guesses codes, invitations, links, sessions or tokens meets the back-off, also many at once;
others sign in meanwhile, and neither memory nor the log grows with it.

Guessed passwords one after the other are in test_sign_in.py, the lengths of the waits in
tests/unit/access/back_off_test.cpp. Each test guesses from addresses of its own.
"""
import secrets
import threading

import pytest

from launch import rfc3339
from hospital import DAY
from test_credentials import refusal, same  # noqa: F401  # a fixture
from test_sign_in import OTHER, PASSWORD, clinic, denials, fresh  # noqa: F401  # a fixture

FREE_OF_ACCOUNT, FREE_OF_SITE = 5, 20
FLOOD = 600  # requests of each of the addresses that flood
GROWTH_BYTES = 40_000_000


def made_up(prefix):
    """As long as a real secret, and nobody's."""
    return prefix + secrets.token_urlsafe(32)


def at_once(calls):
    """What all of them return, begun together."""
    together, returned = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index):
        together.wait()
        returned[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return returned


def sign_in_of(person):
    """Signs in as often as it takes to find a turn where others have theirs compared."""
    while (answer := person.sign_in()).status == 503:
        pass
    return answer.status


def test_guessed_codes_meet_the_back_off_and_use_up_nothing(hospital, clinic, refusal):  # noqa: F811
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    codes = sato.add_authenticator()
    suzuki = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD, source="127.0.1.2")
    thief = hospital.browser(source="127.0.1.1")  # who has the password
    stolen = {"Login": sato.login, "Password": PASSWORD}
    guesses = [{"Code": "000000"}, {"RecoveryCode": "AAAA-AAAA-AAAA-AAAA"}, {},
               {"Code": "0000000"}, {"Code": "000000", "RecoveryCode": codes[0]}]
    assert len(guesses) == FREE_OF_ACCOUNT
    for guess in guesses:
        assert same(thief.send("POST", "/api/session", {**stolen, **guess}), refusal), guess
    assert set(denials(hospital)[-FREE_OF_ACCOUNT:]) == {"missing_code", "wrong_code"}
    for right in ({"RecoveryCode": codes[0]}, {"Code": sato.next_code()}):
        assert same(thief.send("POST", "/api/session", {**stolen, **right}), refusal)
        assert denials(hospital)[-1] == "blocked_person"
    assert suzuki.sign_in().status == 201
    # The session that was there goes on, and no code was used up without being looked at.
    assert sato.get("/api/me").json()["SecondFactor"]["RecoveryCodesLeft"] == len(codes)


def test_guesses_from_many_addresses_at_once_gain_nothing(hospital, clinic, refusal):  # noqa: F811
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    suzuki = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD, source="127.0.2.99")
    before, memory = len(hospital.entries()), hospital.memory_bytes()

    def guesser(host):
        browser = hospital.browser(source=f"127.0.2.{host}")
        guess = {"Login": sato.login, "Password": OTHER}
        return lambda: [browser.send("POST", "/api/session", guess) for _ in range(3)]

    *guessed, signed_in = at_once([guesser(host) for host in range(1, 7)] +
                                  [lambda: sign_in_of(suzuki)])
    answers = [answer for each in guessed for answer in each]
    assert signed_in == 201
    assert all(same(answer, refusal) or answer.status == 503 for answer in answers)
    while denials(hospital)[-1] != "blocked_person":  # those sent away were not counted
        guesser(7)()
    heard = [entry for entry in hospital.entries()[before:] if entry.get("detail") == "wrong_password"]
    assert len(heard) == FREE_OF_ACCOUNT
    assert same(sato.sign_in(), refusal), "the right password is not looked at either"
    assert hospital.memory_bytes() < memory + 150_000_000  # two hashes of 64 MiB at a time


def test_guessed_invitations_and_links_keep_their_address_out_and_no_other(
        hospital, clinic, small, refusal):  # noqa: F811
    invited = hospital.person(clinic.recipient, fresh("sato"))
    invitation = hospital.staff.call("POST", f"{invited.person}/invite", {})["Invitation"]
    share = hospital.share(clinic, small, Assurance="link")
    right = [{"Invitation": invitation, "Password": PASSWORD}, {"Link": share["LinkToken"]}]

    def guesser(prefix, field):
        browser = hospital.browser(source="127.0.3.1")
        return lambda: [browser.send("POST", "/api/session",
                                     {field: made_up(prefix), **({"Password": PASSWORD}
                                                                 if field == "Invitation" else {})})
                        for _ in range(FREE_OF_SITE // 4)]

    guessed = at_once([guesser("ski_", "Invitation"), guesser("skl_", "Link")] * 2)
    assert all(same(answer, refusal) for each in guessed for answer in each)
    blocked, elsewhere = (hospital.browser(source=f"127.0.3.{host}") for host in (1, 2))
    for form in right:
        assert same(blocked.send("POST", "/api/session", form), refusal)
        assert elsewhere.send("POST", "/api/session", form).status == 201


@pytest.mark.parametrize("flood", ["cookie", "token", "link"])
def test_a_flood_of_made_up_secrets_costs_neither_memory_nor_the_log(
        hospital, clinic, small, refusal, allowance_bytes, flood):  # noqa: F811
    root = hospital.share(clinic, small)["DicomWebRoot"]
    host = {"cookie": 1, "token": 2, "link": 3}[flood]
    path = root.removeprefix(hospital.url) + "/studies"

    def made_up_headers():
        if flood == "cookie":
            return {"Cookie": f"__Host-sekisho={made_up('sks_')}", "Sec-Fetch-Site": "same-origin"}
        return {"Authorization": "Bearer " + made_up("skt_" if flood == "token" else "skl_")}

    def flooder(last):
        visitor = hospital.visitor(source=f"127.0.4.{10 * host + last}")

        def run():
            connection = visitor.connect()
            statuses = set()
            for _ in range(FLOOD):
                connection.request("GET", path, headers=made_up_headers())
                answer = connection.getresponse()
                statuses.add((answer.status, answer.read()))
            connection.close()
            return statuses
        return run

    def others():
        return {(clinic.get(f"{root}/studies").status, clinic.get("/dicom-web/studies").status)
                for _ in range(10)}

    flooder(0)()  # what is allocated once is there
    entries, memory = len(hospital.entries()), hospital.memory_bytes()
    *refused, served = at_once([flooder(1), flooder(2), flooder(3), others])
    assert refused == [{(404, refusal.body)}] * 3
    assert served == {(200, 200)}
    assert hospital.memory_bytes() < memory + GROWTH_BYTES + allowance_bytes
    # Twenty refusals of an address are on record one by one each minute; the others are counted.
    floods = [entry for entry in hospital.entries()[entries:] if entry["event"] == "denial"]
    assert len(floods) < 3 * FLOOD / 4


def test_a_right_token_is_no_failure_however_often_others_are_guessed(
        hospital, clinic, small):  # noqa: F811
    """There is no lock-out of 256 random bits: whoever guesses them keeps nobody out of the clinic."""
    root = hospital.share(clinic, small)["DicomWebRoot"]
    token = hospital.staff.new_token(clinic.recipient, rfc3339(DAY))["Token"]
    guesser = hospital.visitor(token=made_up("skt_"), source="127.0.5.1")
    assert {guesser.get(f"{root}/studies").status for _ in range(2 * FREE_OF_SITE)} == {404}
    beside = hospital.visitor(token=token, source="127.0.5.1")
    assert beside.get(f"{root}/studies").status == 200
