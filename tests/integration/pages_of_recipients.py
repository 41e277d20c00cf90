# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the recipient door's pages share: a hospital, and a browser before its door."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from authenticator import Authenticator, trusting  # noqa: E402,F401
from browser import Browser as Chromium  # noqa: E402
from page import Page  # noqa: E402

PASSWORD = "mountain river 7 lake"
INSTITUTION = "関所総合病院"
CONTACT = "地域医療連携室 0761-00-0000"


@pytest.fixture(scope="module")
def hospital(hospitals, small, utf8):
    hospital = hospitals.new(sekisho={"Institution": INSTITUTION, "Contact": CONTACT}).open()
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


@pytest.fixture(scope="module")
def chromium(hospital, tmp_path_factory):
    certificate = hospital.sekisho["Gateway"]["Certificate"]
    browser = Chromium(tmp_path_factory.mktemp("browser"),
                       flags=[trusting(certificate), "--lang=ja", "--accept-lang=ja"])
    browser.resize(1280, 900)
    yield browser
    browser.close()


@pytest.fixture
def page(chromium, hospital, patience):
    """A page whose browser has no session. The browser keeps no answers that the oracle could count."""
    page = Page(chromium, hospital.url, patience)
    page.open("/out")
    yield page
    page.listen()
    receipts = {answer.receipt for answer in hospital.ledger.answers if answer.receipt}
    intents = [entry for entry in hospital.entries()
               if entry["event"] in ("transfer.begin", "query") and entry.get("part", 1) == 1]
    hospital.ledger.unseen_intents = len(intents) - len(receipts)
    assert page.violations == []


def sign_in(page, person, code=None):
    page.fill("ログインID", person.login)
    page.fill("パスワード", person.password)
    if code:
        page.fill("確認コード", code)
    page.press("ログイン")
