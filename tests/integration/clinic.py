# SPDX-License-Identifier: GPL-3.0-or-later
"""The other side of the gateway: a clinic's client, which keeps every answer it got."""
import http.client
import json
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

RECEIPT = "sekisho-receipt"


@dataclass(frozen=True)
class ReceiptId:
    """Which entry of which log; in a header "<log>#<number>"."""

    log: str
    number: int

    @classmethod
    def parse(cls, text):
        log, _, number = text.rpartition("#")
        assert log and str(int(number)) == number, f"{text} is no receipt"
        return cls(log, int(number))

    @property
    def path(self):
        """Where the door gives the proof."""
        return f"/receipts/{self.log}/{self.number}"


@dataclass
class Answer:
    """One answer of the gateway; not `whole` if it was cut before its proper end."""

    status: int
    headers: dict  # lower-case names
    body: bytes
    target: str = ""
    whole: bool = True

    @property
    def receipt(self):
        text = self.headers.get(RECEIPT)
        return ReceiptId.parse(text) if text else None

    def json(self):
        return json.loads(self.body)

    def parts(self):
        """The bodies of a multipart answer (RFC 2046)."""
        boundary = re.search(r'boundary="?([^";]+)"?', self.headers["content-type"]).group(1)
        delimiter = b"--" + boundary.encode("ascii")
        assert self.body.rstrip(b"\r\n").endswith(delimiter + b"--"), "the answer is not complete"
        sections = (b"\r\n" + self.body).split(b"\r\n" + delimiter)[1:-1]
        return [section.split(b"\r\n\r\n", 1)[1] for section in sections]


@dataclass
class Ledger:
    """What left the hospital according to those who got it."""

    answers: list = field(default_factory=list)
    unseen_intents: int = 0  # intents whose answer nobody could keep: cut off, killed, raw sockets
    doubtful_intents: int = 0  # of which one may have died between its entry and its first byte

    def keep(self, answer):
        self.answers.append(answer)
        return answer


class Clinic:
    """Speaks HTTP/1.1 over TLS to one gateway with one set of credentials."""

    timeout_seconds = 60  # for each read

    def __init__(self, url, authority, ledger, token=None, certificate=None, source="127.0.0.1"):
        self.url, self._authority, self.ledger = url, authority, ledger
        self.token, self._certificate, self._source = token, certificate, source

    def get(self, target, **headers):
        """GET `target`: a path, or a URL of the gateway. Header names with _ for -."""
        return self.request("GET", target, **headers)

    def request(self, method, target, **headers):
        connection = self.connect()
        try:
            connection.request(method, path_of(target), headers=self.headers(headers))
            return self.ledger.keep(answer_of(connection.getresponse(), target))
        except http.client.RemoteDisconnected:
            self.ledger.unseen_intents += 1
            return self.ledger.keep(Answer(0, {}, b"", target, whole=False))
        finally:
            connection.close()

    def store(self, root, *objects, study=None):
        """STOW-RS of Part 10 files. The answer holds no patient data and has no receipt."""
        edge = b"returned-objects"
        body = b"".join(b"--" + edge + b"\r\nContent-Type: application/dicom\r\n\r\n" + part10 +
                        b"\r\n" for part10 in objects) + b"--" + edge + b"--\r\n"
        return self.post(f"{root}/studies" + (f"/{study}" if study else ""), body,
                         'multipart/related; type="application/dicom"; boundary=' + edge.decode())

    def post(self, target, body, content_type, **headers):
        """POST of bytes, or of an iterable, which is sent in chunks."""
        connection = self.connect()
        try:
            connection.request("POST", path_of(target), body,
                               self.headers({"Content-Type": content_type, **headers}))
            return answer_of(connection.getresponse(), target)
        finally:
            connection.close()

    def connect(self):
        """A new connection for http.client, with the handshake done."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=self.timeout_seconds, context=self.tls(),
            source_address=(self._source, 0))
        connection.connect()
        return connection

    def tls(self):
        context = ssl.create_default_context(cafile=str(self._authority))
        if self._certificate:
            context.load_cert_chain(*map(str, self._certificate))
        return context

    def headers(self, more=None):
        headers = {name.replace("_", "-"): value for name, value in (more or {}).items()}
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def download(self, target):
        """Starts a GET whose body the caller reads: see Download."""
        return Download(self, target)

    def raw_socket(self):
        """A TLS connection for bytes that no HTTP library would send."""
        parts = urlsplit(self.url)
        plain = socket.create_connection((parts.hostname, parts.port), timeout=30,
                                         source_address=(self._source, 0))
        return self.tls().wrap_socket(plain, server_hostname=parts.hostname)


class Download:
    """A running download. Its Receipt is kept as soon as the head of the answer is here."""

    def __init__(self, clinic, target):
        self._connection = clinic.connect()
        self._connection.request("GET", path_of(target), headers=clinic.headers())
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.received = 0
        headers = {name.lower(): value for name, value in self._response.getheaders()}
        clinic.ledger.keep(Answer(self.status, headers, b"", target))

    def read_some(self, limit=1 << 20):
        """The next bytes; b"" at the proper end; raises an OSError or HTTPException when cut."""
        data = self._response.read1(limit)
        self.received += len(data)
        return data

    def read_slowly_until_cut(self, bytes_per_second, limit_seconds):
        """Reads at a steady rate until the server cuts the download; returns the seconds it took.

        AssertionError if the download ends properly or is still running after `limit_seconds`.
        """
        begin = time.monotonic()
        taken = 0
        while time.monotonic() - begin < limit_seconds:
            try:
                data = self.read_some(64 << 10)
            except (OSError, http.client.HTTPException):
                return time.monotonic() - begin
            assert data, "the download came to its proper end"
            taken += len(data)
            ahead = taken / bytes_per_second - (time.monotonic() - begin)
            if ahead > 0:
                time.sleep(min(ahead, 0.05))
        raise AssertionError(f"still running after {limit_seconds} s")

    def close(self):
        self._connection.close()


def path_of(target):
    """The request target of a path or of a whole URL."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def answer_of(response, target):
    headers = {name.lower(): value for name, value in response.getheaders()}
    try:
        return Answer(response.status, headers, response.read(), target)
    except http.client.IncompleteRead as cut:
        return Answer(response.status, headers, cut.partial, target, whole=False)
