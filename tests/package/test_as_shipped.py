# SPDX-License-Identifier: GPL-3.0-or-later
"""The main path through installed packages: Debian's Orthanc, its user, its configuration."""
import os
import stat

import pytest

from installed import user_of
from samples import STUDY_UID, read, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def fetched(clinic, share):
    root = share["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    return clinic.get(f"{root}/studies/{study}", Accept=DICOM)


def test_the_door_is_open_on_port_443_and_nothing_is_wrong(hospital):
    assert hospital.staff.status()["Problems"] == []
    assert hospital.visitor().get("/dicom-web/studies").status in (401, 404)


def test_a_clinic_gets_the_study_masked(hospital, small):
    clinic = hospital.clinic()
    answer = fetched(clinic, hospital.share(clinic, small))
    parts = [read(part) for part in answer.parts()]
    assert len(parts) == len(small.files())
    assert {part.PatientID for part in parts} != {small.patient}
    assert small.survivors(answer.body) == []


def test_a_revoked_share_is_not_there(hospital, small):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small)
    target = f"{share['DicomWebRoot']}/studies"
    assert clinic.get(target).status == 200
    hospital.staff.revoke(share["ID"])
    assert clinic.get(target).status == 404


@pytest.mark.parametrize("form, begin", [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-")])
def test_the_installed_command_reports_who_saw_what(hospital, small, form, begin):
    clinic = hospital.clinic(name="Dr. Lindqvist")
    hospital.outcome_of(fetched(clinic, hospital.share(clinic, small)).receipt.number)
    file = hospital.root.path(f"/tmp/report.{form}")
    hospital.audit("report", "--data", hospital.data, "--patient", small.patient, "--lang", "ja",
                   "--format", form, "--to", file, check=True)
    assert file.read_bytes().startswith(begin)


def test_what_is_kept_is_for_orthancs_user_alone(hospital):
    owner, _ = user_of(hospital.root, "orthanc")
    kept = [hospital.data, *hospital.data.rglob("*")]
    assert len(kept) > 5
    for path in kept:
        facts = os.lstat(path)
        assert facts.st_uid == owner, path
        expected = 0o700 if stat.S_ISDIR(facts.st_mode) else 0o600
        assert stat.S_IMODE(facts.st_mode) == expected, path
