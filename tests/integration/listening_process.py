# SPDX-License-Identifier: GPL-3.0-or-later
"""A server of somebody else's as a plain process that listens on a loopback port."""
import pathlib
import socket
import subprocess
import time

STARTED_WITHIN_SECONDS = 20


class ListeningProcess:
    """Starts `command` as often as wanted; what it prints goes to `log_file`."""

    def __init__(self, command, port, log_file):
        self._command, self._port, self._log_file = command, port, pathlib.Path(log_file)
        self._process = None

    def start(self):
        """Returns when it listens."""
        with open(self._log_file, "ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.log()
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"{self._command[0]} does not listen:\n{self.log()}")

    def close(self, kill=False):
        if self._process is not None and self._process.poll() is None:
            (self._process.kill if kill else self._process.terminate)()
            self._process.wait(timeout=20)

    def send(self, number):
        """A signal, which it does not notice."""
        self._process.send_signal(number)

    def log(self):
        return self._log_file.read_text(encoding="utf-8", errors="replace")
