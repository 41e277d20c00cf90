# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit record repository: rsyslog over TLS, as a plain process with its own configuration."""
import base64
import pathlib
import re
import xml.etree.ElementTree as ElementTree

from launch import free_port
from listening_process import ListeningProcess

_CONFIGURATION = """
global(workDirectory="{directory}" maxMessageSize="64k"
       defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="{authorities}"
       defaultNetstreamDriverCertFile="{certificate}" defaultNetstreamDriverKeyFile="{key}")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
       streamDriver.authMode="x509/certvalid")
template(name="received" type="string" string="%msgid% %pri% %hostname% %msg%\\n")
input(type="imtcp" address="127.0.0.1" port="{port}")
action(type="omfile" file="{received}" template="received")
"""


class AuditRepository:
    """rsyslog on a free loopback port, which takes messages of who has a certificate of `authority`."""

    def __init__(self, directory, authority, name="repository"):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.received = self.directory / "received"
        certificate, key = authority.issue(name, "serverAuth", ("localhost", "127.0.0.1"))
        self._configuration = self.directory / "rsyslog.conf"
        self._configuration.write_text(_CONFIGURATION.format(
            directory=self.directory, authorities=authority.certificate, certificate=certificate,
            key=key, port=self.port, received=self.received), encoding="utf-8")
        self._process = ListeningProcess(
            ["/usr/sbin/rsyslogd", "-n", "-f", self._configuration,
             "-i", self.directory / "rsyslog.pid"], self.port, self.directory / "rsyslog.log")

    def start(self):
        self._process.start()
        return self

    def close(self, kill=False):
        self._process.close(kill)

    def log(self):
        return self._process.log()

    def messages(self):
        """Every message received so far, oldest first."""
        if not self.received.exists():
            return []
        whole, _, _ = self.received.read_text(encoding="utf-8").rpartition("\n")  # more is on its way
        return [Message(line) for line in whole.split("\n") if "<AuditMessage" in line]


class Message:
    """One line of what was received."""

    def __init__(self, line):
        self.header, begin, rest = line.partition("<AuditMessage")
        self.xml = begin + rest
        self.root = ElementTree.fromstring(self.xml)

    def code(self):
        return self.root.find("EventIdentification/EventID").get("csd-code")

    def seq(self):
        """The place in the log; None for a checkpoint."""
        found = [re.search(r"#(\d+)$", item.get("ParticipantObjectID"))
                 for item in self.root.findall("ParticipantObjectIdentification")]
        return next((int(match.group(1)) for match in found if match), None)

    def detail(self, name):
        for item in self.root.iter("ParticipantObjectDetail"):
            if item.get("type") == name:
                return base64.b64decode(item.get("value")).decode("utf-8")
        return None
