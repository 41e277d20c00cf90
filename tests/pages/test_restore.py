# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/restore.md and docs/upgrade.md, followed from the first line to the last."""
import json

import pytest

from debian_hospital import SEKISHO, DebianHospital
from pages import Page, the_first_share
from reader import Reader

COPY = "/var/backups/sekisho-2026-11-29"


@pytest.fixture(scope="module")
def hospital(machine):
    """One that has a copy of its data, made with the command of the page about that."""
    machine.add_account("staff")
    hospital = DebianHospital(machine)
    hospital.configure({**SEKISHO, "AuditAnchorDirectory": "/var/lib/sekisho-anchor"})
    machine.run("root", "install -d -m 0700 -o orthanc -g orthanc /var/lib/sekisho "
                        "/var/lib/sekisho-anchor")
    hospital.restart()
    assert hospital.status()["Problems"] == []
    Reader(machine).follow(the_first_share())
    return hospital


def test_restoring(hospital):
    def the_last_copy():
        hospital.machine.run("root", f"systemctl stop orthanc; sekisho-audit backup "
                                     f"--data /var/lib/sekisho --to {COPY}")
        hospital.machine.run("root", "rm /var/lib/sekisho/audit.db*")

    reader = Reader(hospital.machine, scenes=[(r"^ls -l /var/lib/sekisho", the_last_copy)])
    reader.follow(Page("docs/restore.md").steps())
    assert reader.unmet() == []
    status = json.loads(reader.output_of(r"^ask .*status"))
    assert status["Problems"] == [] and status["Log"]["Anchored"]


def test_upgrading(hospital):
    reader = Reader(hospital.machine, untyped=[
        (r"^apt-get install", "tests/package/ installs both packages over those of before")])
    reader.follow(Page("docs/upgrade.md").steps())
    assert reader.unmet() == []
    assert json.loads(reader.output_of(r"^ask .*status"))["Problems"] == []
