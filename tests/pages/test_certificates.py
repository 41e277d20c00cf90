# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/certificates.md, followed from its first line to its last."""
import json

import pytest

from debian_hospital import SEKISHO, DebianHospital
from pages import Page, the_first_share
from reader import Reader, carry


@pytest.fixture(scope="module")
def reader(machine):
    """At the end of the page. Files go from machine to machine as the page's words say."""
    for account in ("staff", "authority", "clinic"):
        machine.add_account(account)
    hospital = DebianHospital(machine)
    hospital.configure({**SEKISHO, "PublicUrl": "https://share.hospital.example",
                        "Gateway": {**SEKISHO["Gateway"], "Port": 443}})
    machine.run("root", "rm -r /etc/sekisho")

    def to_authority():
        carry(machine, "/etc/sekisho/gateway.csr", "/home/authority/gateway.csr", "authority")

    def from_authority():
        for file in ("server.pem", "ca.pem"):
            carry(machine, f"/home/authority/{file}", f"/root/{file}", "root")
        carry(machine, "/home/authority/ca.pem", "/home/clinic/ca.pem", "clinic")

    def staff_begins():
        carry(machine, "/home/clinic/viewer.pem", "/home/staff/viewer.pem", "staff")
        Reader(machine).follow(the_first_share())

    reader = Reader(machine, scenes=[
        (r"^openssl x509 -req -in gateway\.csr", to_authority),
        (r"^cat server\.pem ca\.pem", from_authority),
        (r"-subject -enddate -fingerprint", staff_begins),
    ])
    reader.follow(Page("docs/certificates.md").steps())
    return reader


def test_the_page_leads_to_the_end(reader):
    assert reader.unmet() == []


def test_the_door_shows_the_certificate_that_was_made(reader):
    assert "Verify return code: 0 (ok)" in reader.output_of("^openssl s_client")


def test_both_read_the_same_fingerprint(reader):
    first, second = (out.splitlines()[-1] for text, out in reader.printed if "-fingerprint" in text)
    assert first == second and first.startswith("sha256 Fingerprint=")
    enrolled = json.loads(reader.output_of("^ask .*certificates"))
    assert enrolled["Sha256"] == first.partition("=")[2].replace(":", "").lower()


def test_the_machine_is_known_by_its_certificate(reader):
    assert json.loads(reader.output_of(r"^curl .*/dicom-web/studies")) == []
