# SPDX-License-Identifier: GPL-3.0-or-later
"""How staff share on the pages at Orthanc's port, and what keeps them from sharing with the wrong one."""
import pytest
import requests

from pages_of_staff import CARD, INSTITUTION, choose, chromium, hospital, is_off, kitazawa, page, show_all  # noqa: F401

DIGITS = "患者IDの末尾3桁(依頼書から)"
SHARE = "上記を「北沢クリニック」へ共有する"


def shares_of(hospital):
    return hospital.staff.call("GET", "/shares?limit=1000")["Shares"]


def listed_patient(page):
    """Of the study that press() shares: that of the last of several buttons."""
    show_all(page)
    page.shows("件中")
    return page.evaluate("[...document.querySelectorAll('.study .id')].at(-1).innerText")


def test_three_clicks_lead_from_the_list_to_a_share(hospital, kitazawa, page):
    patient = listed_patient(page)
    before = len(shares_of(hospital))
    page.press("共有する")
    choose(page, "北沢クリニック")
    page.shows("画像が見えます")
    page.fill(DIGITS, patient[-3:])  # nothing to click: it is the patient's first share with them
    page.press(SHARE)
    page.shows("公開まで")
    page.shows(INSTITUTION)
    made = shares_of(hospital)
    assert len(made) == before + 1
    share = max(made, key=lambda each: each["CreatedAt"])
    assert (share["Recipient"], share["Status"], share["Assurance"]) == (kitazawa, "pending", "password+totp")
    assert page.evaluate("document.querySelector('.letter svg.qr') !== null")
    assert patient not in page.evaluate("document.querySelector('.letter').innerText")
    page.press("取り消す")
    page.shows("取り消しました")
    assert hospital.staff.call("GET", f"/shares/{share['ID']}")["Status"] == "revoked"
    assert hospital.visitor().request("GET", f"/shares/{share['ID']}/dicom-web/studies").status == 404
    events = [entry["event"] for entry in hospital.entries() if entry.get("share") == share["ID"]]
    assert events[:2] == ["share.create", "share.revoke"]


def test_enter_in_the_search_field_shares_nothing(hospital, kitazawa, page):
    listed_patient(page)
    before = len(shares_of(hospital))
    page.press("共有する")
    page.fill("施設名・氏名・カナで探す", "北沢\n\n")
    page.shows("北沢医院")
    assert page.evaluate("document.querySelector('.recipient-card :checked')") is None
    assert is_off(page) and len(shares_of(hospital)) == before


def test_names_that_are_alike_are_marked_on_both_cards(kitazawa, page):
    listed_patient(page)
    page.press("共有する")
    for name in ("北沢クリニック", "北沢医院"):
        card = page.wait(lambda name=name: page.browser.find(CARD, name), name)
        assert "似た名前あり" in page.browser.command("GET", f"element/{card}/text")


def test_wrong_digits_stop_a_share(hospital, kitazawa, page):
    listed_patient(page)
    page.press("共有する")
    choose(page, "北沢医院")
    page.shows("画像が見えます")
    assert is_off(page)
    page.fill(DIGITS, "@@@")
    page.shows("末尾が一致しません")
    assert is_off(page)


def test_on_a_tablet_the_button_wakes_after_the_preview_was_seen(hospital, kitazawa, page):
    try:
        page.browser.resize(768, 500)
        patient = listed_patient(page)
        page.press("共有する")
        choose(page, "北沢医院")
        page.shows("画像が見えます")
        page.browser.run("document.querySelector('dialog').scrollTop = 0; arguments[0]()")
        page.fill(DIGITS, patient[-3:])
        page.browser.run("document.querySelector('dialog .end').scrollIntoView(); arguments[0]()")
        page.becomes("!document.querySelector('.actions .primary').disabled")
    finally:
        page.browser.resize(1280, 900)


def test_an_address_of_orthanc_explorer_opens_the_dialog_and_shares_nothing(hospital, small, page):
    before = len(shares_of(hospital))
    study = requests.post(f"{hospital.orthanc.url}/tools/lookup", data=small.uid, auth=hospital.orthanc.credentials,
                          timeout=30).json()[0]["ID"]
    page.open(f"/sekisho/?orthanc={study}")
    page.shows("検査を共有する")
    assert len(shares_of(hospital)) == before


def test_who_has_no_login_gets_no_page_and_nothing_but_the_table_is_served(hospital):
    site = f"{hospital.orthanc.url}/sekisho"
    assert requests.get(f"{site}/", timeout=30).status_code == 401
    session = requests.Session()
    session.auth = hospital.orthanc.credentials
    document = session.get(f"{site}/", timeout=30)
    assert document.status_code == 200 and document.headers["Cache-Control"] == "no-store"
    assert "require-trusted-types-for 'script'" in document.headers["Content-Security-Policy"]
    assert session.get(f"{site}", timeout=30).url == f"{site}/"
    code = document.text.partition('src="app/')[2].partition('"')[0]
    assert "immutable" in session.get(f"{site}/app/{code}", timeout=30).headers["Cache-Control"]
    assert session.get(f"{site}/app/index.html", timeout=30).status_code == 404
    assert session.post(f"{site}/", timeout=30).status_code == 405


@pytest.mark.parametrize("language", ["ja", "en"])
def test_everybody_can_use_it_and_it_fits_a_tablet(hospital, kitazawa, page, language):
    try:
        page.browser.resize(768, 1024)
        show_all(page)
        page.shows("件中")
        if language == "en":
            page.press("English")
            page.shows("Share")
        assert page.audit() == [] and not page.is_too_wide()
        for place in ("shares", "approvals", "recipients", f"recipient/{kitazawa}", "consents", "records", "state"):
            page.browser.run("location.hash = arguments[0]; arguments[1]()", place)
            page.becomes("!document.querySelector('main p[role=status]')")  # nothing is awaited
            assert page.audit() == [] and not page.is_too_wide(), place
        page.browser.run("location.hash = 'studies'; arguments[0]()")
        show_all(page)
        page.press("共有する" if language == "ja" else "Share")
        assert page.audit() == [] and not page.is_too_wide()
        choose(page, "北沢医院")
        page.shows("画像が見えます" if language == "ja" else "They see")
        assert page.audit() == [] and not page.is_too_wide()
    finally:
        page.browser.resize(1280, 900)
