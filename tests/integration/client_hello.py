# SPDX-License-Identifier: GPL-3.0-or-later
"""The first flight of TLS by hand, for what OpenSSL's own client will not offer any more.

RFC 5246 §7.4.1 (TLS 1.2), RFC 8446 §4.1.2: the hello of a client, and what the server says to it.
"""
import os
import socket
import struct
from dataclasses import dataclass

SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2 = 0x0300, 0x0301, 0x0302, 0x0303
ALERT, HANDSHAKE, SERVER_HELLO = 21, 22, 2
NULL, DEFLATE = 0, 1  # RFC 3749
HANDSHAKE_FAILURE, PROTOCOL_VERSION = 40, 70


@dataclass(frozen=True)
class ServerHello:
    version: int
    suite: int
    compression: int


@dataclass(frozen=True)
class Alert:
    """Fatal, and why; `None` where the connection was closed without a word."""

    description: int | None


def _vector(size, content):
    """RFC 5246 §4.3: `size` bytes of length in front."""
    return len(content).to_bytes(size, "big") + content


def _extension(number, content):
    return struct.pack(">H", number) + _vector(2, content)


def client_hello(version, suites, compressions=(NULL,)):
    """One record: X25519 and P-256, ECDSA and RSA signatures with SHA-256 and SHA-1."""
    extensions = b"".join((
        _extension(10, _vector(2, struct.pack(">2H", 29, 23))),
        _extension(11, _vector(1, b"\0")),
        _extension(13, _vector(2, struct.pack(">5H", 0x0403, 0x0401, 0x0804, 0x0203, 0x0201)))))
    body = (struct.pack(">H", version) + os.urandom(32) + _vector(1, b"") +
            _vector(2, struct.pack(f">{len(suites)}H", *suites)) + _vector(1, bytes(compressions)) +
            (_vector(2, extensions) if version > SSL_3_0 else b""))
    handshake = b"\x01" + _vector(3, body)
    return struct.pack(">BH", HANDSHAKE, min(version, TLS_1_0)) + _vector(2, handshake)


def answer_to(port, hello):
    """ServerHello or Alert."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(hello)
        with connection.makefile("rb") as reader:
            try:
                head = reader.read(5)
                content = reader.read(int.from_bytes(head[3:5], "big"))
            except ConnectionError:
                return Alert(None)
    if not head:
        return Alert(None)
    if head[0] == ALERT:
        return Alert(content[1])
    assert (head[0], content[0]) == (HANDSHAKE, SERVER_HELLO), (head, content)
    session = content[38]
    (suite, compression) = struct.unpack_from(">HB", content, 39 + session)
    return ServerHello(int.from_bytes(content[4:6], "big"), suite, compression)
