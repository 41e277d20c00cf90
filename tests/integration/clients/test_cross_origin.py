# SPDX-License-Identifier: GPL-3.0-or-later
"""A viewer's page in Debian's Chromium reads a share across origins (Fetch Standard, "CORS protocol").

Its own address is the one that the hospital allows; under another name of the same server it gets nothing.
"""
import pytest

import pictures
from clinic import RECEIPT, Answer, path_of
from launch import free_port
from test_frames import instance_of


@pytest.fixture(scope="module")
def hospital(hospitals, site):
    """With a listener in clear: the browser need not know the hospital's authority."""
    hospital = hospitals.new()
    hospital.port = free_port()
    hospital.sekisho["PlainListener"] = {"Address": "127.0.0.1", "Port": hospital.port}
    hospital.sekisho["AllowedOrigins"] = [site.url]
    return hospital.open()


@pytest.fixture(scope="module")
def picture():
    return pictures.htj2k()


@pytest.fixture(scope="module")
def clinic(hospital, picture):
    hospital.archive.store(picture.part10)
    clinic = hospital.clinic()
    clinic.root = hospital.staff.new_share(
        clinic.recipient, {"Level": "Study", "Uids": [picture.study]}, Profile="none",
        Assurance="password")["DicomWebRoot"]
    return clinic


class PageOfViewer:
    """The page, under the address that it was opened by."""

    def __init__(self, browser, url, hospital, clinic):
        self._browser, self._clinic = browser, clinic
        self._door = f"http://127.0.0.1:{hospital.port}"
        browser.open(f"{url}/cross_origin.html")

    def get(self, target, token=True, method="GET", **headers):
        """What the page sees; what the door gave it is kept, where the page can tell."""
        headers = {name.replace("_", "-"): text for name, text in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {self._clinic.token}"
        path = path_of(target)
        told = self._browser.run(
            "window.ask(arguments[0], arguments[1], arguments[2]).then(arguments[3])",
            self._door + path, headers, method)
        if "failed" in told:
            return None
        answer = Answer(told["status"], told["headers"], bytes(told["bytes"]), path)
        if answer.headers.get(RECEIPT) or answer.status >= 400:
            self._clinic.ledger.keep(answer)
        return answer


def test_it_reads_the_first_bytes_of_an_htj2k_frame(browser, site, hospital, clinic):
    page = PageOfViewer(browser, site.url, hospital, clinic)
    frame = instance_of(clinic, clinic.root) + "/frames/1"
    whole = page.get(frame, Accept="image/jphc")
    assert whole.status == 200 and whole.body.startswith(b"\xff\x4f\xff\x51")
    assert whole.headers["accept-ranges"] == "bytes"
    begin = page.get(frame, Accept="image/jphc", Range="bytes=0-63")
    assert begin.status == 206 and begin.body == whole.body[:64]
    assert begin.headers["content-range"] == f"bytes 0-63/{len(whole.body)}"
    rest = page.get(frame, Accept="image/jphc", Range="bytes=64-", If_Range=whole.headers["etag"])
    assert begin.body + rest.body == whole.body
    assert begin.headers["etag"] == rest.headers["etag"] == whole.headers["etag"]
    assert begin.receipt == whole.receipt
    again = page.get(frame, Accept="image/jphc", If_None_Match=whole.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_it_can_tell_refusals_apart(browser, site, hospital, clinic):
    page = PageOfViewer(browser, site.url, hospital, clinic)
    frame = instance_of(clinic, clinic.root) + "/frames/1"
    asked = {
        400: (f"{clinic.root}/studies?limit=x", {}),
        404: (f"{clinic.root}/nothing", {}),
        406: (frame, {"Accept": "image/gif"}),
        416: (frame, {"Accept": "image/jphc", "Range": "bytes=99999999-"}),
    }
    for status, (target, headers) in asked.items():
        assert page.get(target, **headers).status == status
    assert page.get(f"{clinic.root}/studies", token=False).status == 404
    # A target that is too long is refused to the preflight already; without a token there is none.
    too_long = f"{clinic.root}/studies?StudyInstanceUID={'1' * 9000}"
    assert page.get(too_long) is None
    assert page.get(too_long, token=False).status == 414


def test_a_page_of_an_origin_that_is_not_allowed_sees_nothing(browser, site, hospital, clinic):
    page = PageOfViewer(browser, site.url.replace("localhost", "127.0.0.1"), hospital, clinic)
    # Its preflight is refused, so that nothing of this comes to the door with a token.
    assert page.get(f"{clinic.root}/studies") is None
    assert page.get(f"{clinic.root}/studies", token=False) is None
