# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Orthanc with Sekisho on the machine for pages, set up without any page."""
import json

from machine import wait_until

STATUS = "curl -sS -u staff:password http://127.0.0.1:8042/sekisho/api/status"
SEKISHO = {
    "DataDirectory": "/var/lib/sekisho",
    "PublicUrl": "https://share.hospital.example:8443",
    "Gateway": {"Address": "10.20.0.1", "Port": 8443, "Certificate": "/etc/sekisho/gateway.pem",
                "PrivateKey": "/etc/sekisho/gateway.key"},
}
DROP_INS = "/etc/systemd/system/orthanc.service.d"
CERTIFICATE = """install -d -m 0750 -o root -g orthanc /etc/sekisho
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj /CN=gateway \
    -addext subjectAltName=DNS:share.hospital.example -keyout /etc/sekisho/gateway.key \
    -out /etc/sekisho/gateway.pem 2>/dev/null
chgrp orthanc /etc/sekisho/gateway.key
chmod 640 /etc/sekisho/gateway.key
"""


class DebianHospital:
    def __init__(self, machine):
        self.machine = machine
        machine.run("root", CERTIFICATE)
        machine.path("/etc/orthanc/staff.json").write_text(json.dumps(
            {"AuthenticationEnabled": True}), encoding="utf-8")
        machine.path("/etc/orthanc/credentials.json").write_text(json.dumps(
            {"RegisteredUsers": {"staff": "password"}}), encoding="utf-8")
        self.configure(SEKISHO)

    def configure(self, sekisho):
        self.machine.path("/etc/orthanc/sekisho.json").write_text(
            json.dumps({"Sekisho": sekisho}), encoding="utf-8")

    def make_directories(self):
        self.machine.run("root", "install -d -m 0700 -o orthanc -g orthanc /var/lib/sekisho "
                                 "/var/lib/sekisho-spool")

    def may_open_every_port(self):
        self.machine.run("root", f"mkdir -p {DROP_INS}; printf '%s\\n' '[Service]' "
                                 f"AmbientCapabilities=CAP_NET_BIND_SERVICE > {DROP_INS}/port.conf")

    def status(self):
        return json.loads(self.machine.run("root", STATUS))

    def restart(self):
        """Returns when Orthanc has started and the plugin knows how it stands."""
        self.machine.run("root", "systemctl restart orthanc")
        wait_for_start(self.machine)

    def problem_at_start(self):
        self.restart()
        assert not self.is_open()
        (problem,) = self.status()["Problems"]
        return problem.removeprefix("The recipient door is shut: ")

    def wait_for_problem(self, beginning):
        found = []

        def it_is_told():
            found[:] = [text for text in self.status()["Problems"] if text.startswith(beginning)]
            return found
        wait_until(it_is_told)
        return found[0]

    def is_open(self):
        return self.status()["Doors"]["Gateway"]["Open"]

    def log(self):
        return self.machine.run("root", "cat /var/log/orthanc/*")


def wait_for_start(machine):
    """Until the service has ended, or its plugin is past "Orthanc is starting."."""
    def it_has_started():
        shown = machine.run("root", f"systemctl is-active orthanc || echo ended; {STATUS} || true")
        return "ended" in shown or (shown.startswith("{") and "is starting" not in shown)
    wait_until(it_has_started)
