# SPDX-License-Identifier: GPL-3.0-or-later
"""The listener without TLS, for a proxy on the same machine: the same rules behind it."""
import http.client
import socket

import pytest

from clinic import Answer, answer_of
from launch import free_port


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


@pytest.fixture(scope="module", params=["tcp", "unix"])
def plain(request, hospitals, small):
    """A clinic with a share, and a maker of connections to the plain listener."""
    hospital = hospitals.new()
    port, path = free_port(), hospital.state / "gateway.sock"
    if request.param == "tcp":
        hospital.sekisho["PlainListener"] = {"Address": "127.0.0.1", "Port": port}
    else:
        hospital.sekisho["PlainListener"] = {"UnixSocket": str(path)}
    hospital.open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small)["DicomWebRoot"]
    clinic.plain = (lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=30)) if (
        request.param == "tcp") else (lambda: UnixConnection(path))
    return clinic


def get(clinic, path, token) -> Answer:
    connection = clinic.plain()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    answer = clinic.ledger.keep(answer_of(connection.getresponse(), path))
    connection.close()
    return answer


def test_it_serves_what_the_tls_listener_serves(plain):
    path = plain.root.partition("://")[2].partition("/")[2]
    over_tls = plain.get(f"/{path}/studies")
    assert get(plain, f"/{path}/studies", plain.token).body == over_tls.body


def test_it_refuses_whom_the_tls_listener_refuses(plain):
    path = plain.root.partition("://")[2].partition("/")[2]
    assert get(plain, f"/{path}/studies", None).status == 404
    assert get(plain, f"/{path}/studies", "skt_" + "A" * 43).status == 404
