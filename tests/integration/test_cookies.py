# SPDX-License-Identifier: GPL-3.0-or-later
"""A session that somebody else has, plants, repeats or mixes with other credentials opens nothing.

What ends a session is in test_sign_in.py, what its end does to downloads in test_running_downloads.py.
"""
import http.client
import socket
import ssl
import threading
import time

import pytest

from signed_in import COOKIE
from test_bad_http import exchange, statuses
from test_credentials import enrolled, refusal, same  # noqa: F401  # a fixture
from test_guesses import at_once, made_up
from test_sign_in import PASSWORD, denials, fresh

NETWORKS = ("127.0.0.1/32", "127.0.0.2/32", "::1/128")


@pytest.fixture(scope="module")
def hospital(hospitals, small):
    """It listens on IPv6 and, as Linux has it, on IPv4 with the same socket."""
    hospital = hospitals.new()
    hospital.sekisho["Gateway"]["Address"] = "::"
    hospital.open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture
def clinic(hospital):
    return hospital.clinic(networks=NETWORKS)


@pytest.fixture(scope="module")
def sato(hospital):
    """Somebody signed in, whose session the tests leave as it is."""
    return hospital.person(hospital.clinic(networks=NETWORKS).recipient, fresh("sato"), PASSWORD)


# --- taken along ------------------------------------------------------------------------------

def test_a_session_counts_from_the_networks_of_its_recipient_alone(hospital, sato, refusal):  # noqa: F811
    for source, status in (("127.0.0.2", 200), ("127.0.0.3", 404)):
        thief = hospital.browser(source=source)
        thief.cookie = sato.cookie
        assert thief.get("/api/me").status == status, source
    assert denials(hospital)[-1] == "foreign_network"


def test_a_session_of_ipv4_counts_for_nothing_over_ipv6(hospital, sato, refusal):  # noqa: F811
    """Also from a network of its recipient."""
    context = ssl.create_default_context(cafile=str(hospital.authority.certificate))
    statuses_by_cookie = {}
    for cookie in (sato.cookie, None):
        connection = http.client.HTTPSConnection("::1", hospital.gateway_port, timeout=30)
        plain = socket.create_connection(("::1", hospital.gateway_port), timeout=30)
        connection.sock = context.wrap_socket(plain, server_hostname="localhost")
        if cookie:
            connection.request("GET", "/api/me", headers={**sato.page, "Cookie": f"{COOKIE}={cookie}"})
        else:  # who signs in there gets a session of there
            connection.request("POST", "/api/session", headers=sato.page, body=(
                f'{{"Login": "{sato.login}", "Password": "{PASSWORD}"}}'))
        answer = connection.getresponse()
        answer.read()
        statuses_by_cookie[cookie] = answer.status
        connection.close()
    assert statuses_by_cookie == {sato.cookie: 404, None: 201}
    assert sato.get("/api/me").status == 200


def test_a_planted_session_is_over_when_its_victim_signs_in(hospital, clinic, small, refusal):  # noqa: F811
    """It is a real one of the attacker's, begun by a link, so that the store knows it."""
    share = hospital.share(clinic, small, Assurance="link")
    attacker = hospital.browser()
    assert attacker.send("POST", "/api/session", {"Link": share["LinkToken"]}).status == 201
    victim = hospital.person(clinic.recipient, fresh("suzuki"), PASSWORD)
    victim.cookie = attacker.cookie
    assert victim.sign_in().status == 201
    assert victim.cookie != attacker.cookie
    assert victim.get("/api/me").status == 200
    for target in ("/api/me", "/api/session", f"{share['DicomWebRoot']}/studies"):
        assert same(attacker.get(target), refusal), target


def test_what_comes_after_sign_out_is_refused_however_many_ask_at_once(hospital, clinic):
    """No request that begins when sign-out has been answered is served by what was read before."""
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    cookie, seen, over = sato.cookie, [], threading.Event()

    def ask():
        thief = hospital.browser(source="127.0.0.2")
        thief.cookie = cookie
        while not over.is_set():
            begun = time.monotonic()
            seen.append((begun, thief.get("/api/me").status))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(seen) < 6:
        time.sleep(0.01)
    assert sato.send("DELETE", "/api/session").status == 204
    ended = time.monotonic()
    while sum(begun > ended for begun, _ in seen) < 6:
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join()
    assert {status for begun, status in seen if begun > ended} == {404}
    assert 200 in {status for begun, status in seen if begun < ended}


def test_who_signs_in_twice_at_once_has_two_sessions_and_ends_either(hospital, clinic):
    sato = hospital.person(clinic.recipient, fresh("sato"), PASSWORD)
    tablets = [hospital.browser(), hospital.browser()]
    for tablet in tablets:
        tablet.login, tablet.password = sato.login, PASSWORD
    assert [answer.status for answer in at_once([tablet.sign_in for tablet in tablets])] == [201, 201]
    assert len({sato.cookie, *(tablet.cookie for tablet in tablets)}) == 3
    assert tablets[0].send("DELETE", "/api/sessions").status == 204
    assert [each.get("/api/me").status for each in (*tablets, sato)] == [200, 404, 404]


# --- mixed with others ------------------------------------------------------------------------

NAME = COOKIE
OTHERS = made_up("sks_")
# What comes instead of one cookie; {good} is the session's, {token} a token of the same recipient.
CONFUSED = {
    "the same twice": f"Cookie: {NAME}={{good}}; {NAME}={{good}}",
    "a planted one before it": f"Cookie: {NAME}={OTHERS}; {NAME}={{good}}",
    "a planted one behind it": f"Cookie: {NAME}={{good}}; {NAME}={OTHERS}",
    "an empty one before it": f"Cookie: {NAME}=; {NAME}={{good}}",
    "in two fields": f"Cookie: {NAME}={OTHERS}\r\nCookie: {NAME}={{good}}",
    "in quotes": f'Cookie: {NAME}="{{good}}"',
    "with more behind it": f"Cookie: {NAME}={{good}}.x",
    "in another case": "Cookie: __host-sekisho={good}",
    "without its prefix": "Cookie: sekisho={good}",
    "beside a token that is none": f"Cookie: {NAME}={{good}}\r\nAuthorization: Bearer {made_up('skt_')}",
    "beside another scheme": f"Cookie: {NAME}={{good}}\r\nAuthorization: Basic c2F0bzpwYXNz",
    "beside a good token": f"Cookie: {NAME}={{good}}\r\nAuthorization: Bearer {{token}}",
    "as a token": "Authorization: Bearer {good}",
    "a token as cookie": f"Cookie: {NAME}={{token}}",
    "in a field of its own": f"{NAME}: {{good}}",
}


def asked(target, fields):
    return (f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Sec-Fetch-Site: same-origin\r\n{fields}\r\n\r\n").encode("ascii")


@pytest.mark.parametrize("how", CONFUSED)
def test_a_cookie_that_is_not_alone_names_nobody(hospital, sato, clinic, how):
    fields = CONFUSED[how].format(good=sato.cookie, token=clinic.token)
    assert statuses(exchange(sato, asked("/api/me", fields))) == [404]


def test_among_other_cookies_it_is_found(hospital, sato):
    fields = f"Cookie: theme=dark; {COOKIE}={sato.cookie}; a=b"
    assert statuses(exchange(sato, asked("/api/me", fields))) == [200]


def test_no_secret_counts_in_a_query(hospital, sato, clinic, small, refusal):  # noqa: F811
    root = hospital.share(clinic, small, Assurance="link")["DicomWebRoot"]
    for name in (COOKIE, "session", "sid"):
        assert same(hospital.browser().get(f"/api/me?{name}={sato.cookie}"), refusal)
    for name in ("access_token", "token", "authorization"):
        assert same(hospital.visitor().get(f"{root}/studies?{name}={clinic.token}"), refusal)


@pytest.mark.parametrize("order", ["good, other", "other, good", "good, good"])
def test_two_authorizations_are_no_request(hospital, clinic, small, order):
    path = hospital.share(clinic, small)["DicomWebRoot"].removeprefix(hospital.url) + "/studies"
    token = {"good": clinic.token, "other": made_up("skt_")}
    fields = "\r\n".join(f"Authorization: Bearer {token[each]}" for each in order.split(", "))
    assert statuses(exchange(clinic, asked(path, fields))) == [400]
    assert clinic.get(path).status == 200


def test_a_session_beside_the_certificate_of_others_opens_nothing(
        hospital, authority, sato, refusal):  # noqa: F811
    other = hospital.clinic("Dr. Hayashi", networks=NETWORKS)
    # Refusals of an address are written one by one up to a limit: of this address none were before.
    thief = hospital.browser(certificate=enrolled(hospital, authority, other, "beside-a-cookie"),
                             source="127.0.0.77")
    thief.cookie = sato.cookie
    assert same(thief.get("/api/me"), refusal)
    assert denials(hospital)[-1] == "contradicting_credentials"


# --- sent by pages of others ------------------------------------------------------------------

# What comes of a page that is not ours, or cannot show that it is.
PAGES = {
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "a script without leave": {"Content-Type": "text/plain", "Origin": "https://evil.example"},
    "an address that was typed": {"Sekisho-Page": "1", "Sec-Fetch-Site": "none"},
    "another host of the site": {"Sekisho-Page": "1", "Sec-Fetch-Site": "same-site"},
    "one that says two things": {"Sekisho-Page": "1", "Sec-Fetch-Site": "same-origin, cross-site"},
    "one with another mark": {"Sekisho-Page": "true", "Sec-Fetch-Site": "same-origin"},
    "an old browser": {"Sekisho-Page": "1", "Origin": "null"},
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_others_neither_sign_in_nor_change_anything(hospital, sato, refusal, page):  # noqa: F811
    """Signed in as the attacker, the victim would show them what they do."""
    visitor = hospital.browser()
    visitor.page = PAGES[page]
    answer = visitor.send("POST", "/api/session", {"Login": sato.login, "Password": PASSWORD})
    assert (answer.status, answer.body, visitor.cookie) == (404, refusal.body, None)
    visitor.cookie = sato.cookie
    for method, target in (("DELETE", "/api/session"), ("DELETE", "/api/sessions"),
                           ("POST", "/api/password"), ("POST", "/api/totp/remove")):
        assert visitor.request(method, target).status == 404, target
    assert denials(hospital)[-1] == "foreign_page"
    assert sato.get("/api/me").status == 200


@pytest.mark.parametrize("call", [
    ("GET", "/api/session?_method=DELETE", {}), ("HEAD", "/api/session", {}),
    ("GET", "/api/session", {"X-HTTP-Method-Override": "DELETE"}),
    ("POST", "/api/me", {"X-HTTP-Method": "GET"}), ("PUT", "/api/session", {})])
def test_no_other_method_ends_a_session(hospital, sato, call):
    method, target, fields = call
    answer = sato.request(method, target, **fields)
    assert (answer.status, "set-cookie" in answer.headers) == (
        200 if method in ("GET", "HEAD") else 404, False)
    assert sato.get("/api/me").status == 200
