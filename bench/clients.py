# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients of the bench: they ask a DICOMweb root, do little with the answer, and time it."""
import http.client
import itertools
import json
import multiprocessing
import re
import selectors
import socket
import ssl
import statistics
import time

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
JSON = "application/dicom+json"
STUDY_UID, SERIES_UID, INSTANCE_UID = "0020000D", "0020000E", "00080018"


class Door:
    """One DICOMweb root to measure: where it is and what it wants to see."""

    def __init__(self, name, port, root, token=None, tls=None, orthanc=None):
        self.name, self.port, self.root, self.token = name, port, root, token
        self.tls, self.orthanc = tls, orthanc
        self.study = self.series = None
        self.instance_paths = []

    def headers(self, accept):
        headers = {"Accept": accept}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port))
        return self.tls.wrap_socket(plain, server_hostname="localhost") if self.tls else plain

    def connection(self):
        """A keep-alive connection for small answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.sock = self.connect()
        return connection

    def get(self, path, accept=JSON, connection=None):
        """A kept connection that the server has closed meanwhile is made anew, as browsers do."""
        own = connection or self.connection()
        try:
            answer = self._answer(own, path, accept)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            own.close()
            own.sock = self.connect()
            answer = self._answer(own, path, accept)
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self.name}: {answer.status} for {path}")
        if connection is None:
            own.close()
        return body

    def _answer(self, connection, path, accept):
        connection.request("GET", self.root + path, headers=self.headers(accept))
        return connection.getresponse()

    def learn(self):
        """Finds the study, its first series and every instance as this door shows them."""
        self.study = json.loads(self.get("/studies"))[0][STUDY_UID]["Value"][0]
        for series in json.loads(self.get(f"/studies/{self.study}/series")):
            series_uid = series[SERIES_UID]["Value"][0]
            self.series = self.series or series_uid
            path = f"/studies/{self.study}/series/{series_uid}/instances"
            for row in json.loads(self.get(path)):
                self.instance_paths.append(f"{self.root}{path}/{row[INSTANCE_UID]['Value'][0]}")


def drain(door, path, barrier, results):
    """Downloads one answer with a 1 MiB buffer and reports (bytes, begin, end)."""
    sock = door.connect()
    lines = [f"GET {door.root}{path} HTTP/1.1", f"Host: localhost:{door.port}", "Connection: close"]
    lines += [f"{name}: {text}" for name, text in door.headers(DICOM).items()]
    request = "\r\n".join(lines).encode("ascii") + b"\r\n\r\n"
    buffer = memoryview(bytearray(1 << 20))
    barrier.wait()
    begin = time.monotonic()
    sock.sendall(request)
    total = sock.recv_into(buffer)
    good = bytes(buffer[:12]) == b"HTTP/1.1 200"
    while count := sock.recv_into(buffer):
        total += count
    results.put((total if good else 0, begin, time.monotonic()))


def retrieve_rate(door, connections, least_bytes):
    """MB/s of a study retrieved over `connections` connections at once, each in its own process."""
    barrier, results = multiprocessing.Barrier(connections), multiprocessing.Queue()
    clients = [multiprocessing.Process(target=drain, args=(
        door, f"/studies/{door.study}", barrier, results)) for _ in range(connections)]
    for client in clients:
        client.start()
    done = [results.get() for _ in clients]
    for client in clients:
        client.join()
    if min(total for total, _, _ in done) < least_bytes:
        raise SystemExit(f"{door.name}: an incomplete study")
    seconds = max(end for _, _, end in done) - min(begin for _, begin, _ in done)
    return sum(total for total, _, _ in done) / seconds / 1e6


class KeptConnection:
    """Asks for one instance after the other, or for what is below it, and drops what comes: the less
    the client does, the more of the machine is the server's."""

    def __init__(self, door, paths, below="", accept=DICOM):
        self.door, self.paths, self.below, self.accept = door, paths, below, accept
        self.socket = door.connect()
        self.socket.setblocking(False)
        # The kernel drops the body by itself where it is not encrypted.
        self.drop = () if door.tls else (socket.MSG_TRUNC,)
        self.answers = 0
        self.ask()

    def ask(self):
        lines = [f"GET {next(self.paths)}{self.below} HTTP/1.1", f"Host: localhost:{self.door.port}"]
        lines += [f"{name}: {text}" for name, text in self.door.headers(self.accept).items()]
        self.socket.send("\r\n".join(lines).encode("ascii") + b"\r\n\r\n")
        self.remaining = None

    def take(self, buffer):
        """All that has arrived."""
        try:
            while True:
                if self.remaining is None:
                    self.take_head(buffer)
                else:
                    size = min(self.remaining, len(buffer))
                    self.remaining -= self.count(self.socket.recv_into(buffer, size, *self.drop))
                if self.remaining == 0:
                    self.answers += 1
                    self.ask()
        except (BlockingIOError, ssl.SSLWantReadError):
            return

    def take_head(self, buffer):
        size = self.count(self.socket.recv_into(buffer))
        head, end, _ = bytes(buffer[:min(size, 4096)]).partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if not head.startswith(b"HTTP/1.1 200") or not end or not length:
            raise SystemExit(f"{self.door.name}: {head[:80]}")
        self.remaining = int(length[1]) - (size - len(head) - len(end))

    def count(self, size):
        if size == 0:
            raise SystemExit(f"{self.door.name}: an answer was cut")
        return size


def request_rate(door, connections, seconds, below="", accept=DICOM):
    """Instances, or what is below them, per second over kept connections."""
    paths, buffer = itertools.cycle(door.instance_paths), memoryview(bytearray(1 << 20))
    with selectors.DefaultSelector() as selector:
        begin = time.monotonic()
        kept = [KeptConnection(door, paths, below, accept) for _ in range(connections)]
        for connection in kept:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while time.monotonic() < begin + seconds:
            for key, _ in selector.select(timeout=1):
                key.data.take(buffer)
        rate = sum(connection.answers for connection in kept) / (time.monotonic() - begin)
    for connection in kept:
        connection.socket.close()
    return rate


def milliseconds(door, path, repeats):
    """Median time of a JSON answer on one connection."""
    connection, times = door.connection(), []
    for _ in range(repeats):
        begin = time.monotonic()
        door.get(path, JSON, connection)
        times.append((time.monotonic() - begin) * 1e3)
    connection.close()
    return statistics.median(times)
