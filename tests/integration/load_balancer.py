# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP load balancer: HAProxy as a plain process, configured as docs/load-balancer.md has it."""
import csv
import io
import pathlib
import re
import socket

from launch import free_port
from listening_process import ListeningProcess

_PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/load-balancer.md"


def _as_documented():
    """The page's own configuration."""
    (text,) = re.findall(r"```\n(defaults\n.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return text


class LoadBalancer:
    """HAProxy on a free loopback port in front of `server_port`, to which it connects from `source`.
    `options` go behind the page's own of the server."""

    def __init__(self, directory, server_port, source, options=""):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self._statistics = self.directory / "statistics.sock"
        self._configuration = self.directory / "haproxy.cfg"
        text = _as_documented()
        for documented, here in (
                ("bind 203.0.113.10:443", f"bind 127.0.0.1:{self.port}"),
                ("10.30.0.10:443", f"127.0.0.1:{server_port} source {source}"),
                ("inter 2s", "inter 100ms"), ("send-proxy-v2", f"send-proxy-v2 {options}")):
            assert text.count(documented) == 1, f"the page has no single {documented}"
            text = text.replace(documented, here)
        self._configuration.write_text(
            f"global\n    stats socket {self._statistics}\n\n{text}", encoding="utf-8")
        self._process = ListeningProcess(["/usr/sbin/haproxy", "-db", "-f", self._configuration],
                                         self.port, self.directory / "haproxy.log")

    def start(self):
        self._process.start()
        return self

    def close(self):
        self._process.close()

    def checked(self):
        """What the last health check of the server came to: "L4OK" where it connected."""
        with socket.socket(socket.AF_UNIX) as statistics:
            statistics.connect(str(self._statistics))
            statistics.sendall(b"show stat\n")
            text = b"".join(iter(lambda: statistics.recv(65536), b"")).decode("ascii")
        rows = csv.DictReader(io.StringIO(text.removeprefix("# ")))
        (server,) = [row for row in rows if row["svname"] == "sekisho"]
        return server["check_status"]
