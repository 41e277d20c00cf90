# SPDX-License-Identifier: GPL-3.0-or-later
"""What serves the files of an archive with no more work than that: the most that a door can do."""
import multiprocessing
import socket
import subprocess
import threading

from clients import Door


def stored_files(storage):
    """The images among what Orthanc has below `storage`."""
    return sorted(path for path in storage.rglob("*") if path.is_file() and
                  path.stat().st_size > 512 * 512 * 2)


class CopyLoop:
    """A process that answers whatever is asked with a copy of every file, and does no more than that:
    read(2), send(2), one file after the other."""

    def __init__(self, files):
        self.name, self.root, self.study, self.tls = "a loop that copies", "", "all", None
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.process = multiprocessing.Process(target=self.serve, args=(listener, files), daemon=True)
        self.process.start()

    headers, connect = Door.headers, Door.connect
    token = None

    @staticmethod
    def serve(listener, files):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=CopyLoop.answer, args=(client, files), daemon=True).start()

    @staticmethod
    def answer(client, files):
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.recv(1 << 16)
            client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            block = memoryview(bytearray(1 << 20))
            for path in files:
                with open(path, "rb", buffering=0) as file:
                    while size := file.readinto(block):
                        client.sendall(block[:size])

    def stop(self):
        self.process.terminate()
        self.process.join()


class TlsLoop:
    """The same through TLS: read(2), encrypt, send(2), by bench_tls."""

    def __init__(self, build, identity, tls, files):
        self.name, self.root, self.study, self.tls = "a loop that encrypts", "", "all", tls
        self.process = subprocess.Popen([build / "bench/bench_tls", *identity], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write("".join(f"{file}\n" for file in files) + "\n")
        self.process.stdin.flush()
        self.port = int(self.process.stdout.readline())

    headers, connect = Door.headers, Door.connect
    token = None

    def stop(self):
        self.process.communicate()
