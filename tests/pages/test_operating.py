# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/operating.md, followed from its first line to its last on one server."""
import json
import re
import subprocess
import time

import pytest

from debian_hospital import SEKISHO, DebianHospital
from machine import wait_until
from pages import REPOSITORY, Page
from reader import Reader, carry

SAMPLE = REPOSITORY / "build/testdata/small"
WITNESS_CERTIFICATE = """install -d -m 0755 /etc/witness
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -subj /CN=witness \
    -addext subjectAltName=DNS:witness.clinic.example -keyout /etc/witness/key.pem \
    -out /etc/witness/chain.pem 2>/dev/null
chown witness /etc/witness/key.pem
install -d -m 0700 -o witness /var/lib/sekisho-witness
cp /etc/witness/chain.pem /usr/local/share/ca-certificates/witness.crt
update-ca-certificates >/dev/null 2>&1
"""
DAY = 24 * 3600
NOT_TYPED = {  # commands in lines of the page, and why not
    r"\./dev package|apt-get (remove|purge)|dpkg (-i|--configure)": "tests/package/ does",
    r"sqlite3 …": "the page says not to",
}
ELSEWHERE = "tests/package/ makes, installs, upgrades, removes and purges the packages"


def in_days(days):
    return time.strftime("%Y-%m-%dT15:00:00Z", time.gmtime(time.time() + days * DAY))



@pytest.fixture(scope="module")
def followed(machine):
    """The page's reader at its end."""
    for account in ("staff", "witness", "auditor"):
        machine.add_account(account)
    return Follower(machine).follow()


class Follower:
    """What happens around this page's reader: what the page tells in words instead of commands."""

    def __init__(self, machine):
        self.machine = machine
        self.hospital = DebianHospital(machine)
        self.page = Page("docs/operating.md")
        self.key_before_rotation = ""
        self.settings = {**SEKISHO, "PublicUrl": "https://share.hospital.example",
                         "Gateway": {**SEKISHO["Gateway"], "Port": 443}}
        machine.run("root", "rm /etc/orthanc/sekisho.json")  # the page brings it
        self.reader = Reader(machine, values=[
            (r"20\d\d-\d\d-\d\dT15:00:00Z", in_days(60)),
            (r"1\.2\.392\.…", lambda: json.loads(
                (SAMPLE / "manifest.json").read_text(encoding="utf-8"))["Study"]),
            (r"share\.hospital\.example/sekisho\+…", self._log_key),
        ], scenes=[
            (r"^ORTHANC=", self._fill_the_archive),
            (r"viewer\.pem", self._enrolment),
            (r"systemctl start orthanc", self._set_anchor),
            (r"^sekisho-audit recover", self._loss),
            (r"^sekisho-witness init", self._witness_machine),
            (r"-g auditors", self._auditors),
            (r"^sekisho-audit rotate-key", self._keep_key),
        ], untyped=[
            (r"^apt-get install", ELSEWHERE),
        ], lasting="^sekisho-witness run")

    def follow(self):
        self.reader.follow(self.page.steps())
        return self

    def _configure(self, **more):
        self.settings.update(more)
        self.hospital.configure(self.settings)  # the example, with its comments gone

    def _fill_the_archive(self):
        assert self.hospital.status()["Problems"] == []
        for file in sorted(SAMPLE.glob("*.dcm")):
            subprocess.run([*self.machine.enter("curl", "-sS", "-f", "-u", "staff:password",
                                                "http://127.0.0.1:8042/instances", "--data-binary",
                                                "@-")],
                           input=file.read_bytes(), check=True, capture_output=True)

    def _enrolment(self):
        self.machine.run("root", "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                                 "-noenc -days 30 -subj /CN=viewer -keyout /tmp/viewer.key "
                                 "-out /tmp/viewer.pem 2>/dev/null")
        carry(self.machine, "/tmp/viewer.pem", "/home/staff/viewer.pem", "staff")

    def _set_anchor(self):
        self._configure(AuditAnchorDirectory="/var/lib/sekisho-anchor")

    def _loss(self):
        """An older copy of the log is put back: the anchor shuts the door."""
        log = "/var/lib/sekisho/audit.db"
        self.machine.run("root", f"systemctl stop orthanc; cp -a {log} /tmp/older.db")
        self.hospital.restart()
        self.machine.run("root", f"systemctl stop orthanc; cp -a /tmp/older.db {log}; rm -f {log}-*")
        assert "older than its anchor" in self.hospital.problem_at_start()
        self.machine.run("root", "systemctl stop orthanc")

    def _witness_machine(self):
        self.machine.run("root", WITNESS_CERTIFICATE)
        self.hospital.restart()

    def _auditors(self):
        self.machine.run("root", "getent group auditors || "
                                 "{ groupadd auditors; usermod -a -G auditors auditor; }")

    def _keep_key(self):
        self.key_before_rotation = self._log_key()

    def _log_key(self):
        return self.machine.run("root", "cat /var/lib/sekisho/audit.pub").strip()


def test_the_page_leads_to_the_end(followed):
    assert followed.reader.unmet() == []


def test_the_commands_in_its_lines_run(followed):
    typed = [command.text for command in followed.page.inline_commands()
             if not command.is_mention() and not any(re.match(pattern, command.text)
                                                     for pattern in NOT_TYPED)]
    for command in typed:
        followed.machine.run("root", command)
    assert [command.split(" --")[0] for command in typed] == [
        "ldd -r /usr/lib/orthanc/libOrthancSekisho.so", "sekisho-audit checkpoint"]


def test_its_fragments_of_configuration_are_of_settings_and_of_rsyslog(followed):
    """What is neither typed nor looked at by another test here."""
    others = [(block.language, block.lines[0]) for block in followed.page.blocks
              if block.language != "sh"]
    assert [(language, line.split("(")[0]) for language, line in others] == [
        ("", "global"), ("json", '"Witnesses": {'), ("json", '"Mail": {')]


def settings_of(page, name):
    """What the page has people write into the configuration under this name."""
    (block,) = (block for block in page.blocks
                if block.language == "json" and block.text.startswith(f'"{name}"'))
    return json.loads("{" + block.text + "}")[name]


def test_rsyslog_takes_the_receiver(followed):
    block = next(block for block in followed.page.blocks if block.language == "")
    keeps = 'action(type="omfile" file="/var/log/audit-messages")\n'  # what each site does its own way
    followed.machine.path("/tmp/receiver.conf").write_text(block.text + keeps, encoding="ascii")
    followed.machine.run("root", "install -d /etc/rsyslog; cd /etc/sekisho; "
                                 "cp gateway.pem /etc/rsyslog/server.pem; "
                                 "cp gateway.pem /etc/rsyslog/ca.pem; "
                                 "cp gateway.key /etc/rsyslog/server.key; cd")
    followed.machine.run("root", "rsyslogd -N1 -f /tmp/receiver.conf")


def test_the_settings_of_mail_are_taken(followed):
    followed.machine.run("root", "cp /etc/sekisho/gateway.pem /etc/sekisho/mail-ca.pem; "
                                 "install -m 0600 -o orthanc /dev/null /etc/sekisho/mail-password; "
                                 "echo secret > /etc/sekisho/mail-password")
    followed.hospital.configure({**followed.settings, "Mail": settings_of(followed.page, "Mail")})
    followed.hospital.restart()
    status = followed.hospital.status()
    assert status["Mail"] == {"Waiting": 0, "GivenUp": 0, "Trouble": ""}, status["Mail"]
    assert not [problem for problem in status["Problems"] if "mail" in problem.lower()]


def test_the_witness_that_the_page_sets_up_cosigns_by_the_settings_of_the_page(followed):
    witnesses = settings_of(followed.page, "Witnesses")
    here, other = witnesses["Members"]
    here["Key"] = followed.reader.output_of("^sekisho-witness init").strip()
    other["Key"] = followed.machine.run("witness", "sekisho-witness init --state other --name "
                                        + other["Key"].partition("+")[0]).strip()
    run = next(text for text, _ in followed.reader.printed if text.startswith("sekisho-witness run"))
    followed.machine.run("witness", "kill $!; wait $! || true")
    # The key was rotated since: the log is there twice for the time being.
    followed.machine.run("witness", f"{followed.reader.filled(run)} "
                                    f"--log '{followed.key_before_rotation}' &")
    followed.hospital.configure({**followed.settings, "Witnesses": witnesses})
    followed.hospital.restart()

    def it_has_cosigned():
        members = followed.hospital.status()["Witnesses"]["Members"]
        return members[0].get("CosignedAt")
    wait_until(it_has_cosigned)
    problems = " ".join(followed.hospital.status()["Problems"])
    assert '/etc/sekisho/other-ca.pem ("Sekisho.Witnesses.Members[1].CaFile")' in problems


def test_the_log_that_the_page_leaves_is_sound(followed):
    verdict = followed.machine.run("root", "sekisho-audit verify --data /var/lib/sekisho")
    assert verdict.startswith("sound")
