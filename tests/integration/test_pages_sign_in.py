# SPDX-License-Identifier: GPL-3.0-or-later
"""How people sign in and out on the pages of the recipient door, in Debian's Chromium."""
import time

import pytest

from pages_of_recipients import CONTACT, INSTITUTION, PASSWORD, chromium, hospital, page, sign_in  # noqa: F401

OF_PAGES = {"content-security-policy", "cross-origin-opener-policy", "permissions-policy"}


@pytest.fixture
def clinic(hospital):
    return hospital.clinic(Language="ja")


@pytest.fixture
def sato(hospital, clinic):
    person = hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)
    return person


def headers_of(answer):
    return {name: text for name, text in answer.headers.items() if name not in ("date", "sekisho-request")}


def denials(hospital, since):
    return [entry for entry in hospital.entries()[since:] if entry["event"] == "denial"]


def test_a_link_leads_through_sign_in_to_what_is_shared(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small)
    before = len(hospital.entries())
    page.open(f"/s/{share['ID']}")
    page.shows(INSTITUTION)
    page.shows(CONTACT)
    sign_in(page, sato)
    page.shows("共有された検査")
    page.shows("参照用")
    assert page.address() == f"/#share/{share['ID']}"
    assert denials(hospital, before) == []
    page.open("/")
    page.shows("共有された検査")


def test_whatever_is_wrong_one_sentence_is_said(hospital, sato, page):
    page.open()
    page.fill("ログインID", sato.login)
    page.fill("パスワード", "not this one")
    page.press("ログイン")
    page.shows("ログインできません。")
    page.fill("ログインID", "x")  # another login that nobody has
    page.press("ログイン")
    page.shows("ログインできません。")


def test_a_code_is_asked_for_with_the_password(sato, page):
    recovery = sato.add_authenticator()
    page.open()
    sign_in(page, sato, sato.next_code())
    page.shows("共有された検査")
    page.press("ログアウト")
    page.shows("ログアウトしました")
    page.press("もう一度ログインする")
    page.press("認証アプリが使えない(予備コードで入る)")
    page.fill("ログインID", sato.login)
    page.fill("パスワード", sato.password)
    page.fill("予備コード", recovery[0].lower())
    page.press("ログイン")
    page.shows("共有された検査")


def test_a_password_can_be_shown_and_pasted_and_managed(clinic, page):
    page.open()
    page.fill("パスワード", "what is typed")
    kind = "document.querySelector('input[autocomplete=current-password]').type"
    assert page.evaluate(kind) == "password"
    page.press("表示")
    assert page.evaluate(kind) == "text"
    assert page.evaluate("[...document.querySelectorAll('input')].map(each => each.autocomplete)") == [
        "username", "current-password", "one-time-code"]
    pasted = ("document.querySelector('input[autocomplete=current-password]').dispatchEvent("
              "new ClipboardEvent('paste', {cancelable: true}))")
    assert page.evaluate(pasted) is True  # nobody has prevented it


def test_the_secret_of_a_link_goes_from_the_address_into_a_call(hospital, clinic, small, page):
    share = hospital.share(clinic, small, Assurance="link")
    page.open(share["Link"].removeprefix(hospital.url))
    page.shows("共有された検査")
    assert page.address() == f"/#share/{share['ID']}"
    secret = share["Link"].partition("#")[2]
    assert secret and secret not in hospital.orthanc.log()
    assert secret not in page.evaluate("document.documentElement.outerHTML")


def test_a_link_that_opens_no_more_says_so_and_asks_for_a_password(hospital, clinic, small, page):
    share = hospital.share(clinic, small, Assurance="link")
    hospital.staff.revoke(share["ID"])
    page.open(share["Link"].removeprefix(hospital.url))
    page.shows("このリンクでは開けません。")
    assert page.address() == f"/s/{share['ID']}"


def test_an_invitation_becomes_a_password_that_is_strong(hospital, clinic, page):
    person = hospital.person(clinic.recipient, f"ito-{time.monotonic_ns()}")
    link = hospital.staff.call("POST", f"{person.person}/invite", {})["Link"]
    page.open(link.removeprefix(hospital.url))
    page.fill("新しいパスワード", "password")
    page.shows("いま8文字")
    page.press("このパスワードにする")
    page.shows("短すぎます。")
    page.fill("新しいパスワード", "password")
    page.press("このパスワードにする")
    page.shows("推測されやすいパスワードです。")
    page.fill("新しいパスワード", " of nine blue whales")
    page.press("このパスワードにする")
    page.shows("認証アプリを登録する")  # what comes next
    page.open(link.removeprefix(hospital.url))
    page.fill("新しいパスワード", "another one that is strong")
    page.press("このパスワードにする")
    page.shows("このリンクはもう使えません。")


def test_every_link_is_the_same_page(hospital, clinic, small):
    live = hospital.share(clinic, small)["ID"]
    revoked = hospital.share(clinic, small)["ID"]
    hospital.staff.revoke(revoked)
    visitor = hospital.visitor()
    first = visitor.request("GET", "/")
    assert first.status == 200 and OF_PAGES <= set(first.headers)
    for path in (f"/s/{live}", f"/s/{revoked}", f"/s/{'0' * 32}", "/s/x", f"/i/{'0' * 32}", f"/r/{'0' * 32}"):
        answer = visitor.request("GET", path)
        assert answer.body == first.body and headers_of(answer) == headers_of(first), path


def test_nothing_stays_after_signing_out(hospital, clinic, sato, small, page):
    hospital.share(clinic, small)
    page.open()
    sign_in(page, sato)
    page.shows("参照用")
    page.browser.run("location.hash = 'account'; arguments[0]()")
    page.shows("ログイン中の端末")
    page.press("ログアウト")
    page.shows("この端末に画像は残っていません。")
    assert page.address() == "/out"
    left = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert left == ["", 0, 0]
    page.browser.command("POST", "back", {})
    page.shows("ログインID")
    assert page.address() == "/" and "参照用" not in page.browser.text()
    assert page.browser.command("GET", "cookie") == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_can_use_it_and_it_fits_a_tablet(hospital, clinic, sato, small, page, language):
    hospital.share(clinic, small)
    page.browser.resize(768, 1024)
    page.open()
    if language == "en":
        page.press("English")
    assert page.audit() == [] and not page.is_too_wide()
    page.press("パスワードを忘れた" if language == "ja" else "Forgotten your password?")
    assert page.audit() == [] and not page.is_too_wide()
    page.press("戻る" if language == "ja" else "Back")
    if language == "en":
        page.press("日本語")
    sign_in(page, sato)
    page.shows("参照用")
    if language == "en":
        page.press("English")
        page.shows("Shared with you")
    assert page.audit() == [] and not page.is_too_wide()
    page.browser.resize(1280, 900)
