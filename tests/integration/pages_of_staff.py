# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the staff's pages share: a hospital with clinics, and a browser that Orthanc knows."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from browser import Browser as Chromium  # noqa: E402
from page import Page  # noqa: E402

INSTITUTION = "関所総合病院"
NETWORKS = ["127.0.0.0/8"]
CARD = """return [...document.querySelectorAll('.recipient-card')].find(
  each => each.innerText.includes(arguments[0])) ?? null"""


@pytest.fixture(scope="module")
def hospital(hospitals, small, utf8):
    hospital = hospitals.new(sekisho={"Institution": INSTITUTION}).open()
    hospital.archive.store_files([*small.files(), *utf8.files()])
    return hospital


@pytest.fixture(scope="module")
def kitazawa(hospital):
    """A clinic with somebody who can sign in, and another whose name looks like its own."""
    kitazawa = hospital.staff.call("POST", "/recipients", {
        "Name": "北沢クリニック", "Kana": "キタザワ", "Place": "加賀市", "Telephone": "0761-72-2231", "Networks": NETWORKS})["ID"]
    hospital.staff.call("POST", "/recipients", {
        "Name": "北沢医院", "Place": "小松市", "Networks": NETWORKS, "LookAlikesSeen": [kitazawa]})
    hospital.person(kitazawa, "hanako", "mountain river 7 lake")
    return kitazawa


@pytest.fixture(scope="module")
def chromium(hospital, tmp_path_factory):
    """It keeps Orthanc's login, as browsers do after asking for it once."""
    browser = Chromium(tmp_path_factory.mktemp("browser"), flags=["--lang=ja", "--accept-lang=ja"])
    browser.resize(1280, 900)
    user, password = hospital.orthanc.credentials
    browser.open(hospital.orthanc.url.replace("://", f"://{user}:{password.replace(' ', '%20')}@") + "/system")
    yield browser
    browser.close()


@pytest.fixture
def page(chromium, hospital, patience):
    page = Page(chromium, hospital.orthanc.url, patience)
    page.open("/sekisho/")
    yield page
    page.listen()
    assert page.violations == []


def show_all(page):
    """The studies of the samples are old."""
    page.becomes("document.querySelector('select') !== null")
    page.browser.run("""const box = document.querySelector('select'); box.value = '0';
        box.dispatchEvent(new Event('change', {bubbles: true})); arguments[0]()""")


def choose(page, words):
    """The card comes to where nothing lies above it: on a low screen the buttons do."""
    page.wait(lambda: page.browser.find(CARD, words), words)
    page.browser.run("""[...document.querySelectorAll('.recipient-card')].find(each => each.innerText.includes(arguments[0]))
        .scrollIntoView({block: 'center'}); arguments[1]()""", words)
    page.browser.click(page.wait(lambda: page.browser.find(CARD, words), words))


def is_off(page):
    """Whether the button that shares does nothing."""
    return page.evaluate("document.querySelector('.actions .primary').disabled")
