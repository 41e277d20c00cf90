# SPDX-License-Identifier: GPL-3.0-or-later
"""People who forget their passwords help themselves by mail, and nobody else does."""
import re
import time

import pytest

from launch import Authority
from mail_sink import MailSink
from test_credentials import refusal, same  # noqa: F401  # a fixture
from test_sign_in import OTHER, PASSWORD, denials, fresh

FROM = "sekisho@hospital.example"
LOGIN = ("sekisho", "the mail server's password")
RESET, RESET_EN = "パスワードの再設定", "Choose a new password"
CHANGED_EN = "What you sign in with was changed"


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.issue("mail", "serverAuth", ("localhost", "127.0.0.1"))


@pytest.fixture
def sinks():
    """Makes mail servers, which end with the test."""
    made = []

    def new(certificate=None, login=None):
        made.append(MailSink(certificate, login))
        return made[-1]
    yield new
    for sink in made:
        sink.stop()


@pytest.fixture
def written(hospitals, authority):
    """Makes hospitals that write by a sink."""
    def new(sink, **more):
        mail = {"Host": "localhost", "Port": sink.port, "From": FROM,
                "CaFile": str(authority.certificate), **more}
        return hospitals.new(sekisho={"Mail": mail, "Institution": "関所総合病院"}).open()
    return new


def somebody(hospital, language="ja", authenticator=False):
    """A person with a password and an address of their own."""
    recipient = hospital.staff.new_recipient("Dr. Kobayashi", Language=language)["ID"]
    login = fresh("sato")
    person = hospital.person(recipient, login, PASSWORD, Email=f"{login}@kita.example")
    person.email = f"{login}@kita.example"
    if authenticator:
        person.add_authenticator()
    return person


def letters_of(sink, subject, count=1, seconds=30):
    """Those with that subject, once there are so many. Of changes, people are written besides."""
    deadline = time.monotonic() + seconds
    while True:
        found = [letter for letter in sink.letters if letter["subject"] == subject]
        if len(found) >= count:
            assert len(found) == count
            return found
        assert time.monotonic() < deadline, [letter["subject"] for letter in sink.letters]
        time.sleep(0.05)


def ask(browser, login):
    answer = browser.send("POST", "/api/password/reset", {"Login": login})
    assert answer.status == 202, answer
    return answer


def secret_in(letter, hospital):
    """That of the one link in it."""
    found = re.findall(r"https://\S+", letter.get_content())
    (link,) = [each for each in found if "#" in each]
    address, _, secret = link.partition("#")
    assert re.fullmatch(re.escape(hospital.url) + r"/r/[0-9a-f]{32}", address)
    return secret


def mail_state(hospital):
    return hospital.staff.status()["Mail"]


def wait_until(is_so, hospital, seconds=30):
    deadline = time.monotonic() + seconds
    while not is_so(mail_state(hospital)):
        assert time.monotonic() < deadline, mail_state(hospital)
        time.sleep(0.1)


def test_a_forgotten_password_is_chosen_anew_by_mail_and_code(
        written, sinks, certificate, tmp_path, refusal):  # noqa: F811
    password = tmp_path / "mail-password"
    password.write_text(LOGIN[1] + "\n", encoding="ascii")
    password.chmod(0o600)
    sink = sinks(certificate, LOGIN).start()
    hospital = written(sink, User=LOGIN[0], PasswordFile=str(password))
    sato = somebody(hospital, authenticator=True)
    before = sato.cookie
    stranger = hospital.browser()
    ask(stranger, sato.login.upper())
    (letter,) = letters_of(sink, RESET)
    assert letter.envelope == (FROM, [sato.email])
    assert letter["to"] == sato.email and letter["from"] == f"関所総合病院 <{FROM}>"
    assert letter["auto-submitted"] == "auto-generated"
    assert letter["date"].datetime.timestamp() == pytest.approx(time.time(), abs=60)
    assert not letter.defects and not any(field.defects for field in letter.values())
    assert sato.login not in letter.get_content() and "Sato" not in letter.get_content()

    form = {"Reset": secret_in(letter, hospital), "Password": OTHER}
    assert same(stranger.send("POST", "/api/session", form), refusal)
    assert denials(hospital)[-1] == "missing_code"
    weak = stranger.send("POST", "/api/session", {**form, "Password": "password123456"})
    assert (weak.status, weak.json()["Flaw"]) == (400, "Common")
    opened = sato.send("POST", "/api/session", {**form, "Code": sato.next_code()})
    assert (opened.status, opened.json()["Assurance"]) == (201, "password+totp")
    assert same(stranger.send("POST", "/api/session", {**form, "Code": sato.next_code()}), refusal)
    assert denials(hospital)[-1] == "unknown_reset"
    stranger.cookie = before
    assert same(stranger.get("/api/me"), refusal)
    stranger.cookie = None
    assert same(stranger.send("POST", "/api/session", {"Login": sato.login, "Password": PASSWORD,
                                                       "Code": sato.next_code()}), refusal)
    sato.password = OTHER
    assert sato.sign_in().status == 201
    events = [(entry["event"], entry.get("facts", {}).get("change"))
              for entry in hospital.entries() if entry["event"] == "credential.change"]
    assert events[-2:] == [("credential.change", "reset_link"), ("credential.change", "reset")]
    wait_until(lambda state: state["Waiting"] == 0 and state["Trouble"] == "", hospital)


def test_an_answer_tells_nothing_of_whom_it_is_about(written, sinks, certificate, refusal):  # noqa: F811
    sink = sinks(certificate).start()
    hospital = written(sink)
    sato = somebody(hospital, language="en")
    addressless = hospital.person(hospital.clinic().recipient, fresh("suzuki"), PASSWORD)
    far = hospital.staff.new_recipient("Far away", networks=("10.99.0.0/16",))["ID"]
    foreign = hospital.person(far, fresh("tanaka"))
    browser = hospital.browser()

    def visible(answer):
        return (answer.status, answer.body, {name: text for name, text in answer.headers.items()
                                             if name not in ("date", "sekisho-request")})
    answers = [visible(ask(browser, login)) for login in
               (sato.login, addressless.login, foreign.login, fresh("nobody"), "no login\n")]
    assert answers == [answers[0]] * 5
    for number, page in enumerate(({"Sekisho-Page": "1"}, {"Sec-Fetch-Site": "same-origin"}), 1):
        browser.page = page
        answer = browser.send("POST", "/api/password/reset", {"Login": sato.login})
        assert (answer.status, answer.body) == (404, refusal.body)
        assert denials(hospital).count("foreign_page") == number
    letters_of(sink, RESET_EN)
    deadline = time.monotonic() + 30
    while {"no_mail_address", "foreign_person", "unknown_person"} - set(denials(hospital)):
        assert time.monotonic() < deadline, denials(hospital)
        time.sleep(0.1)
    for _ in range(6):
        browser.page = type(browser).page
        ask(browser, sato.login)
    assert denials(hospital)[-1] == "blocked_person"
    assert sato.sign_in().status == 201, "requests kept somebody from signing in"


def test_a_server_that_is_away_gets_everything_once_when_it_is_back(written, sinks, certificate):
    sink = sinks(certificate)
    hospital = written(sink)
    sato, suzuki = somebody(hospital), somebody(hospital)
    browser = hospital.browser()
    for person in (sato, suzuki):
        begin = time.monotonic()
        ask(browser, person.login)
        assert time.monotonic() - begin < 5, "somebody waited for the mail server"
    wait_until(lambda state: state["Waiting"] >= 2 and "connections" in state["Trouble"], hospital)
    assert any("Mail: The mail server does not take connections" in problem
               for problem in hospital.staff.status()["Problems"])
    sink.start()
    letters = letters_of(sink, RESET, 2, seconds=60)
    assert {letter.envelope[1][0] for letter in letters} == {sato.email, suzuki.email}
    wait_until(lambda state: state["Waiting"] == 0 and not state["Trouble"], hospital)
    time.sleep(2)
    letters_of(sink, RESET, 2)


def test_what_was_asked_for_outlives_a_power_cut(written, sinks, certificate):
    sink = sinks(certificate)
    hospital = written(sink)
    sato = somebody(hospital)
    ask(hospital.browser(), sato.login)
    hospital.power_cut()
    hospital.open()
    wait_until(lambda state: state["Waiting"] >= 1, hospital)
    hospital.power_cut()
    sink.start()
    hospital.open()
    (letter,) = letters_of(sink, RESET)
    taken = sato.send("POST", "/api/session",
                      {"Reset": secret_in(letter, hospital), "Password": OTHER})
    assert taken.status == 201
    time.sleep(2)
    letters_of(sink, RESET)


def test_nothing_is_handed_to_a_server_that_cannot_be_told_from_another(
        written, sinks, tmp_path_factory, certificate):
    other = Authority(tmp_path_factory.mktemp("others"))
    for sink, why in (
            (sinks(other.issue("mail", "serverAuth", ("localhost",))), "has no certificate"),
            (sinks(other.issue("mail", "serverAuth", ("mail.evil.example",))), "has no certificate"),
            (sinks(None), "does not offer STARTTLS")):
        sink.start()
        hospital = written(sink)
        ask(hospital.browser(), somebody(hospital).login)
        wait_until(lambda state, why=why: state["Waiting"] >= 1 and why in state["Trouble"], hospital)
        assert sink.letters == []
        hospital.close()


def test_a_certificate_for_another_name_is_no_certificate(written, sinks, authority):
    sink = sinks(authority.issue("other-mail", "serverAuth", ("mail.other.example",))).start()
    hospital = written(sink)
    ask(hospital.browser(), somebody(hospital).login)
    wait_until(lambda state: "has no certificate" in state["Trouble"], hospital)
    assert sink.letters == []


def test_a_right_password_without_its_code_is_told_its_owner_once(written, sinks, certificate):
    sink = sinks(certificate).start()
    hospital = written(sink)
    sato = somebody(hospital, language="en", authenticator=True)
    thief = hospital.browser()
    for form in ({}, {"Code": "000000"}, {"RecoveryCode": "AAAA-AAAA-AAAA-AAAA"}):
        right = {"Login": sato.login, "Password": PASSWORD, **form}
        assert thief.send("POST", "/api/session", right).status == 404
    (letter,) = letters_of(sink, "Your password was used")
    assert letter.envelope[1] == [sato.email] and hospital.url in letter.get_content()
    thief.send("POST", "/api/session", {"Login": sato.login, "Password": OTHER})
    time.sleep(3)
    letters_of(sink, "Your password was used")


def test_whoever_changes_what_somebody_signs_in_with_cannot_do_so_unseen(
        written, sinks, certificate):
    sink = sinks(certificate).start()
    sato = somebody(written(sink), language="en")
    letters_of(sink, CHANGED_EN)  # they took up an invitation
    made = sato.send("POST", "/api/application-passwords", {"Password": PASSWORD, "Name": "Weasis"})
    assert made.status == 201
    letters_of(sink, CHANGED_EN, 2)
    sato.add_authenticator()
    letters_of(sink, CHANGED_EN, 3)
    wrong = sato.send("POST", "/api/password", {"Password": OTHER, "NewPassword": OTHER})
    assert wrong.status == 404
    assert sato.send("DELETE", f"/api/application-passwords/{made.json()['ID']}").status == 204
    letters = letters_of(sink, CHANGED_EN, 4)
    assert all(letter.envelope[1] == [sato.email] for letter in letters)
    time.sleep(2)
    assert len(sink.letters) == 4


def test_without_a_mail_server_the_door_says_the_same(hospital, hospitals):
    sato = somebody(hospital)
    ask(hospital.browser(), sato.login)
    deadline = time.monotonic() + 30
    while "no_mail_server" not in denials(hospital):
        assert time.monotonic() < deadline, denials(hospital)
        time.sleep(0.1)
    assert "Mail" not in hospital.staff.status()
