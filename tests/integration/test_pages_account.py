# SPDX-License-Identifier: GPL-3.0-or-later
"""The account on the pages of the recipient door: passwords, second factors, passkeys, sessions."""
import time

import pytest

from pages_of_recipients import PASSWORD, Authenticator, chromium, hospital, page, sign_in  # noqa: F401

NEW_PASSWORD = "seven violet bicycles"


@pytest.fixture
def sato(hospital):
    clinic = hospital.clinic(Language="ja")
    person = hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)
    person.clinic = clinic
    return person


@pytest.fixture
def account(sato, page):
    page.open()
    sign_in(page, sato)
    page.press(page.becomes("document.querySelector('header a')?.innerText"))
    page.shows("ログイン中の端末")
    return page


def type_password(page, person, at):
    """Into one of the fields for it that are unfolded."""
    field = page.browser.find(
        f"return [...document.querySelectorAll('details[open] input[autocomplete=current-password]')].at({at})")
    page.browser.type(field, person.password)


def submit(page, words):
    """The button of a form whose summary has the same words."""
    button = page.wait(lambda: page.browser.find(
        "return [...document.querySelectorAll('form button.primary')].find(each => each.innerText.trim() === arguments[0] && each.checkVisibility()) ?? null",
        words), f"button {words}")
    page.browser.click(button)


def test_an_authenticator_is_added_and_its_recovery_codes_are_shown_once(hospital, account, sato):
    account.fill("いまのパスワード", sato.password)
    submit(account, "認証アプリを登録する")
    account.shows("QRコード")
    sato.secret = account.becomes("document.querySelector('.secret')?.innerText").replace(" ", "")
    assert account.evaluate("document.querySelector('svg.qr path').getAttribute('d').length") > 1000
    assert account.audit() == []
    account.fill("確認コード", sato.next_code())
    account.press("登録を終える")
    account.shows("認証アプリを登録しました。")
    codes = account.evaluate("[...document.querySelectorAll('.codes li')].map(each => each.innerText)")
    assert len(set(codes)) == 10
    assert account.audit() == []
    account.press("保管した")
    account.shows("予備コードは残り10個です。")
    assert codes[0] not in account.browser.text()
    enrolled = [entry for entry in hospital.entries() if entry["event"] == "credential.change"]
    assert enrolled


def test_a_password_that_will_not_do_is_told_why(account, sato):
    account.press("パスワードを変える")
    type_password(account, sato, 0)
    account.fill("新しいパスワード", "passwordpassword")
    submit(account, "パスワードを変える")
    account.shows("推測されやすいパスワードです。")
    account.empty("新しいパスワード")
    account.fill("新しいパスワード", NEW_PASSWORD)
    submit(account, "パスワードを変える")
    account.shows("パスワードを変えました。")
    account.press("ログアウト")
    account.shows("ログアウトしました")
    sato.password = NEW_PASSWORD
    account.press("もう一度ログインする")
    sign_in(account, sato)
    account.shows("共有された検査")


def test_a_passkey_is_made_and_signs_in(account, sato, chromium):
    authenticator = Authenticator(chromium, "internal")
    account.press("パスキーを登録する")
    account.fill("名前(例: 診察室のPC)", "診察室")
    type_password(account, sato, -1)
    submit(account, "パスキーを登録する")
    account.becomes("document.querySelector('[aria-label=診察室を消す]') !== null")
    account.press("ログアウト")
    account.press("もう一度ログインする")
    account.press("パスキーでログイン")
    account.shows("共有された検査")
    authenticator.remove()


def test_other_sessions_are_seen_and_ended(account, sato):
    assert sato.get("/api/me").status == 200
    account.press("ほかの端末をすべて終わらせる")
    account.becomes("document.querySelectorAll('.badge.ok').length === 1 && !document.body.innerText.includes('ほかの端末をすべて')")
    assert sato.get("/api/me").status == 404


def test_a_viewer_gets_a_password_of_its_own(hospital, account, sato, small):
    hospital.share(sato.clinic, small)
    account.press("ビューアのパスワードを作る")
    account.fill("ビューアの名前", "Weasis")
    type_password(account, sato, -1)
    submit(account, "ビューアのパスワードを作る")
    account.shows("いま1回だけ表示されます。")
    secret = account.evaluate("document.querySelector('.secret').innerText")
    assert secret.startswith("ska_")
    assert account.audit() == []
