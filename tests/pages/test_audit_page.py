# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/audit.md and docs/formats/audit.md: every command, run on the log of a real hospital.

What needs no secret an auditor runs, who has a copy of the log and its verifier key. What needs
keys the service's user runs, as the page says.
"""
import json
import re
import subprocess

import pytest

from debian_hospital import SEKISHO, DebianHospital
from pages import REPOSITORY, Command, Page, the_first_share
from reader import Reader, carry

SAMPLE = REPOSITORY / "build/testdata/small"
DATA = "/var/lib/sekisho"
# In lines of the pages and not run: an hour of ./dev, and what the page says not to do.
NOT_TYPED = re.compile(r"^\./dev soak$|^sqlite3 audit\.db \"\.backup …\"$")
NEEDS_KEYS = re.compile(r"^sekisho-audit (history|export|report --data)")
ROOT = "https://share.hospital.example:8443/dicom-web"


def named_by(page):
    """Each command in the page's lines, with the account that the page means."""
    return [Command(command.page, command.line, command.text,
                    "orthanc" if NEEDS_KEYS.match(command.text) else "auditor")
            for command in page.inline_commands()
            if not command.is_mention() and not NOT_TYPED.match(command.text)]


@pytest.fixture(scope="module")
def hospital(machine):
    """A study was shared, and fetched by a clinic. The auditor has what the page asks for."""
    for account in ("staff", "auditor"):
        machine.add_account(account)
    hospital = DebianHospital(machine)
    hospital.configure(SEKISHO)
    hospital.make_directories()
    hospital.restart()
    for file in sorted(SAMPLE.glob("*.dcm")):
        subprocess.run(machine.enter("curl", "-sS", "-f", "-u", "staff:password", "--data-binary",
                                     "@-", "http://127.0.0.1:8042/instances"),
                       input=file.read_bytes(), check=True, capture_output=True)
    Reader(machine).follow(the_first_share())
    manifest = json.loads((SAMPLE / "manifest.json").read_text(encoding="utf-8"))
    study, hospital.patient = manifest["Study"], manifest["Patient"]
    token = json.loads(machine.run(
        "staff", "ask $ORTHANC/recipients/$RECIPIENT/tokens -d '{\"Name\": \"viewer\", "
                 "\"ExpiresAt\": \"'$(date -u -d '+9 days' +%FT%TZ)'\"}'"))["Token"]
    machine.run("staff", "ask $ORTHANC/shares -d '{\"Recipient\": \"'$RECIPIENT'\", \"Scope\": "
                         f"{{\"Level\": \"Study\", \"Uids\": [\"{study}\"]}}}}'")
    machine.run("root", f"curl -sS -f -k -H 'Authorization: Bearer {token}' {ROOT}/studies")
    return hospital


class Auditor:
    """Has a directory `log` with a copy of audit.db, and the verifier key from when it was made."""

    def __init__(self, hospital):
        self.machine, self.patient = hospital.machine, hospital.patient
        self.key = self.machine.run("root", f"cat {DATA}/audit.pub").strip()
        self.machine.run("root", f"sekisho-audit checkpoint --data {DATA} > /home/auditor/old")
        self.machine.run("root", "systemctl stop orthanc")
        hospital.restart()  # so that the log has grown since
        self.machine.run("root", "rm -rf /tmp/copy; install -d -o auditor /home/auditor/log; "
                                 f"sekisho-audit backup --data {DATA} --to /tmp/copy")
        for file in ("audit.db", "audit.pub"):
            carry(self.machine, f"/tmp/copy/{file}", f"/home/auditor/log/{file}", "auditor")
        self.machine.path("/home/auditor/log/check_log.py").write_bytes(
            (REPOSITORY / "docs/formats/check_log.py").read_bytes())

    def follow(self, commands, *values, scenes=()):
        reader = Reader(self.machine, values=[*values], scenes=scenes)
        reader.follow(commands)
        assert reader.unmet() == []
        return reader


@pytest.fixture(scope="module")
def auditor(hospital):
    return Auditor(hospital)


def in_place_of_letters(commands):
    """DIR is where whoever runs the command finds the log."""
    for command in commands:
        command.text = re.sub(r"--data DIR", f"--data {DATA}" if command.account == "orthanc"
                              else "--data log", command.text)
    return commands


def test_an_auditor_answers_every_question_of_the_page(auditor):
    def a_newer_checkpoint():
        size = auditor.machine.run("auditor", "sed -n 2p old").strip()
        auditor.machine.run("auditor", f"sekisho-audit prove --data log --size {size} > new")

    def the_report_is_given_away():
        carry(auditor.machine, "/var/lib/orthanc/report.pdf", "/home/auditor/report.pdf", "auditor")

    def a_receipt():
        auditor.machine.run("auditor", "sekisho-audit receipt --data log --entry 2 > receipt")

    reader = auditor.follow(
        in_place_of_letters(named_by(Page("docs/audit.md"))),
        (r"\bLINE\b", f"'{auditor.key}'"), (r"\bOLD NEW\b", "old new"), (r"\bSIZE\b", "2"),
        (r"\bID\b", auditor.patient), (r"\bSEQ\b", "2"), (r"(?<=--to )DIR\b", "tiles"),
        (r"(?<=--to )FILE\b", "report.pdf"), (r"(?<=^sekisho-audit report --check )FILE", "report.pdf"),
        (r"(?<=^sekisho-audit receipt --check )FILE", "receipt"),
        scenes=[(r"^sekisho-audit consistency", a_newer_checkpoint),
                (r"^sekisho-audit report --check", the_report_is_given_away),
                (r"^sekisho-audit receipt --check", a_receipt)])
    assert reader.output_of("^sekisho-audit verify").startswith("sound")
    assert ",recipient.create," in reader.output_of("^sekisho-audit export")
    assert "\tquery\t" in reader.output_of("^sekisho-audit history")


def test_the_formats_are_checked_by_hand_as_the_page_says(auditor):
    auditor.machine.run("auditor", "cd ~/log")
    auditor.machine.run("orthanc", f"cd {DATA}")
    reader = auditor.follow(Page("docs/formats/audit.md").steps(), (r"\bP1001\b", auditor.patient))
    assert "Signature Verified Successfully" in reader.output_of("^openssl pkeyutl")
    entries = [json.loads(line) for line in reader.output_of("SELECT json_patch").splitlines()]
    assert "query" in {entry["event"] for entry in entries}


def test_the_commands_that_the_formats_name_run(auditor):
    auditor.machine.run("auditor", "cd")
    auditor.machine.run("orthanc", "cd")
    auditor.follow(in_place_of_letters(named_by(Page("docs/formats/audit.md"))),
                   (r"\bSEQ\b", "2"), (r"\bSIZE\b", "2"))


@pytest.mark.parametrize("name", ["docs/audit.md", "docs/formats/audit.md", "docs/operating.md",
                                  "docs/restore.md", "docs/upgrade.md", "docs/certificates.md"])
def test_what_a_page_mentions_exists(machine, name):
    """A command that is named alone, with the options that stand beside it."""
    for mention in Page(name).inline_commands():
        program, *words = mention.text.split()
        if program not in ("sekisho-audit", "sekisho-witness"):
            continue
        command = [word for word in words[:1] if word.islower() and not word.startswith("-")]
        help_text = machine.run("root", " ".join([program, *command, "--help"]))
        for option in (word for word in words if word.startswith("--")):
            assert option in help_text, f"{mention!r}: {mention.text}"
