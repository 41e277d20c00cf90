# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of other sites, in a real browser that has stored the staff's login, change nothing."""
import base64
import http.server
import json
import pathlib
import sys
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "web"))
from browser import Browser  # noqa: E402

HOSTS = {"pacs.hospital.example": "127.0.0.1", "other.example": "127.0.0.1"}

SUBMIT = """
const [url, enctype, fields] = arguments;
const form = Object.assign(document.createElement('form'), {method: 'post', action: url, enctype});
for (const [name, value] of fields)
  form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
document.body.append(form);
form.submit()"""

# A form with one file, whose type the page chooses: its part says application/json.
SUBMIT_FILE = """
const [url, text] = arguments;
const form = Object.assign(document.createElement('form'),
  {method: 'post', action: url, enctype: 'multipart/form-data'});
const input = Object.assign(document.createElement('input'), {type: 'file', name: 'file'});
const files = new DataTransfer();
files.items.add(new File([text], 'a.json', {type: 'application/json'}));
input.files = files.files;
form.append(input);
document.body.append(form);
form.submit()"""

# Gives the answer's status where the page may see one, and whether there was any.
FETCH = """
const [url, options, done] = arguments;
fetch(url, options).then(answer => done(answer.type + ' ' + answer.status), () => done('refused'))"""


@pytest.fixture(scope="module")
def other_site():
    """Port of a web server with one page on which nothing is."""
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Another site</title>")

        def log_message(self, *_):
            pass
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


# Whether Chromium says `same-site`, `cross-site`, or nothing but the origin: Sec-Fetch-Site goes only
# to hosts that it takes for trustworthy, which of those without TLS loopback alone is.
@pytest.fixture(scope="module", params=[("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"),
                                        ("pacs.hospital.example", "other.example")],
                ids=["same-site", "cross-site", "origin-alone"])
def visit(request, hospital, other_site, tmp_path_factory):
    """A browser with the staff's login, on a page of another site; and the staff API's address."""
    theirs, other = request.param
    port = hospital.orthanc.configuration["HttpPort"]
    browser = Browser(tmp_path_factory.mktemp("browser"), HOSTS)
    browser.open(f"http://staff:a%20staff%20password@{theirs}:{port}/sekisho/api/status")
    assert "Problems" in browser.text(), "the login is not stored"
    yield browser, f"http://{other}:{other_site}/", f"http://{theirs}:{port}/sekisho/api"
    browser.close()


@pytest.fixture(scope="module")
def share(hospital, small):
    return hospital.share(hospital.clinic(), small)


@pytest.fixture
def nothing_changes(hospital, share):
    def everything():
        call = hospital.staff.call
        return [call("GET", "/recipients?limit=1000"), call("GET", "/shares?limit=1000"),
                call("GET", f"/recipients/{share['Recipient']}/tokens"),
                call("GET", "/audit/holds"), (hospital.data / "mask.key").read_bytes()]
    before = everything()
    yield
    assert everything() == before


# A form of the type text/plain writes NAME=VALUE: these are JSON objects.
NEW_RECIPIENT = ['{"Name": "Mallory", "Networks": ["0.0.0.0/0"], "Email": "a', '@example.org"}']
NEW_HOLD = ['{"PatientID": "P1", "EvenIfNone": true, "Case": "', '"}']
NEW_TOKEN = ['{"Name": "', '"}']

CALLS = {
    "/recipients": NEW_RECIPIENT, "/recipients/RECIPIENT/tokens": NEW_TOKEN,
    "/recipients/RECIPIENT/disable": None, "/shares/SHARE/revoke": None, "/audit/holds": NEW_HOLD,
    "/mask-key/rotate": None}


@pytest.mark.parametrize("enctype", ["text/plain", "multipart/form-data",
                                     "application/x-www-form-urlencoded"])
def test_forms_of_another_site_change_nothing(visit, share, nothing_changes, enctype):
    browser, page, api = visit
    for path, field in CALLS.items():
        url = api + path.replace("RECIPIENT", share["Recipient"]).replace("SHARE", share["ID"])
        browser.open(page)
        browser.leave_by(SUBMIT, url, enctype, [field] if field else [])
        # Not 401: past Orthanc's own authentication, so the login went along.
        assert "403" in browser.text()


def test_files_in_forms_of_another_site_are_no_calls(visit, nothing_changes):
    browser, page, api = visit
    browser.open(page)
    browser.leave_by(SUBMIT_FILE, f"{api}/recipients", "".join(NEW_RECIPIENT))
    assert "403" in browser.text()


def test_nobody_calls_under_the_name_of_another(hospital, nothing_changes):
    """Orthanc makes a call of each part of a form, with the headers of the part."""
    part = "\r\n".join(["--x", "Content-Disposition: form-data; name=a; filename=a",
                        "Content-Type: application/json", "Host: pacs:8042",
                        "Authorization: Basic " + base64.b64encode(b"director:").decode(), "",
                        "".join(NEW_RECIPIENT), "--x--", ""])
    for kind in ("multipart/form-data; boundary=x", "Multipart/Form-Data; boundary=x"):
        answer = hospital.staff.session.post(f"{hospital.staff.url}/recipients", data=part, timeout=30,
                                             headers={"Content-Type": kind})
        assert answer.status_code in (403, 415)


@pytest.mark.parametrize("options", [
    {"mode": "no-cors", "headers": {"Content-Type": "multipart/form-data; boundary=x"},
     "body": "--x\r\nContent-Disposition: form-data; name=a; filename=a\r\nHost: pacs\r\n"
             "Content-Type: application/json\r\n\r\n" + "".join(NEW_RECIPIENT) + "\r\n--x--\r\n"},
    {"mode": "no-cors", "headers": {"Content-Type": "text/plain"}, "body": "".join(NEW_RECIPIENT)},
    {"mode": "cors", "headers": {"Content-Type": "application/json"}, "body": "".join(NEW_RECIPIENT)}],
    ids=["parts", "no-cors", "cors"])
def test_scripts_of_another_site_change_nothing(visit, share, nothing_changes, options):
    browser, page, api = visit
    browser.open(page)
    for method in ("POST", "DELETE") if options["mode"] == "cors" else ("POST",):
        told = browser.run(FETCH, f"{api}/recipients",
                           {**options, "method": method, "credentials": "include"})
        assert told in ("opaque 0", "refused")


def test_a_link_of_another_site_that_orthanc_takes_for_delete_removes_nothing(
        visit, hospital, authority):
    browser, page, api = visit
    who = hospital.staff.new_recipient("Dr. Mori")["ID"]
    pem, _ = authority.issue("mori", "clientAuth")
    made = hospital.staff.call("POST", f"/recipients/{who}/certificates", {"Pem": pem.read_text()})
    browser.open(page)
    browser.leave_by("location = arguments[0]",
                     f"{api}/recipients/{who}/certificates/{made['ID']}?_method=DELETE")
    kept = hospital.staff.call("GET", f"/recipients/{who}/certificates")["Certificates"]
    assert [certificate["ID"] for certificate in kept] == [made["ID"]]


def test_a_page_of_the_staff_door_itself_may_change_things(visit, hospital):
    browser, other, api = visit
    browser.open(f"{api}/status")
    told = browser.run(FETCH, f"{api}/recipients", {
        "method": "POST", "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"Name": f"Dr. Ono, not of {other}", "Networks": ["10.20.0.0/24"]})})
    assert told == "basic 201"
