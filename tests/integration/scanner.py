# SPDX-License-Identifier: GPL-3.0-or-later
"""A real clamd with one signature of its own, on a socket below a directory. Nothing is fetched."""
import pathlib
import signal
import socket
import subprocess
import time

# Written in two parts, so that no scanner takes this file for one.
EICAR = (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
STARTED_WITHIN_SECONDS = 30


class ClamScanner:
    def __init__(self, directory, stream_megabytes=25):
        self._directory = pathlib.Path(directory)
        self.socket = self._directory / "clamd.ctl"
        database = self._directory / "signatures"
        database.mkdir()
        (database / "own.ndb").write_text(f"Sekisho.Eicar:0:*:{EICAR.hex()}\n", encoding="ascii")
        self._configuration = self._directory / "clamd.conf"
        self._configuration.write_text(
            f"LocalSocket {self.socket}\nDatabaseDirectory {database}\nForeground yes\n"
            f"StreamMaxLength {stream_megabytes}M\nMaxFileSize 200M\nMaxScanSize 200M\n"
            "AlertExceedsMax yes\nFixStaleSocket yes\n", encoding="ascii")
        self._process = None

    def start(self):
        """Returns when it answers."""
        self._process = subprocess.Popen(["clamd", "-c", str(self._configuration)],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "clamd ended"
            if self._answers():
                return self
            time.sleep(0.05)
        raise AssertionError("clamd does not answer")

    def _answers(self):
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"zPING\0")
                return connection.recv(16) == b"PONG\0"
        except OSError:
            return False

    def kill(self):
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(20)

    def hang(self):
        """It takes connections, and nothing more."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self._process.send_signal(signal.SIGCONT)
