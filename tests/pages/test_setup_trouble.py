# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble at the start names place, setting, reason and remedy; and the remedy works as it stands.

Orthanc runs as the user of Debian's package, who may not do what root may.
"""
import json
import re

import pytest

from debian_hospital import DROP_INS, SEKISHO, DebianHospital

AS_ROOT = re.compile(r"As root: (.+?)\.(?= [A-Z]|$)")


@pytest.fixture
def hospital(machine):
    """A server without anything of Sekisho's but a certificate and a configuration."""
    machine.run("root", "rm -rf /etc/sekisho /var/lib/sekisho /var/lib/sekisho-anchor /var/lib/sekisho-spool "
                        f"{DROP_INS} /usr/lib/systemd/system/orthanc.service.d")
    hospital = DebianHospital(machine)
    yield hospital
    machine.run("root", "systemctl stop orthanc")


def do_what_it_says(hospital, problem):
    hospital.machine.run("root", AS_ROOT.search(problem)[1])


def test_a_data_directory_that_orthanc_may_not_make(hospital):
    problem = hospital.problem_at_start()
    assert '/var/lib/sekisho ("Sekisho.DataDirectory"): Permission denied' in problem
    assert problem in hospital.log()
    do_what_it_says(hospital, problem)
    hospital.restart()
    assert hospital.is_open()


def test_a_data_directory_of_somebody_else(hospital):
    hospital.machine.run("root", "install -d -m 0700 /var/lib/sekisho")
    problem = hospital.problem_at_start()
    assert '/var/lib/sekisho ("Sekisho.DataDirectory"): Permission denied' in problem
    do_what_it_says(hospital, problem)
    hospital.restart()
    assert hospital.is_open()


def test_files_that_maintenance_left_as_root(hospital):
    hospital.make_directories()
    hospital.restart()
    assert hospital.is_open()
    hospital.machine.run("root", "systemctl stop orthanc; chown root /var/lib/sekisho/audit.key")
    problem = hospital.problem_at_start()
    assert "may not read and write audit.key" in problem
    do_what_it_says(hospital, problem)
    hospital.restart()
    assert hospital.is_open()


def test_an_anchor_directory_that_is_missing(hospital):
    hospital.make_directories()
    hospital.configure({**SEKISHO, "AuditAnchorDirectory": "/var/lib/sekisho-anchor"})
    problem = hospital.problem_at_start()
    assert '/var/lib/sekisho-anchor ("Sekisho.AuditAnchorDirectory")' in problem
    do_what_it_says(hospital, problem)
    hospital.restart()
    assert hospital.is_open()


def test_a_port_that_orthanc_may_not_open(hospital):
    hospital.make_directories()
    hospital.configure({**SEKISHO, "Gateway": {**SEKISHO["Gateway"], "Port": 443}})
    problem = hospital.problem_at_start()
    assert '10.20.0.1 port 443 ("Sekisho.Gateway"): Permission denied' in problem
    assert "CAP_NET_BIND_SERVICE" in problem
    hospital.may_open_every_port()
    hospital.restart()
    assert hospital.is_open()


def test_an_address_that_no_interface_has(hospital):
    hospital.make_directories()
    hospital.configure({**SEKISHO, "Gateway": {**SEKISHO["Gateway"], "Address": "10.99.0.1"}})
    problem = hospital.problem_at_start()
    assert '10.99.0.1 port 8443 ("Sekisho.Gateway")' in problem
    assert "bring the VPN up" in problem


@pytest.mark.parametrize("file, setting", [("gateway.pem", "Certificate"),
                                           ("gateway.key", "PrivateKey")])
def test_a_certificate_or_key_that_orthanc_may_not_read(hospital, file, setting):
    hospital.make_directories()
    hospital.machine.run("root", f"chown root:root /etc/sekisho/{file}; chmod 600 /etc/sekisho/{file}")
    problem = hospital.problem_at_start()
    assert f'/etc/sekisho/{file} ("Sekisho.Gateway.{setting}"): Permission denied' in problem
    do_what_it_says(hospital, problem)
    hospital.restart()
    assert hospital.is_open()


@pytest.mark.parametrize("owner, mode", [("orthanc", "0644"), ("orthanc", "0640"), ("root", "0644")])
def test_a_private_key_that_others_can_read(hospital, owner, mode):
    hospital.make_directories()
    hospital.machine.run("root", f"chown {owner} /etc/sekisho/gateway.key; "
                                 f"chmod {mode} /etc/sekisho/gateway.key")
    problem = hospital.problem_at_start()
    assert '/etc/sekisho/gateway.key ("Sekisho.Gateway.PrivateKey")' in problem
    assert f"its mode is {mode}" in problem
    if owner == "root":
        do_what_it_says(hospital, problem)
    else:
        hospital.machine.run("root", re.search(r"Run (.+?)\. ", problem)[1])
    hospital.restart()
    assert hospital.is_open()


def test_the_files_of_the_audit_record_repository(hospital):
    hospital.make_directories()
    repository = {"Host": "audit.hospital.example", "CaFile": "/etc/sekisho/audit-ca.pem",
                  "CertificateFile": "/etc/sekisho/gateway.pem",
                  "KeyFile": "/etc/sekisho/gateway.key", "Identifiers": "hashed"}
    hospital.configure({**SEKISHO, "AuditRepository": repository})
    hospital.restart()
    problem = hospital.wait_for_problem("Audit repository")
    assert '/etc/sekisho/audit-ca.pem ("Sekisho.AuditRepository.CaFile"): No such file' in problem


def test_nothing_of_it_stops_orthanc(hospital):
    hospital.problem_at_start()
    system = json.loads(hospital.machine.run(
        "root", "curl -sS -u staff:password http://127.0.0.1:8042/system"))
    assert system["Name"] == "Orthanc"
