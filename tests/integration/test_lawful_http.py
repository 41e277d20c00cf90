# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests as RFC 9110 and RFC 9112 allow them, seldom seen and answered all the same."""
import re
import ssl

import pytest

from test_returns import derived, part10

GET = "GET {root}/studies HTTP/1.1\r\nHost: {host}\r\n"
END = "Connection: close\r\nAuthorization: Bearer {token}\r\n\r\n"

# What is sent, with the clause that allows it. {root} is the path of the share's DICOMweb root.
ANSWERED_WITH_200 = {
    "RFC 9112 §2.2, an empty line first": "\r\n" + GET + END,
    "RFC 9112 §3.2.2, absolute-form": "GET https://{host}{root}/studies HTTP/1.1\r\nHost: {host}\r\n" + END,
    "RFC 9110 §4.2.3, its scheme in capitals":
        "GET HTTPS://{host}{root}/studies HTTP/1.1\r\nHost: {host}\r\n" + END,
    "RFC 9112 §3.2.2, absolute-form of HTTP/1.0": "GET https://{host}{root}/studies HTTP/1.0\r\n" + END,
    "RFC 9112 §5.1, no space and much space": GET + "Accept:*/*\r\nX-A: \t b \t\r\n" + END,
    "RFC 9110 §5.1, names in any case": GET.replace("Host", "hOsT") + "aCCept: */*\r\n" + END,
    "RFC 9110 §5.3, a field in two lines":
        GET + "Accept: application/dicom+json\r\nAccept: */*\r\n" + END,
    "RFC 9110 §5.5, bytes above 127 in a value": GET + "X-A: \xe5\xb1\xb1\r\n" + END,
    "RFC 9112 §6.3, a body of no bytes": GET + "Content-Length: 0\r\n" + END,
    "RFC 9110 §10.1.1, an expectation without a body": GET + "Expect: 100-continue\r\n" + END,
}

NOT_FOUND = {
    "RFC 9112 §3.2.4, OPTIONS of the server": "OPTIONS * HTTP/1.1\r\nHost: {host}\r\n" + END,
    "RFC 9110 §9.1, a method that nobody knows": GET.replace("GET", "BREW", 1) + END,
}

# How a body of DICOM objects may be framed: (fields, what the body's bytes become).
CHUNKED = "Transfer-Encoding: chunked\r\n"


def chunks(body, extension=b"", trailers=b""):
    """Two chunks, the second of one byte, and the last."""
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece)
                      for piece in (body[:-1], body[-1:]))
    return framed + b"0" + extension + b"\r\n" + trailers + b"\r\n"


TAKEN_BODIES = {
    "RFC 9112 §6.2, a length": (
        "Content-Length: {length}\r\n", lambda body: body),
    "RFC 9112 §7.1, chunks": (CHUNKED, chunks),
    "RFC 9112 §7, the coding in any case": ("Transfer-Encoding: CHUNKED\r\n", chunks),
    "RFC 9112 §7.1.1, chunk extensions": (
        CHUNKED, lambda body: chunks(body, b' ; a=b;c;d="e \\" ;"')),
    "RFC 9112 §7.1.2, trailers": (
        "Trailer: X-Checksum\r\n" + CHUNKED,
        lambda body: chunks(body, trailers=b"X-Checksum: 7\r\nX-Empty:\r\n")),
}

REFUSED_BODIES = {
    "RFC 9110 §6.5.1, a length behind the body": b"Content-Length: 5\r\n",
    "RFC 9110 §6.5.1, a coding behind the body": b"Transfer-Encoding: chunked\r\n",
    "RFC 9110 §6.5.1, a host behind the body": b"Host: other\r\n",
    "RFC 9110 §6.5.1, a credential behind the body": b"Authorization: Bearer x\r\n",
    "RFC 9112 §5.1, a space before the colon": b"X-A : b\r\n",
    "RFC 9112 §5.2, a folded trailer": b"X-A: b\r\n c\r\n",
    "RFC 9112 §2.2, a line ended by LF": b"X-A: b\n",
}


@pytest.fixture(scope="module")
def reader(hospital, small):
    """A clinic that may give back."""
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Profile="ps3.15-basic",
                           Permissions=["view", "download", "return"])
    clinic.root = share["DicomWebRoot"]
    return clinic


@pytest.fixture(autouse=True)
def next_client_is_served(reader):
    yield
    assert reader.get(f"{reader.root}/studies").status == 200


def words(clinic, **more):
    """What stands for the braces of a request."""
    _, _, host, path = clinic.root.split("/", 3)
    return {"root": f"/{path}", "host": host, "token": clinic.token, **more}


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def exchange(clinic, request):
    """Sends bytes and returns all that comes back until the other side closes."""
    received = b""
    with clinic.raw_socket() as sock:
        sock.settimeout(30)
        try:
            sock.sendall(request)
            while data := sock.recv(65536):
                received += data
        except (ConnectionError, ssl.SSLError):
            pass
    clinic.ledger.unseen_intents += received.count(b"\r\nSekisho-Receipt: ")
    return received


def post(clinic, fields, framed, more=""):
    head = ("POST {root}/studies HTTP/1.1\r\nHost: {host}\r\n"
            'Content-Type: multipart/related; type="application/dicom"; boundary=edge\r\n'
            + fields + more + END).format(**words(clinic, length=len(framed)))
    return head.encode("latin-1"), framed


def multipart(reader):
    """A new report, as the body of a STOW request."""
    return (b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + part10(derived(reader)) +
            b"\r\n--edge--\r\n")


@pytest.mark.parametrize("clause", ANSWERED_WITH_200)
def test_a_lawful_request_is_answered(reader, clause):
    request = ANSWERED_WITH_200[clause].format(**words(reader)).encode("latin-1")
    assert statuses(exchange(reader, request)) == [200]


@pytest.mark.parametrize("clause", NOT_FOUND)
def test_a_lawful_request_for_what_is_not_there_is_404(reader, clause):
    request = NOT_FOUND[clause].format(**words(reader)).encode("latin-1")
    assert statuses(exchange(reader, request)) == [404]


def test_an_empty_line_between_two_requests_is_ignored(reader):
    request = (GET + "Authorization: Bearer {token}\r\n\r\n" + "\r\n" + GET + END).format(
        **words(reader)).encode("ascii")
    assert statuses(exchange(reader, request)) == [200, 200]


def test_a_target_that_nobody_wants_to_read_is_414(reader):  # RFC 9112 §3
    for size in (9_000, 20_000):
        request = f"GET /{'a' * size} HTTP/1.1\r\nHost: x\r\n\r\n".encode("ascii")
        assert statuses(exchange(reader, request)) == [414]


@pytest.mark.parametrize("clause", TAKEN_BODIES)
def test_a_lawful_body_is_taken(reader, clause):
    fields, frame = TAKEN_BODIES[clause]
    head, body = post(reader, fields, frame(multipart(reader)))
    assert statuses(exchange(reader, head + body)) == [200]


@pytest.mark.parametrize("expectation", ["100-continue", "100-Continue", "100-CONTINUE",
                                         "100-continue, 100-continue"])
def test_who_waits_with_a_body_is_asked_for_it(reader, expectation):  # RFC 9110 §10.1.1
    body = multipart(reader)
    head, _ = post(reader, "Content-Length: {length}\r\n", body, f"Expect: {expectation}\r\n")
    with reader.raw_socket() as sock:
        sock.settimeout(30)
        sock.sendall(head)
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        received = b""
        while data := sock.recv(65536):
            received += data
    assert statuses(received) == [200]


@pytest.mark.parametrize("clause", REFUSED_BODIES)
def test_trailers_that_would_change_the_request_are_refused(reader, clause):
    head, body = post(reader, CHUNKED,
                      chunks(multipart(reader), trailers=REFUSED_BODIES[clause]))
    assert statuses(exchange(reader, head + body)) == [400]
