# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes that no decent client sends: a refusal, a closed connection, and the next client served."""
import re
import socket
import ssl
import time

import pytest

TOKEN_LINE = "Authorization: Bearer {token}\r\n"
OK = "GET /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\n"

# What is sent -> the status that must come. {token} is a good token: the refusal is not about it.
REFUSED_WITH_400 = {
    "no host": "GET /dicom-web/studies HTTP/1.1\r\n" + TOKEN_LINE,
    "two hosts": OK + "Host: other\r\n" + TOKEN_LINE,
    "content-length and transfer-encoding": OK + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
    "two content-lengths": OK + "Content-Length: 4\r\nContent-Length: 5\r\n",
    "a list of content-lengths": OK + "Content-Length: 4, 4\r\n",
    "a signed content-length": OK + "Content-Length: +4\r\n",
    "a content-length of letters": OK + "Content-Length: four\r\n",
    "an enormous content-length": OK + "Content-Length: 99999999999999999999\r\n",
    "an unknown transfer-encoding": OK + "Transfer-Encoding: rot13\r\n",
    "chunked twice": OK + "Transfer-Encoding: chunked, chunked\r\n",
    "chunked in disguise": OK + "Transfer-Encoding: \x0bchunked\r\n",
    "a folded header": OK + "X-A: one\r\n two\r\n",
    "a space before the colon": OK + "X-A : one\r\n",
    "a header without a name": OK + ": one\r\n",
    "a header without a colon": OK + "nonsense\r\n",
    "a NUL in a header": OK + "X-A: o\x00ne\r\n",
    "a bare CR in a header": OK + "X-A: one\rX-B: two\r\n",
    "bare LF line ends": "GET /dicom-web/studies HTTP/1.1\nHost: localhost\n\n",
    "a space in the target": "GET /dicom-web/stu dies HTTP/1.1\r\nHost: localhost\r\n",
    "no version": "GET /dicom-web/studies\r\nHost: localhost\r\n",
    "HTTP/2.0": "GET /dicom-web/studies HTTP/2.0\r\nHost: localhost\r\n",
    "a lower-case version": "GET /dicom-web/studies http/1.1\r\nHost: localhost\r\n",
    "an absolute target": "GET https://localhost/dicom-web/studies HTTP/1.1\r\nHost: other\r\n",
    "the asterisk": "GET * HTTP/1.1\r\nHost: localhost\r\n",
    "a method of control characters": "G\x01T /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\n",
    "garbage": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}

PATIENCE_SECONDS = 2
CLOSED_OR_REFUSED = (400, 404, 405, 431, 501, 505)


@pytest.fixture(scope="module")
def hospital(hospitals, small):
    """The same limits as always, but for its patience."""
    limits = {"HandshakeSeconds": PATIENCE_SECONDS, "HeaderSeconds": PATIENCE_SECONDS}
    hospital = hospitals.new(sekisho={"Limits": limits}).open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture(scope="module")
def clinic(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small)["DicomWebRoot"]
    return clinic


@pytest.fixture(autouse=True)
def next_client_is_served(clinic):
    yield
    assert clinic.get("/dicom-web/studies").status == 200


def statuses(received):
    """Status codes of every answer in the bytes that came back."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


def exchange(clinic, request, seconds=15):
    """Sends bytes and returns all that comes back until the other side closes."""
    received = b""
    with clinic.raw_socket() as sock:
        sock.settimeout(seconds)
        try:
            sock.sendall(request)
            while data := sock.recv(65536):
                received += data
        except (ConnectionError, ssl.SSLError):
            pass
    return received


@pytest.mark.parametrize("name", REFUSED_WITH_400)
def test_a_malformed_request_gets_one_400_and_a_closed_connection(clinic, name):
    head = REFUSED_WITH_400[name].format(token=clinic.token)
    received = exchange(clinic, (head + "\r\n" if head.endswith("\r\n") else head + "\r\n\r\n")
                        .encode("latin-1"))
    assert statuses(received) == [400]


def test_a_second_request_hidden_in_the_first_is_never_answered(clinic, small):
    hidden = OK + TOKEN_LINE.format(token=clinic.token) + "\r\n"
    for framing in ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                    "Transfer-Encoding: xchunked\r\n", "Content-Length: 0\r\nContent-Length: 9\r\n"):
        received = exchange(clinic, (OK + framing + "\r\n0\r\n\r\n" + hidden).encode("latin-1"))
        assert statuses(received) == [400]
        assert small.survivors(received) == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW"])
def test_other_methods_reach_nothing(clinic, method):
    request = (f"{method} /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               f"Content-Length: 0\r\nAuthorization: Bearer {clinic.token}\r\n\r\n")
    (status,) = statuses(exchange(clinic, request.encode("ascii")))
    assert status in CLOSED_OR_REFUSED


@pytest.mark.parametrize("target", [
    "/dicom-web/../dicom-web/studies", "/dicom-web/%2e%2e/instances", "/shares/../../etc/passwd",
    "/dicom-web/studies/..%2f..%2finstances", "/dicom-web/stu%zzdies", "/dicom-web/%00studies"])
def test_a_target_that_climbs_or_cannot_be_read_finds_nothing(clinic, target):
    request = (f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               f"Authorization: Bearer {clinic.token}\r\n\r\n")
    (status,) = statuses(exchange(clinic, request.encode("ascii")))
    assert status in (400, 404)


# Lengths of which the lower 32 bits are small.
@pytest.mark.parametrize("framing", [
    "Content-Length: 4294967296\r\n\r\n", "Content-Length: 4294967301\r\n\r\nhello",
    "Transfer-Encoding: chunked\r\n\r\n100000000\r\n",
    "Transfer-Encoding: chunked\r\n\r\n100000005\r\nhello\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nffffffffb\r\n"])
def test_a_body_of_four_gigabytes_is_refused_before_it_is_sent(hospital, small, framing):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Permissions=["view", "download", "return"])["DicomWebRoot"]
    path = root.split("/", 3)[3]
    head = (f"POST /{path}/studies HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Authorization: Bearer {clinic.token}\r\n"
            'Content-Type: multipart/related; type="application/dicom"; boundary=edge\r\n')
    received = exchange(clinic, (head + framing).encode("ascii"))
    assert statuses(received) == [413]


def test_a_header_beyond_16_kilobytes_is_refused(clinic):
    received = exchange(clinic, (OK + "X-A: " + "a" * 20_000 + "\r\n\r\n").encode("ascii"))
    assert statuses(received) == [431]


def test_a_request_in_single_bytes_is_understood(clinic):
    request = (OK + TOKEN_LINE.format(token="nobody") + "Connection: close\r\n\r\n").encode("ascii")
    received = b""
    with clinic.raw_socket() as sock:
        for byte in request:
            sock.sendall(bytes([byte]))
        while data := sock.recv(65536):
            received += data
    assert statuses(received) == [404]


def test_requests_in_a_row_are_answered_in_order(clinic):
    request = (OK + TOKEN_LINE.format(token="nobody") + "\r\n").encode("ascii")
    last = (OK + TOKEN_LINE.format(token="nobody") + "Connection: close\r\n\r\n").encode("ascii")
    assert statuses(exchange(clinic, request * 3 + last)) == [404] * 4


def test_a_header_that_never_ends_is_cut_after_its_time(clinic):
    begin = time.monotonic()
    with clinic.raw_socket() as sock:
        sock.settimeout(1)
        sock.sendall(OK.encode("ascii"))
        while time.monotonic() - begin < 20:
            try:
                sock.sendall(b"X-A: b\r\n")
                if sock.recv(65536) == b"":
                    break
            except TimeoutError:
                continue
            except (ConnectionError, ssl.SSLError):
                break
    assert PATIENCE_SECONDS <= time.monotonic() - begin < 3 * PATIENCE_SECONDS


def test_a_handshake_that_never_comes_is_cut_after_its_time(hospital):
    begin = time.monotonic()
    with socket.create_connection(("127.0.0.1", hospital.gateway_port), timeout=20) as sock:
        try:
            assert sock.recv(1) == b""
        except ConnectionError:
            pass
    assert PATIENCE_SECONDS <= time.monotonic() - begin < 3 * PATIENCE_SECONDS


def test_plain_http_on_the_tls_port_gets_no_http(hospital):
    with socket.create_connection(("127.0.0.1", hospital.gateway_port), timeout=20) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            assert not sock.recv(65536).startswith(b"HTTP")
        except ConnectionError:
            pass


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(hospital, version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(hospital.authority.certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", hospital.gateway_port), timeout=20) as sock:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(sock, server_hostname="localhost")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_present_tls_is_served(hospital, version):
    context = ssl.create_default_context(cafile=str(hospital.authority.certificate))
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", hospital.gateway_port), timeout=20) as sock:
        with context.wrap_socket(sock, server_hostname="localhost") as tls:
            assert tls.version() == version.name.replace("_", ".")


def test_one_address_cannot_take_every_connection(hospital, clinic):
    """64 connections per address; one beyond is closed before it costs anything."""
    taken = []
    try:
        refused = 0
        for _ in range(80):
            taken.append(socket.create_connection(
                ("127.0.0.1", hospital.gateway_port), timeout=20, source_address=("127.0.0.9", 0)))
        deadline = time.monotonic() + 5
        while refused < 16 and time.monotonic() < deadline:
            refused = sum(map(is_closed, taken))
        assert refused == 16
        assert clinic.get("/dicom-web/studies").status == 200  # 127.0.0.1 is another address
    finally:
        for sock in taken:
            sock.close()


def is_closed(sock):
    sock.settimeout(0.01)
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True
