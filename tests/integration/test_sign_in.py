# SPDX-License-Identifier: GPL-3.0-or-later
"""People sign in at the recipient door: what that opens, what ends it, and what is refused."""
import threading
import time

import pytest

from signed_in import code_of
from launch import StaffError
from test_credentials import refusal, same  # noqa: F401  # a fixture

PASSWORD = "mountain river 7 lake"
OTHER = "paper crane 4 thunder"


def denials(hospital):
    return [entry["detail"] for entry in hospital.entries() if entry["event"] == "denial"]


@pytest.fixture
def clinic(hospital):
    return hospital.clinic()


def fresh(name):
    """A login that nobody has yet: the tests of a module share their hospital."""
    return f"{name}-{time.monotonic_ns()}"


def test_password_and_code_open_what_demands_them(hospital, clinic, small, refusal):  # noqa: F811
    root = hospital.share(clinic, small, Assurance="password+totp")["DicomWebRoot"]
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    assert same(sato.get(f"{root}/studies"), refusal)
    codes = sato.add_authenticator()
    assert len(codes) == 10
    (study,) = sato.get(f"{root}/studies").json()
    uid = study["0020000D"]["Value"][0]
    assert sato.get(f"{root}/studies/{uid}").status == 200
    assert sato.send("DELETE", "/api/session").status == 204
    assert same(sato.get(f"{root}/studies"), refusal)
    assert sato.sign_in().json()["Assurance"] == "password+totp"
    assert sato.get(f"{root}/studies").status == 200
    (shown,) = [share for share in sato.get("/api/shares").json()["Shares"]]
    assert shown["IsEnough"] and root.endswith(f"/shares/{shown['ID']}/dicom-web")
    queries = [entry for entry in hospital.entries() if entry["event"] == "query"]
    assert queries[-1]["authentication"] == "password+totp"
    assert same(clinic.get(f"{root}/studies"), refusal)  # a token is one factor


def test_whatever_is_wrong_with_a_sign_in_it_is_one_answer(hospital, clinic, refusal):  # noqa: F811
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    sato.add_authenticator()
    used = sato.used_step
    hospital.person(clinic.recipient, invited := fresh("invited"))
    outside = hospital.staff.new_recipient("Far away", networks=("10.99.0.0/16",))["ID"]
    hospital.person(outside, far := fresh("far"))
    disabled = hospital.person(clinic.recipient, fresh("disabled"), PASSWORD)
    hospital.staff.call("POST", f"{disabled.person}/disable", {})
    stranger = hospital.browser(source="127.0.0.9")
    attempts = [
        ({"Login": fresh("nobody"), "Password": PASSWORD}, "unknown_person"),
        ({"Login": sato.login, "Password": OTHER, "Code": "123456"}, "wrong_password"),
        ({"Login": sato.login, "Password": PASSWORD}, "missing_code"),
        ({"Login": sato.login, "Password": PASSWORD, "Code": code_of(sato.secret, used)},
         "wrong_code"),
        ({"Login": sato.login, "Password": PASSWORD, "RecoveryCode": "AAAA-AAAA-AAAA-AAAA"},
         "wrong_code"),
        ({"Login": invited, "Password": PASSWORD}, "no_password"),
        ({"Login": far, "Password": PASSWORD}, "foreign_person"),
        ({"Login": disabled.login, "Password": PASSWORD}, "disabled_person"),
        ({"Invitation": "ski_" + "A" * 43, "Password": PASSWORD}, "unknown_invitation"),
        ({"Link": "skl_" + "A" * 43}, "unknown_credential"),
        ({"Login": sato.login}, "wrong_password"),
    ]
    for form, why in attempts:
        assert same(stranger.send("POST", "/api/session", form), refusal), why
        assert denials(hospital)[-1] == why
    assert stranger.cookie is None


def test_guesses_meet_the_back_off_while_another_signs_in(hospital, clinic, refusal):  # noqa: F811
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    suzuki = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD, source="127.0.0.3")
    before = hospital.memory_bytes()
    guesser = hospital.browser(source="127.0.0.2")
    for _ in range(30):
        answer = guesser.send("POST", "/api/session", {"Login": sato.login, "Password": OTHER})
        assert same(answer, refusal)
    right = {"Login": sato.login, "Password": PASSWORD}
    assert same(guesser.send("POST", "/api/session", right), refusal)
    assert {"wrong_password", "blocked_person"} <= set(denials(hospital))
    assert suzuki.sign_in().status == 201
    assert hospital.memory_bytes() < before + 150_000_000
    # Nothing of it is forgotten over a restart.
    hospital.close()
    hospital.open()
    assert same(guesser.send("POST", "/api/session", right), refusal)
    assert suzuki.sign_in().status == 201


def test_an_invitation_is_taken_up_once_by_whoever_comes_first(hospital, clinic):
    login = fresh("sato")
    sato = hospital.person(clinic.recipient, login)
    made = hospital.staff.call("POST", f"{sato.person}/invite", {})
    assert made["Link"].endswith(f"/i/{made['ID']}#{made['Invitation']}")
    form = {"Invitation": made["Invitation"], "Password": PASSWORD}
    weak = sato.send("POST", "/api/session", {**form, "Password": "password123456"})
    assert (weak.status, weak.json()["Flaw"]) == (400, "Common")
    both = [hospital.browser(source=f"127.0.0.{host}") for host in (4, 5)]
    statuses = []
    together = threading.Barrier(2)

    def take_up(browser):
        together.wait()
        statuses.append(browser.send("POST", "/api/session", form).status)

    threads = [threading.Thread(target=take_up, args=(browser,)) for browser in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 404]
    (person,) = [each for each in hospital.staff.call(
        "GET", f"/recipients/{clinic.recipient}/people")["People"] if each["Login"] == login]
    assert person["Status"] == "active"


def test_no_session_goes_on_under_an_id_that_was_there_before(hospital, clinic, refusal):  # noqa: F811
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    planted = sato.cookie = "sks_" + "B" * 43
    assert sato.sign_in().status == 201
    first = sato.cookie
    assert first != planted
    sato.add_authenticator()
    assert sato.cookie != first
    for old in (planted, first):
        assert same(hospital.browser().get("/api/me", Cookie=f"__Host-sekisho={old}"), refusal)
    last = sato.cookie
    out = sato.send("DELETE", "/api/session")
    assert out.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert sato.cookie is None
    assert same(hospital.browser().get("/api/me", Cookie=f"__Host-sekisho={last}"), refusal)


def test_a_cookie_does_nothing_for_pages_of_others(hospital, clinic, small, refusal):  # noqa: F811
    root = hospital.share(clinic, small, Permissions=["view", "return"])["DicomWebRoot"]
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    for page in ({}, {"Sekisho-Page": "1"}, {"Sekisho-Page": "1", "Sec-Fetch-Site": "cross-site"}):
        sato.page = page
        assert same(sato.send("DELETE", "/api/session"), refusal)
        # The connection ends, for the body was not read; all else is the same.
        for answer in (sato.store(root, b""),
                       sato.send("POST", "/api/totp", {"Password": PASSWORD})):
            assert (answer.status, answer.body) == (404, refusal.body)
    assert denials(hospital)[-1] == "foreign_page"
    assert same(sato.get(f"{root}/studies"), refusal), "not even to read"
    del sato.page
    assert sato.get(f"{root}/studies").status == 200


def test_so_many_sessions_open_a_share_as_it_says(hospital, clinic, small, refusal):  # noqa: F811
    root = hospital.share(clinic, small, MaxSessions=1)["DicomWebRoot"]
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    suzuki = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD)
    assert sato.get(f"{root}/studies").status == 200
    assert sato.get(f"{root}/studies").status == 200
    assert same(suzuki.get(f"{root}/studies"), refusal)
    assert same(clinic.get(f"{root}/studies"), refusal)
    assert sato.sign_in().status == 201
    assert same(sato.get(f"{root}/studies"), refusal)


def test_a_link_opens_its_share_in_a_browser(hospital, clinic, small, utf8, refusal):  # noqa: F811
    share = hospital.share(clinic, small, Assurance="link")
    other = hospital.share(clinic, utf8, Assurance="link")
    visitor = hospital.browser()
    assert visitor.send("POST", "/api/session", {"Link": share["LinkToken"]}).status == 201
    assert visitor.get(f"{share['DicomWebRoot']}/studies").status == 200
    assert same(visitor.get(f"{other['DicomWebRoot']}/studies"), refusal)
    assert same(visitor.get("/api/me"), refusal)


MATRIX = ["nobody", "rubbish", "link", "password", "password+totp", "foreign", "ended", "bearer"]


@pytest.mark.parametrize("demanded", ["link", "password", "password+totp", "certificate"])
def test_each_credential_opens_what_it_is_worth_and_no_more(
        hospital, clinic, small, refusal, demanded):  # noqa: F811
    share = hospital.share(clinic, small, Assurance=demanded)
    root = share["DicomWebRoot"]
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    suzuki = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD)
    suzuki.add_authenticator()
    stranger = hospital.person(hospital.clinic("Dr. Hayashi").recipient, fresh("hayashi"), PASSWORD)
    ended = hospital.person(clinic.recipient, fresh("ended"), PASSWORD)
    cookie = ended.cookie
    ended.send("DELETE", "/api/session")
    ended.cookie = cookie
    linked = hospital.browser()
    if demanded == "link":
        assert linked.send("POST", "/api/session", {"Link": share["LinkToken"]}).status == 201
    rubbish = hospital.browser()
    rubbish.cookie = "sks_" + "C" * 43
    bearer = hospital.browser()
    bearer.cookie, bearer.token = suzuki.cookie, "skt_" + "A" * 43
    levels = ["link", "password", "password+totp", "certificate"]
    worth = {"nobody": None, "rubbish": None, "link": "link", "password": "password",
             "password+totp": "password+totp", "foreign": None, "ended": None, "bearer": None}
    who = {"nobody": hospital.browser(), "rubbish": rubbish, "link": linked, "password": sato,
           "password+totp": suzuki, "foreign": stranger, "ended": ended, "bearer": bearer}
    assert list(who) == MATRIX
    for name, browser in who.items():
        may = worth[name] is not None and levels.index(worth[name]) >= levels.index(demanded)
        for target in (f"{root}/studies", f"{root}/series", f"{root}/studies/1.2.3/metadata"):
            answer = browser.get(target)
            if may and "1.2.3" not in target:
                assert answer.status == 200, (name, target)
            else:
                assert same(answer, refusal), (name, target)


def test_staff_are_told_what_is_wrong(hospital, clinic):
    login = fresh("sato")
    hospital.person(clinic.recipient, login)
    with pytest.raises(StaffError) as taken:
        hospital.person(clinic.recipient, login.upper())
    assert taken.value.status == 409
    with pytest.raises(StaffError) as bad:
        hospital.staff.call("POST", f"/recipients/{clinic.recipient}/people", {"Login": "a b"})
    assert bad.value.status == 400
