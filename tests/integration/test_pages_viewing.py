# SPDX-License-Identifier: GPL-3.0-or-later
"""From a letter to the pixels, on the pages of the recipient door in Debian's Chromium."""
import time

import pytest

from pages_of_recipients import PASSWORD, chromium, hospital, page, sign_in  # noqa: F401

# Grey levels of the picture that is shown: its mean, and that of its upper left corner.
GREYS = """(() => {
  const image = document.querySelector('.stage img');
  if (!image?.complete || !image.naturalWidth) return null;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, 64, 64);
  const mean = (x, y, size) => pen.getImageData(x, y, size, size).data.reduce((sum, each, at) => sum + (at % 4 ? 0 : each), 0) / size ** 2;
  return [mean(0, 0, 64), mean(0, 0, 4)];
})()"""
SHOWN = "document.querySelector('.stage img')?.src"
NUMBER = "document.querySelector('output')?.textContent"


@pytest.fixture
def clinic(hospital):
    return hospital.clinic(Language="ja")


@pytest.fixture
def sato(hospital, clinic):
    return hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)


def at_the_pictures(page, share, person):
    page.open(f"/s/{share['ID']}")
    sign_in(page, person)
    page.press("画像を見る")
    return page.becomes(GREYS)


def test_it_is_five_steps_from_a_letter_to_the_pixels(hospital, clinic, sato, small, page):
    """The link, login, password, the button, and the button."""
    share = hospital.share(clinic, small)
    mean, corner = at_the_pictures(page, share, sato)
    assert mean > 30 and corner < 5
    assert page.evaluate(NUMBER) == "1/3"


def test_a_stack_is_gone_through_and_windowed(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small)
    before, _ = at_the_pictures(page, share, sato)
    first = page.evaluate(SHOWN)
    stage = page.browser.find("return document.querySelector('.stage')")
    page.browser.type(stage, "\ue015")  # arrow down
    page.becomes(f"{NUMBER} === '2/3' && {SHOWN} !== {first!r}")
    page.browser.type(stage, "\ue010")  # end
    page.becomes(f"{NUMBER} === '3/3'")
    page.browser.type(stage, "\ue011")  # home
    page.becomes(f"{SHOWN} === {first!r}")
    page.press("骨")
    page.becomes(f"{SHOWN} !== {first!r}")
    assert abs(page.becomes(GREYS)[0] - before) > 5
    page.browser.command("POST", "actions", {"actions": [{
        "type": "wheel", "id": "wheel", "actions": [{
            "type": "scroll", "x": 600, "y": 400, "deltaX": 0, "deltaY": 120, "origin": "viewport"}]}]})
    page.becomes(f"{NUMBER} === '2/3'")
    windowed = page.evaluate(SHOWN)
    page.browser.command("POST", "actions", {"actions": [{
        "type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [
            {"type": "pointerMove", "duration": 0, "x": 600, "y": 400},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "duration": 100, "x": 640, "y": 460},
            {"type": "pointerUp", "button": 0}]}]})
    page.becomes(f"{SHOWN} !== {windowed!r}")
    page.press("元に戻す")
    page.browser.type(stage, "+")
    page.becomes("document.querySelector('.stage img').style.transform.includes('scale(1.25)')")


def test_who_may_look_gets_pictures_and_no_file(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small, Permissions=["view"])
    at_the_pictures(page, share, sato)
    asked = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    pictures = [each for each in asked if "/dicom-web/" in each]
    assert pictures and not [each for each in pictures if "zip" in each]
    assert all("/rendered" in each for each in pictures if "/frames/" in each)
    page.press("戻る")
    page.shows("シリーズ 1")
    assert "保存する" not in page.browser.text() and "返却する" not in page.browser.text()
    assert sato.get(f"{share['DicomWebRoot']}/studies").status == 200
    study = sato.get(f"{share['DicomWebRoot']}/studies").json()[0]["0020000D"]["Value"][0]
    assert sato.get(f"{share['DicomWebRoot']}/studies/{study}").status == 404


def test_a_study_is_downloaded_by_the_browser_itself(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small)
    page.open(f"/s/{share['ID']}")
    sign_in(page, sato)
    page.shows("検査を保存する(ZIP)")
    target, name = page.evaluate("(link => [link.href, link.download])("
                                 "[...document.querySelectorAll('a')].find(each => each.innerText.includes('ZIP')))")
    assert name.endswith(".zip")
    whole = page.browser.run("""
        const done = arguments[1];
        fetch(arguments[0]).then(async answer => done([answer.status, answer.headers.get('Content-Type'),
          new TextDecoder('latin1').decode((await answer.arrayBuffer()).slice(0, 2))]))""", target)
    assert whole == [200, "application/zip", "PK"]


def test_what_ends_while_it_is_looked_at_says_so(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small)
    at_the_pictures(page, share, sato)
    hospital.staff.revoke(share["ID"])
    page.press("肺野")
    page.shows("いまは表示できません。")
    page.open("/")
    page.shows("現在、共有されている検査はありません。")


def test_a_session_that_is_over_is_taken_up_in_place(hospital, clinic, sato, small, page):
    share = hospital.share(clinic, small, Permissions=["view", "download", "return"])
    page.open(f"/s/{share['ID']}")
    sign_in(page, sato)
    page.press("返却する")
    page.fill("所見", "右肺に結節影")
    hospital.staff.call("POST", f"{sato.person}/sessions/end")
    page.fill("診断", "肺癌の疑い")
    page.press("内容を確かめる")
    page.press("関所総合病院へ送る")
    page.shows("もう一度ログインしてください")
    sign_in(page, sato)
    page.becomes("![...document.querySelectorAll('dialog h2')].some(each => each.innerText.includes('もう一度'))")
    page.shows("右肺に結節影")
    page.press("関所総合病院へ送る")
    page.shows("報告を送りました。")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_can_look_and_it_fits_a_tablet(hospital, clinic, sato, small, page, language):
    share = hospital.share(clinic, small, Permissions=["view", "download", "return", "return-documents"])
    page.browser.resize(768, 1024)
    page.open(f"/s/{share['ID']}")
    sign_in(page, sato)
    page.shows("シリーズ 1")
    if language == "en":
        page.press("English")
        page.shows("Series 1")
    assert page.audit() == [] and not page.is_too_wide()
    page.press("画像を見る" if language == "ja" else "Look at images")
    page.becomes(GREYS)
    assert page.audit() == [] and not page.is_too_wide()
    page.press("戻る" if language == "ja" else "Back")
    page.press("返却する" if language == "ja" else "Return a report")
    page.fill("所見" if language == "ja" else "Findings", "x")
    assert page.audit() == [] and not page.is_too_wide()
    page.press("内容を確かめる" if language == "ja" else "Check it")
    assert page.audit() == [] and not page.is_too_wide()
    page.browser.resize(1280, 900)
